// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.DeformableConvolutionLayer;
import io.github.dl4jpooling.ops.DeformableBlockConvolution;
import io.github.dl4jpooling.ops.DeformableConvolution;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What deformable convolution is without offsets, its independence of threads, and that it learns offsets. */
class DeformableConvolutionTest {

    private static final PoolingWindow WINDOW =
            PoolingWindow.builder(3, 3).stride(2, 1).padding(1, 1).dilation(1, 2).build();

    @Test
    void newBlockIsAConvolution() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 4, 9, 11);
        INDArray weights = Nd4j.randn(DataType.DOUBLE, 6, 4, 3, 3);
        INDArray bias = Nd4j.randn(DataType.DOUBLE, 6);
        DeformableBlockConvolution op = new DeformableBlockConvolution(
                PoolingWindow.builder(3, 3).stride(2, 1).padding(1, 1).build(), 6, 1, 2, true, true);
        INDArray y = new NDPooling().pool(op, x, Nd4j.zeros(DataType.DOUBLE, 54, 4, 3, 3),
                Nd4j.zeros(DataType.DOUBLE, 54), weights, bias);
        INDArray expected = Nd4j.exec(DynamicCustomOp.builder("conv2d")
                .addInputs(x, weights, bias)
                .addIntegerArguments(3, 3, 2, 1, 1, 1, 1, 1, 0, 0, 1)
                .build())[0];
        assertThat(y.shape()).containsExactly(2, 6, 5, 11);
        assertThat(y.distance2(expected)).isLessThan(1e-10);
    }

    @Test
    void sameBitsForEveryNumberOfThreads() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int threads = nd4j.ompGetMaxThreads();
        DeformableConvolution op = new DeformableConvolution(WINDOW, 10, 2, 1, true, true);
        INDArray x = Nd4j.randn(DataType.FLOAT, 3, 20, 23, 31);
        INDArray[] inputs = new INDArray[5];
        inputs[0] = x;
        long[][] shapes = op.furtherShapes(x.shape());
        for (int i = 0; i < shapes.length; i++) {
            inputs[i + 1] = Nd4j.randn(DataType.FLOAT, shapes[i]);
        }
        INDArray yGradient = Nd4j.randn(DataType.FLOAT, new NDPooling().pool(op, inputs).shape());
        try {
            INDArray[] expected = null;
            for (int count : new int[] {1, 2, 3, 8}) {
                nd4j.setOmpNumThreads(count);
                INDArray[] outputs = new NDPooling().outputs(op, inputs);
                INDArray[] gradients = new NDPooling().gradients(op, yGradient, outputs, inputs);
                INDArray[] results = Arrays.copyOf(gradients, gradients.length + 1);
                results[gradients.length] = outputs[0];
                expected = expected == null ? results : expected;
                for (int i = 0; i < results.length; i++) {
                    Comparison.assertSameBits(count + " threads", results[i], expected[i]);
                }
            }
        } finally {
            nd4j.setOmpNumThreads(threads);
        }
    }

    @Test
    void groupsMustDivide() {
        INDArray x = Nd4j.zeros(DataType.FLOAT, 1, 4, 5, 5);
        PoolingWindow one = PoolingWindow.builder(1, 1).build();
        INDArray offset = Nd4j.zeros(DataType.FLOAT, 1, 2, 5, 5);
        INDArray weights = Nd4j.zeros(DataType.FLOAT, 6, 1, 1, 1);
        assertThatThrownBy(() -> new NDPooling().pool(
                new DeformableConvolution(one, 6, 4, 1, false, false), x, offset, weights))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "Deformable convolution: the number of groups must divide those of channels and "
                                        + "outputs, got 4 groups, 4 channels and 6 outputs");
        assertThatThrownBy(() -> new NDPooling().pool(
                new DeformableConvolution(one, 6, 1, 3, false, false), x, offset, weights))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("the number of offset groups must divide that of channels, got 3 groups");
    }

    /** The label is the map seen 0.7 elements to the right: a window of 1x1 gets there by its offset alone. */
    @Test
    void learnsWhereToLook() {
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.randn(DataType.FLOAT, 8, 1, 10, 10);
        PoolingWindow one = PoolingWindow.builder(1, 1).build();
        INDArray offset = Nd4j.zeros(DataType.FLOAT, 8, 2, 10, 10);
        offset.tensorAlongDimension(1, 0, 2, 3).assign(0.7);
        INDArray label = new NDPooling().pool(new DeformableConvolution(one), x, offset,
                Nd4j.ones(DataType.FLOAT, 1, 1, 1, 1));
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.02))
                .list()
                .layer(new DeformableConvolutionLayer.Builder(1, 1).stride(1, 1).nOut(1).build())
                .layer(new CnnLossLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY).build())
                .setInputType(InputType.convolutional(10, 10, 1))
                .build());
        network.init();
        network.getParam("0_weights").assign(0.5);
        for (int step = 0; step < 300; step++) {
            network.fit(x, label);
        }
        INDArray learned = network.getParam("0_offsetBias");
        assertThat(learned.getDouble(0)).isCloseTo(0, within(0.05));
        assertThat(learned.getDouble(1)).isCloseTo(0.7, within(0.05));
        assertThat(network.getParam("0_weights").getDouble(0)).isCloseTo(1, within(0.05));
    }
}
