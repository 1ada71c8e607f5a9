// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.KMaxPooling;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** K-max pooling of sequences of several lengths. */
class KMaxPoolingTest {

    // Steps that are not masked: 4, and 2, one of them the smallest number of its example.
    private final INDArray x = Nd4j.createFromArray(new float[][][] {{{3, 9, 1, 4, 90}}, {{-5, 70, 80, -6, 60}}});
    private final INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1, 1, 0}, {1, 0, 0, 1, 0}});

    private final INDArray taken = Nd4j.createFromArray(new float[][] {{1, 1, 1}, {1, 1, 0}}); // mask of the output

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .list()
                .layer(new KMaxPooling.Builder(3).build())
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(1, 5))
                .build());
        network.init();
        return network;
    }

    @Test
    void maskedStepsDoNotTakePart() {
        MultiLayerNetwork network = network();
        network.setLayerMaskArrays(mask, null);
        INDArray y = network.feedForward(x).get(1);
        assertThat(y).isEqualTo(Nd4j.createFromArray(new float[][][] {{{3, 9, 4}}, {{-5, -6, 0}}}));
        assertThat(network.getLayer(0).feedForwardMaskArray(mask, MaskState.Active, 2).getFirst()).isEqualTo(taken);
    }

    @Test
    void withoutMaskAllStepsTakePart() {
        assertThat(network().feedForward(x).get(1))
                .isEqualTo(Nd4j.createFromArray(new float[][][] {{{9, 4, 90}}, {{70, 80, 60}}}));
    }

    @Test
    void gradientGoesToTheStepsTaken() {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        Layer layer = network().getLayer(0);
        layer.setInput(x, workspaces);
        layer.feedForwardMaskArray(mask, MaskState.Active, 2);
        layer.activate(true, workspaces);
        INDArray gradient = layer.backpropGradient(Nd4j.ones(DataType.FLOAT, 2, 1, 3), workspaces).getSecond();
        INDArray steps = Nd4j.createFromArray(new float[][][] {{{1, 1, 0, 1, 0}}, {{1, 0, 0, 1, 0}}});
        assertThat(gradient).isEqualTo(steps);
    }
}
