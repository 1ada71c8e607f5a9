// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small networks: a layer with weights, the pooling in question, output; for sequences, images or volumes. */
final class Networks {

    static final int CHANNELS = 2;
    static final int BATCH = 5;
    static final String POOLING = "pooling";

    private static final int CLASSES = 3;
    private static final int[] SIZES = {7, 8, 9}; // of volumes; images and sequences have the last ones

    private final PoolingOperator operator;
    private final int dimensions;
    private final boolean channelsLast;
    private DataType type = DataType.FLOAT;
    private WorkspaceMode workspaces = WorkspaceMode.ENABLED;
    private IUpdater updater = new Sgd(0.1);

    Networks(PoolingOperator operator, int dimensions, boolean channelsLast) {
        this.operator = operator;
        this.dimensions = dimensions;
        this.channelsLast = channelsLast;
    }

    /** All layers share their code: one of the plain ones and one with parameters go through everything. */
    private static boolean isThorough(PoolingOperator operator) {
        return operator == PoolingOperator.SOFT_POOL || operator == PoolingOperator.GATED_POOL;
    }

    static Stream<Integer> dimensions(PoolingOperator operator) {
        return operator.dimensions().stream().filter(dimension -> dimension == 2 || isThorough(operator));
    }

    static Stream<DataType> types(PoolingOperator operator) {
        return isThorough(operator)
                ? Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16)
                : Stream.of(DataType.FLOAT);
    }

    Networks type(DataType newType) {
        type = newType;
        return this;
    }

    Networks workspaces(WorkspaceMode mode) {
        workspaces = mode;
        return this;
    }

    Networks updater(IUpdater newUpdater) {
        updater = newUpdater;
        return this;
    }

    /**
     * The pooling layer with window 2 and stride 2. For sequences and images it learns the data format from the
     * network.
     */
    WindowPoolingLayer.Builder<?> pooling() {
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, repeated(2));
        builder.stride(repeated(2));
        if (dimensions == 3) {
            builder.dataFormat(volumeFormat());
        }
        return builder;
    }

    /** One number for each spatial axis. */
    int[] repeated(int number) {
        int[] numbers = new int[dimensions];
        Arrays.fill(numbers, number);
        return numbers;
    }

    private RNNFormat sequenceFormat() {
        return channelsLast ? RNNFormat.NWC : RNNFormat.NCW;
    }

    private CNN2DFormat imageFormat() {
        return channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
    }

    private Convolution3D.DataFormat volumeFormat() {
        return channelsLast ? Convolution3D.DataFormat.NDHWC : Convolution3D.DataFormat.NCDHW;
    }

    private NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(updater)
                .activation(Activation.TANH)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces);
    }

    MultiLayerConfiguration sequential(Layer pooling) {
        pooling.setLayerName(POOLING);
        return settings()
                .list()
                .layer(first())
                .layer(pooling)
                .layer(output())
                .setInputType(inputType())
                .build();
    }

    ComputationGraphConfiguration graph(Layer pooling) {
        return settings()
                .graphBuilder()
                .addInputs("input")
                .addLayer("first", first(), "input")
                .addLayer(POOLING, pooling, "first")
                .addLayer("output", output(), POOLING)
                .setOutputs("output")
                .setInputTypes(inputType())
                .build();
    }

    MultiLayerNetwork network(Layer pooling) {
        MultiLayerNetwork network = new MultiLayerNetwork(sequential(pooling));
        network.init();
        return network;
    }

    ComputationGraph graphNetwork(Layer pooling) {
        ComputationGraph network = new ComputationGraph(graph(pooling));
        network.init();
        return network;
    }

    /** For sequences a recurrent layer: the gradient of DL4J's 1-D convolution fails with the channels last. */
    private Layer first() {
        switch (dimensions) {
            case 1:
                return new SimpleRnn.Builder()
                        .nOut(CHANNELS)
                        .dataFormat(sequenceFormat())
                        .build();
            case 2:
                return new ConvolutionLayer.Builder(repeated(2))
                        .nOut(CHANNELS)
                        .dataFormat(imageFormat())
                        .build();
            default:
                return new Convolution3D.Builder(repeated(2))
                        .nOut(CHANNELS)
                        .dataFormat(volumeFormat())
                        .build();
        }
    }

    private Layer output() {
        return dimensions == 1
                ? new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .dataFormat(sequenceFormat())
                        .build()
                : new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build();
    }

    private InputType inputType() {
        int[] sizes = sizes();
        switch (dimensions) {
            case 1:
                return InputType.recurrent(CHANNELS, sizes[0], sequenceFormat());
            case 2:
                return InputType.convolutional(sizes[0], sizes[1], CHANNELS, imageFormat());
            default:
                return InputType.convolutional3D(volumeFormat(), sizes[0], sizes[1], sizes[2], CHANNELS);
        }
    }

    private int[] sizes() {
        return Arrays.copyOfRange(SIZES, SIZES.length - dimensions, SIZES.length);
    }

    INDArray input() {
        long[] shape = new long[dimensions + 2];
        shape[0] = BATCH;
        shape[channelsLast ? dimensions + 1 : 1] = CHANNELS;
        for (int axis = 0; axis < dimensions; axis++) {
            shape[axis + (channelsLast ? 1 : 2)] = sizes()[axis];
        }
        Nd4j.getRandom().setSeed(11);
        return Nd4j.randn(DataType.DOUBLE, shape).castTo(type);
    }

    /** Labels for the output of a network, one class an example. */
    INDArray labels(INDArray output) {
        INDArray labels = Nd4j.create(type, output.shape());
        int classAxis = dimensions == 1 && !channelsLast ? 1 : output.rank() - 1;
        for (int example = 0; example < BATCH; example++) {
            INDArray ofExample = labels.slice(example);
            if (output.rank() == 2) {
                ofExample.putScalar(example % CLASSES, 1);
            } else {
                ofExample.slice(example % CLASSES, classAxis - 1).assign(1);
            }
        }
        return labels;
    }
}
