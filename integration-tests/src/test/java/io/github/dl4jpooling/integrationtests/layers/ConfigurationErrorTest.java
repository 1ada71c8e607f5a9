// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachPlainLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Settings that cannot work are found when the layer or the network is configured, with a message that says where. */
@ForEachPlainLayer
class ConfigurationErrorTest {

    private final PoolingOperator operator;

    ConfigurationErrorTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @Test
    void settings() {
        // Three sizes are a volume's; together with settings for two axes they do not fit.
        assertBuildFails(builder -> builder.stride(2, 2).kernelSize(2, 2, 2), "kernel", "[2, 2, 2]");
        assertBuildFails(builder -> builder.kernelSize(2, 2, 2, 2), "kernel", "[2, 2, 2, 2]");
        assertBuildFails(builder -> builder.kernelSize(), "kernel", "[]");
        assertBuildFails(builder -> builder.kernelSize(0, 2), "kernel must be at least 1", "[0, 2]");
        assertBuildFails(builder -> builder.stride(2), "stride", "2 numbers", "[2]");
        assertBuildFails(builder -> builder.stride(2, -1), "stride must be at least 1", "[2, -1]");
        assertBuildFails(builder -> builder.padding(0, 2), "padding must be less than", "[0, 2]");
        assertBuildFails(builder -> builder.padding(0, -1), "padding must be at least 0", "[0, -1]");
        assertBuildFails(builder -> builder.dilation(0, 1), "dilation must be at least 1", "[0, 1]");
    }

    @Test
    void modes() {
        assertBuildFails(builder -> builder.convolutionMode(ConvolutionMode.Causal), "Truncate, Strict or Same",
                "Causal");
        assertThatThrownBy(() -> Conventions.layer(operator, 2, 2).convolutionMode(null))
                .isInstanceOf(NullPointerException.class).hasMessage("convolutionMode");
        assertBuildFails(
                builder -> {
                    builder.convolutionMode(ConvolutionMode.Same);
                    builder.padding(1, 1);
                },
                "padding must be 0", "SAME", "[1, 1]");
        assertBuildFails(
                builder -> {
                    builder.convolutionMode(ConvolutionMode.Strict);
                    builder.ceilMode(true);
                },
                "ceilMode", "Truncate", "Strict");
    }

    private void assertBuildFails(Consumer<WindowPoolingLayer.Builder<?>> setting, String... parts) {
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, 2, 2);
        builder.name("p7");
        assertThatThrownBy(() -> {
            setting.accept(builder);
            builder.build();
        })
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("p7")
                .hasMessageContaining(operator.className())
                .hasMessageContainingAll(parts);
    }

    @Test
    void sizes() {
        assertNetworkFails(InputType.convolutional(3, 9, 2), "larger than the padded map", "[1, 2, 3, 9]", "[4, 4]");
        assertNetworkFails(InputType.recurrent(5, 9), "CNN", "InputTypeRecurrent");
        Layer strict = strict();
        assertThatThrownBy(() -> strict.getOutputType(3, InputType.convolutional(5, 4, 2)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("p7", "layer index 3", "STRICT", "multiple of the stride");
        assertThat(strict.getOutputType(3, InputType.convolutional(4, 4, 2))).isNotNull();
    }

    private Layer strict() {
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, 2, 2);
        builder.convolutionMode(ConvolutionMode.Strict);
        builder.name("p7");
        return builder.build();
    }

    private void assertNetworkFails(InputType inputType, String... parts) {
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, 4, 4);
        builder.name("p7");
        ThrowingCallable configuration = () -> new NeuralNetConfiguration.Builder()
                .list()
                .layer(builder.build())
                .layer(new OutputLayer.Builder().nOut(2).build())
                .setInputType(inputType)
                .build();
        assertThatThrownBy(configuration)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("p7")
                .hasMessageContaining("layer index 0")
                .hasMessageContainingAll(parts);
    }

    @Test
    void dimensionsThatDoNotFit() {
        Layer images = Conventions.layer(operator, 2, 2).build();
        InputType volume = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 5, 5, 5, 2);
        assertThatThrownBy(() -> images.getOutputType(0, volume))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("CNN", "InputTypeConvolutional3D(");
        Layer volumes = Conventions.layer(operator, 2, 2, 2).build();
        assertThatThrownBy(() -> volumes.getOutputType(0, InputType.convolutional(8, 8, 2)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("CNN3D", "InputTypeConvolutional(");
        Layer sequences = Conventions.layer(operator, 2).build();
        assertThatThrownBy(() -> sequences.getOutputType(0, InputType.convolutional(8, 8, 2)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("RNN", "InputTypeConvolutional(");
        assertThatThrownBy(() -> sequences.getOutputType(0, null)).isInstanceOf(DL4JInvalidConfigException.class);
    }

    /** Arrays that do not fit the configuration. */
    @Test
    void inputs() {
        Networks networks = new Networks(operator, 2, false);
        MultiLayerNetwork network = networks.network(networks.pooling().build());
        assertThatThrownBy(() -> network.output(Nd4j.rand(DataType.FLOAT, 2, Networks.CHANNELS, 2, 2)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll(Networks.POOLING, "larger than the padded map");
        org.deeplearning4j.nn.api.Layer layer = network.getLayer(1);
        layer.setInput(Nd4j.rand(DataType.FLOAT, 2, 3), LayerWorkspaceMgr.noWorkspaces());
        assertThatThrownBy(() -> layer.activate(
                false, LayerWorkspaceMgr.noWorkspaces()))
                        .isInstanceOf(DL4JInvalidInputException.class)
                        .hasMessageContainingAll(Networks.POOLING, "rank 4", "[2, 3]");
    }
}
