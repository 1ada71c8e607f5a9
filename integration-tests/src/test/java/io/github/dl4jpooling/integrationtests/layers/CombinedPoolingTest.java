// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.AdaptiveAvgPooling;
import io.github.dl4jpooling.layers.conf.AdaptiveMaxPooling;
import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.CombinedPoolingLayer;
import io.github.dl4jpooling.layers.conf.FusionPooling;
import io.github.dl4jpooling.layers.conf.GemPooling;
import io.github.dl4jpooling.layers.conf.HierarchicalDynamicPooling;
import io.github.dl4jpooling.layers.conf.HierarchicalPooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.MultiScalePooling;
import io.github.dl4jpooling.layers.conf.PnormPooling;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.layers.conf.StochasticPooling;
import io.github.dl4jpooling.ops.FusionPool.Merge;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers made of several poolings in networks: sequences, images and volumes, stored and restored, masked. */
class CombinedPoolingTest {

    private static final int CHANNELS = 3;
    private static final int BATCH = 3;

    /** One of each layer for sequences, two for images, one for volumes with everything that can be set. */
    private static List<CombinedPoolingLayer> layers() {
        return List.of(
                new FusionPooling.Builder()
                        .branch(new SoftPooling.Builder(3).stride(2).padding(1).build())
                        .branch(new PnormPooling.Builder(5).p(3).stride(2).padding(2).build())
                        .merge(Merge.AVG)
                        .build(),
                new MultiScalePooling.Builder()
                        .scale(new SoftPooling.Builder(2).stride(2).build())
                        .scale(new AveragePooling.Builder(4).stride(4).build())
                        .outputSize(3)
                        .build(),
                new HierarchicalPooling.Builder()
                        .stage(new AveragePooling.Builder(3).stride(1).build())
                        .stage(new SoftPooling.Builder(2).stride(2).build())
                        .build(),
                HierarchicalPooling.swem(3).build(),
                new HierarchicalDynamicPooling.Builder()
                        .stageWithDifferences(new SoftPooling.Builder(2).stride(2).build(),
                                new AveragePooling.Builder(2).stride(2).build())
                        .build(),
                new FusionPooling.Builder()
                        .branch(new SoftPooling.Builder(2, 2).build())
                        .branch(new HierarchicalPooling.Builder()
                                .stage(new AveragePooling.Builder(3, 3).stride(1, 1)
                                        .convolutionMode(ConvolutionMode.Same).build())
                                .stage(new SoftPooling.Builder(2, 2).build())
                                .build())
                        .build(),
                new HierarchicalDynamicPooling.Builder()
                        .stage(new SoftPooling.Builder(2, 2).build(), new AveragePooling.Builder(2, 2).build(),
                                new PnormPooling.Builder(2, 2).build())
                        .stage(new AdaptiveAvgPooling.Builder(1, 1).build(),
                                new SoftPooling.Builder(4, 4).build())
                        .hiddenUnits(4)
                        .build(),
                new HierarchicalDynamicPooling.Builder()
                        .stageWithDifferences(new SoftPooling.Builder(2, 2, 2).build(),
                                new AveragePooling.Builder(2, 2, 2).build())
                        .hiddenUnits(2)
                        .build());
    }

    private static Layer first(CombinedPoolingLayer pooling, CNN2DFormat format) {
        switch (pooling.dimensions()) {
            case 1:
                return new Convolution1DLayer.Builder(1).nOut(CHANNELS).build();
            case 2:
                return new ConvolutionLayer.Builder(1, 1).nOut(CHANNELS).dataFormat(format).build();
            default:
                return new Convolution3D.Builder(1, 1, 1).nOut(CHANNELS)
                        .dataFormat(Convolution3D.DataFormat.NCDHW).build();
        }
    }

    private static InputType inputType(int dimensions, CNN2DFormat format) {
        switch (dimensions) {
            case 1:
                return InputType.recurrent(CHANNELS, 9);
            case 2:
                return InputType.convolutional(8, 8, CHANNELS, format);
            default:
                return InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, CHANNELS);
        }
    }

    private static INDArray input(int dimensions, DataType type) {
        long[][] shapes = {{BATCH, CHANNELS, 9}, {BATCH, CHANNELS, 8, 8}, {BATCH, CHANNELS, 4, 4, 4}};
        Nd4j.getRandom().setSeed(5);
        return Nd4j.randn(DataType.DOUBLE, shapes[dimensions - 1]).castTo(type);
    }

    /** A convolution, the pooling, its mean where it is a sequence, output. */
    private static MultiLayerNetwork network(
            CombinedPoolingLayer pooling, IUpdater updater, DataType type, CNN2DFormat format) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(updater)
                .activation(Activation.TANH)
                .list()
                .layer(first(pooling, format))
                .layer(pooling.clone());
        if (pooling.dimensions() == 1) {
            list.layer(new GlobalPoolingLayer(PoolingType.AVG));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(inputType(pooling.dimensions(), format))
                .build());
        network.init();
        return network;
    }

    private static INDArray labels(DataType type) {
        INDArray labels = Nd4j.zeros(type, BATCH, 2);
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, i % 2, 1);
        }
        return labels;
    }

    private static Stream<DynamicTest> forEachLayer(Consumer<CombinedPoolingLayer> check) {
        return layers().stream().map(layer -> DynamicTest.dynamicTest(
                layer.getClass().getSimpleName() + " " + layer.dimensions(), () -> check.accept(layer)));
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return forEachLayer(layer -> Doubles.byDefault(() -> {
            MultiLayerNetwork network = network(layer, new NoOp(), DataType.DOUBLE, CNN2DFormat.NCHW);
            Nd4j.getRandom().setSeed(2);
            network.params().addi(Nd4j.randn(DataType.DOUBLE, network.params().shape()).muli(0.3));
            GradientCheckUtil.MLNConfig check = new GradientCheckUtil.MLNConfig()
                    .net(network)
                    .input(input(layer.dimensions(), DataType.DOUBLE))
                    .labels(labels(DataType.DOUBLE))
                    .subset(true)
                    .maxPerParam(8);
            assertThat(GradientCheckUtil.checkGradients(check)).isTrue();
            if (layer.dimensions() == 1 && !(layer instanceof HierarchicalDynamicPooling)
                    && !(layer instanceof MultiScalePooling)) { // which take no masks, here
                INDArray mask = Nd4j.ones(DataType.DOUBLE, BATCH, 9);
                mask.putScalar(0, 8, 0);
                mask.putScalar(1, 2, 0);
                mask.putScalar(1, 7, 0);
                assertThat(GradientCheckUtil.checkGradients(check.inputMask(mask))).isTrue();
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> storedAndRestored() {
        return forEachLayer(layer -> {
            NeuralNetConfiguration conf = new NeuralNetConfiguration.Builder().layer(layer).build();
            for (Object read : new Object[] {
                NeuralNetConfiguration.fromJson(conf.toJson()).getLayer(),
                NeuralNetConfiguration.fromYaml(conf.toYaml()).getLayer(), layer.clone()}) {
                assertThat(read).isEqualTo(layer).isNotSameAs(layer).hasToString(layer.toString());
                assertThat(((CombinedPoolingLayer) read).op(true)).hasToString(layer.op(true).toString());
            }
            MultiLayerNetwork network = network(layer, new Sgd(0.1), DataType.FLOAT, CNN2DFormat.NCHW);
            INDArray x = input(layer.dimensions(), DataType.FLOAT);
            network.fit(x, labels(DataType.FLOAT));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                ModelSerializer.writeModel(network, bytes, true);
                Comparison.assertSameBits("output", ModelSerializer.restoreMultiLayerNetwork(
                        new ByteArrayInputStream(bytes.toByteArray()), true).output(x), network.output(x));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            assertThat(network.output(x).isNaN().any()).isFalse();
        });
    }

    /** Parts are copies, and what they are made of is not shared. */
    @Test
    void clonesShareNothing() {
        FusionPooling layer = (FusionPooling) layers().get(0);
        FusionPooling clone = layer.clone();
        ((SoftPooling) clone.getParts().get(0)).getKernelSize()[0] = 77;
        assertThat(layer.toString()).doesNotContain("77");
        assertThat(clone).isNotEqualTo(layer);
    }

    /** The order of axes is that of the network, whatever that of the parts. */
    @TestFactory
    Stream<DynamicTest> channelsLast() {
        return layers().stream().filter(layer -> layer.dimensions() == 2).map(layer -> DynamicTest.dynamicTest(
                layer.getClass().getSimpleName(), () -> {
                    INDArray x = input(2, DataType.FLOAT);
                    MultiLayerNetwork first = network(layer, new NoOp(), DataType.FLOAT, CNN2DFormat.NCHW);
                    MultiLayerNetwork last = network(layer, new NoOp(), DataType.FLOAT, CNN2DFormat.NHWC);
                    last.setParams(first.params());
                    INDArray expected = first.feedForward(x).get(2);
                    INDArray y = last.feedForward(x.permute(0, 2, 3, 1).dup('c')).get(2);
                    assertThat(y.permute(0, 3, 1, 2).dup('c').distance2(expected)).isLessThan(1e-5);
                }));
    }

    private static MultiLayerNetwork pooling(CombinedPoolingLayer layer, RNNFormat format) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(layer)
                .layer(new GlobalPoolingLayer(PoolingType.MAX))
                .layer(new OutputLayer.Builder(LossFunction.MSE).nOut(1).activation(Activation.IDENTITY).build())
                .setInputType(InputType.recurrent(1, format))
                .build());
        network.init();
        return network;
    }

    /** What masked steps hold changes nothing, and shorter sequences are what they would be alone. */
    @Test
    void maskedStepsDoNotReachSwem() {
        INDArray x =
                Nd4j.createFromArray(new float[][][] {{{3, 9, 1, 4, 90}}, {{-5, 70, -7, 80, 60}}, {{1, 2, 3, 4, 5}}});
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1, 1, 0}, {1, 0, 1, 0, 0}, {0, 0, 0, 0, 0}});
        for (RNNFormat format : RNNFormat.values()) {
            MultiLayerNetwork network = pooling(HierarchicalPooling.swem(3).build(), format);
            network.setLayerMaskArrays(mask, null);
            INDArray ordered = format == RNNFormat.NCW ? x : x.permute(0, 2, 1).dup('c');
            INDArray y = network.feedForward(ordered).get(1);
            assertThat(y.reshape(3).toFloatVector()).containsExactly(14f / 3, -6, 0);
            network.clearLayerMaskArrays();
            INDArray unmasked = network.feedForward(ordered).get(1);
            assertThat(unmasked.getDouble(0)).isCloseTo(95.0 / 3, offset(1e-5));
        }
    }

    /** Outputs whose windows hold no step that counts are 0, as for layers with windows. */
    @Test
    void masksOfSequences() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 1, 6);
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1, 0, 0, 0}});
        List<CombinedPoolingLayer> layers = List.of(
                new FusionPooling.Builder()
                        .branch(new MaxPooling.Builder(2).stride(2).build())
                        .branch(new AveragePooling.Builder(2).stride(2).build())
                        .build(),
                new MultiScalePooling.Builder()
                        .scale(new MaxPooling.Builder(2).stride(2).build())
                        .scale(new AveragePooling.Builder(3).stride(3).build())
                        .build(),
                new HierarchicalPooling.Builder()
                        .stage(new MaxPooling.Builder(1).stride(1).build())
                        .stage(new AveragePooling.Builder(2).stride(2).build())
                        .build());
        for (CombinedPoolingLayer layer : layers) {
            MultiLayerNetwork network = pooling(layer, RNNFormat.NCW);
            network.setLayerMaskArrays(mask, null);
            INDArray y = network.feedForward(x).get(1);
            for (int c = 0; c < y.size(1); c++) {
                assertThat(y.slice(0).slice(c).toFloatVector()).containsExactly(1, 1, 0);
            }
        }
    }

    @Test
    void sizesOfOutputs() {
        assertThat(new FusionPooling.Builder().build().getOutputType(0, InputType.convolutional(8, 6, 5)))
                .isEqualTo(InputType.convolutional(4, 3, 10));
        assertThat(new FusionPooling.Builder()
                .branch(new MaxPooling.Builder(3).build())
                .branch(new AveragePooling.Builder(3).build())
                .build().getOutputType(0, InputType.recurrent(4))).isEqualTo(InputType.recurrent(8));
        assertThat(HierarchicalPooling.swem(3).build().getOutputType(0, InputType.recurrent(4, 9)))
                .isEqualTo(InputType.recurrent(4, 1));
    }

    @Test
    void errors() {
        FusionPooling.Builder mixed = new FusionPooling.Builder()
                .branch(new MaxPooling.Builder(3).build()).branch(new MaxPooling.Builder(3, 3).build());
        assertRejected(mixed::build, "1 dimensions");
        FusionPooling.Builder learning = new FusionPooling.Builder().branch(new GemPooling.Builder(2, 2).build());
        assertRejected(learning::build, "branch 0 must have no inputs", "GemPool");
        FusionPooling.Builder random = new FusionPooling.Builder().branch(new StochasticPooling.Builder(2, 2).build());
        assertRejected(random::build, "must not draw at random");
        FusionPooling unequal = new FusionPooling.Builder().branch(new MaxPooling.Builder(2, 2).build())
                .branch(new MaxPooling.Builder(2, 2).stride(1, 1).build()).name("unequal").build();
        assertRejected(() -> unequal.getOutputType(0, InputType.convolutional(8, 8, 1)), "unequal",
                "same shape", "[1, 1, 4, 4]", "[1, 1, 7, 7]");
        HierarchicalPooling large = new HierarchicalPooling.Builder().stage(new MaxPooling.Builder(2, 2).build())
                .stage(new AdaptiveMaxPooling.Builder(2, 2).build()).stage(new MaxPooling.Builder(3, 3).build())
                .build();
        assertRejected(() -> large.getOutputType(0, InputType.convolutional(8, 8, 1)), "stage 2",
                "larger than the padded map");
        HierarchicalDynamicPooling damaged = new HierarchicalDynamicPooling.Builder().build();
        damaged.setStageSizes(new int[] {3});
        assertRejected(() -> damaged.op(false), "stageSizes", "[3]");
        HierarchicalDynamicPooling.Builder negative = new HierarchicalDynamicPooling.Builder().hiddenUnits(-1);
        assertRejected(negative::build, "hiddenUnits must be from 0", "-1");
    }

    private static void assertRejected(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(DL4JInvalidConfigException.class)
                .satisfies(error -> assertThat(List.of(parts)).allMatch(error.getMessage()::contains));
    }
}
