// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** A network of one layer or vertex: configured, given inputs, and asked for gradients. */
final class NetworkCall {

    private static final String NAME = "p7";
    private static final long MOST_ELEMENTS = 1 << 18;
    private static final long MOST_PARAMETERS = 1 << 20;
    private static final long MOST_RESULTS = 1 << 22;
    private static final long[] SIZES = {1, 2, 3, 4, 5, 6, 8};

    private final Object configuration;
    private final Random random;
    private final Consumer<Object> log;
    private boolean typed; // whether the network's input types are set

    /** @param log gets each step before it is taken */
    NetworkCall(Object configuration, Random random, Consumer<Object> log) {
        this.configuration = configuration;
        this.random = random;
        this.log = log;
    }

    /** Returns the outcome, or fails with whatever DL4J or the layer fails with. */
    String run() {
        int count = configuration instanceof GraphVertex ? ((GraphVertex) configuration).minVertexInputs() : 1;
        InputType[] types = new InputType[count + (random.nextInt(16) == 0 ? 1 : 0)];
        String[] names = new String[types.length];
        InputType common = type(1 + random.nextInt(3), random.nextInt(8) == 0);
        for (int i = 0; i < types.length; i++) {
            names[i] = "input" + i;
            types[i] = i == 0 || random.nextBoolean() ? common : anyType();
        }
        log.accept(Arrays.toString(types));
        ComputationGraphConfiguration graph = graph(names, types);
        if (graph.getVertices().get(NAME).numParams(true) > MOST_PARAMETERS
                || typed && elements(graph.getLayerActivationTypes(types).get(NAME)) > MOST_RESULTS) {
            return HostileCall.TOO_LARGE;
        }
        ComputationGraph network = new ComputationGraph(graph);
        network.init();
        INDArray[] inputs = new INDArray[types.length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = input(types[i]);
        }
        log.accept("inputs " + Arrays.stream(inputs)
                .map(array -> array == null ? "null" : Arrays.toString(array.shape()))
                .collect(Collectors.joining(" and ")));
        INDArray[] masks = random.nextInt(4) == 0 ? masks(inputs) : null;
        log.accept("with masks " + (masks != null));
        INDArray atInference = network.output(false, inputs, masks)[0];
        network.setInputs(inputs);
        network.setLayerMaskArrays(masks, null);
        INDArray output = network.feedForward(inputs, true, false).get(NAME);
        INDArray epsilon = random.nextInt(4) > 0 ? Nd4j.ones(output.dataType(), output.shape())
                : new ArrayChange[] {ArrayChange.SIZE, ArrayChange.RANK, ArrayChange.TYPE, ArrayChange.CLOSED,
                    ArrayChange.BROADCAST}[random.nextInt(5)].of(output.dup(), random);
        log.accept("backward");
        network.backpropGradient(epsilon);
        return masks == null && inputs.length == 1 && configuration instanceof PoolingLayer
                ? compared(network, atInference, inputs[0])
                : HostileCall.ANSWERED;
    }

    /** A layer that applies an op to its input and nothing else is as right as the op, of which other tests know. */
    private static String compared(ComputationGraph network, INDArray output, INDArray input) {
        PoolingLayer layer = (PoolingLayer) network.getLayer(NAME).conf().getLayer();
        LayerVertex vertex = (LayerVertex) network.getConfiguration().getVertices().get(NAME);
        PoolingOp op = layer.op(false);
        if (op.drawsAnew() || vertex.getPreProcessor() != null || op.inputNames().size() > 1
                || !layer.parameterShapes().isEmpty() || layer instanceof QuantizedPooling) {
            return HostileCall.ANSWERED;
        }
        Comparison.assertSameBits("output of the layer", output,
                new NDPooling().pool(op, input.castTo(output.dataType())));
        return HostileCall.RIGHT;
    }

    /** As DL4J has them, or nearly so. */
    private INDArray[] masks(INDArray... inputs) {
        INDArray[] masks = new INDArray[inputs.length];
        for (int i = 0; i < masks.length; i++) {
            INDArray input = inputs[i];
            if (input != null && !input.wasClosed() && !input.isEmpty() && input.rank() > 2) {
                long[] shape = {input.size(0), 1, input.size(2), input.size(input.rank() - 1)};
                INDArray mask = Nd4j.rand(DataType.FLOAT, input.rank() == 3 ? new long[] {shape[0], shape[2]} : shape)
                        .gt(0.5).castTo(DataType.FLOAT);
                ArrayChange change = ArrayChange.values()[random.nextInt(ArrayChange.values().length)];
                masks[i] = random.nextInt(3) > 0 || change == ArrayChange.OUTSIDE ? mask : change.of(mask, random);
            }
        }
        return masks;
    }

    private ComputationGraphConfiguration graph(String[] names, InputType... types) {
        DataType[] dataTypes = {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16};
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(dataTypes[random.nextInt(dataTypes.length)])
                .updater(new Sgd(0.1)).graphBuilder().addInputs(names);
        if (configuration instanceof Layer) {
            builder.addLayer(NAME, (Layer) configuration, names);
        } else {
            builder.addVertex(NAME, (GraphVertex) configuration, names);
        }
        builder.setOutputs(NAME);
        typed = random.nextInt(8) > 0;
        if (typed) {
            builder.setInputTypes(types);
        }
        return builder.build();
    }

    private static double elements(InputType type) {
        return Arrays.stream(type.getShape(false)).asDoubleStream().reduce(1, (a, b) -> a * b);
    }

    private long size(boolean isHostile) {
        return isHostile && random.nextBoolean() ? HostileValues.whole(random) : SIZES[random.nextInt(SIZES.length)];
    }

    private InputType anyType() {
        int kind = random.nextInt(6);
        return kind < 3 ? type(kind, false) : InputType.feedForward(4 + random.nextInt(2));
    }

    private InputType type(int wanted, boolean isHostile) {
        int dimensions = configuration instanceof PoolingLayer && random.nextInt(8) > 0
                ? ((PoolingLayer) configuration).dimensions()
                : wanted;
        boolean last = random.nextInt(3) == 0;
        switch (dimensions) {
            case 1:
                return random.nextInt(6) == 0
                        ? InputType.recurrent(size(isHostile), last ? RNNFormat.NWC : RNNFormat.NCW)
                        : InputType.recurrent(size(isHostile), size(isHostile), last ? RNNFormat.NWC : RNNFormat.NCW);
            case 3:
                return InputType.convolutional3D(last ? Convolution3D.DataFormat.NDHWC : Convolution3D.DataFormat.NCDHW,
                        size(isHostile), size(isHostile), size(isHostile), size(isHostile));
            default:
                return InputType.convolutional(size(isHostile), size(isHostile), size(isHostile),
                        last ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
        }
    }

    /** As the type says, or nearly so. */
    private INDArray input(InputType type) {
        long[] shape = type.getShape(true).clone();
        shape[0] = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(3);
        for (int axis = 1; axis < shape.length; axis++) {
            shape[axis] = shape[axis] < 0 ? 1 + random.nextInt(6) : shape[axis];
        }
        double elements = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (elements > MOST_ELEMENTS) {
            Arrays.fill(shape, 2);
        }
        INDArray array = elements == 0 ? Nd4j.create(DataType.FLOAT, shape) : Nd4j.rand(DataType.FLOAT, shape);
        ArrayChange change = ArrayChange.values()[random.nextInt(ArrayChange.values().length)];
        boolean readByHost = change == ArrayChange.OUTSIDE; // which does not look where it reads
        return random.nextInt(3) > 0 || readByHost ? array : change.of(array, random);
    }
}
