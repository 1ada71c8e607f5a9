// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import io.github.dl4jpooling.layers.conf.vertex.DeformablePsRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.DeformableRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.MultiLevelRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RegionPoolingVertex;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A small network with a region vertex: convolution, regions of 2 by 2 cells, dense layer, output. Offsets and masks come
 * from convolutions of their own where the batch is kept, so that their gradients are needed; else they are inputs.
 */
final class RegionNetwork {

    /** Where the boxes come from. */
    enum Boxes {
        /** An input [R,5]. */
        NUMBERED,
        /** An input [N,K,4]. */
        PER_IMAGE,
        /** A layer, [N,4K]. */
        FROM_LAYER
    }

    static final String REGIONS = "regions";
    static final int BOXES_PER_IMAGE = 2;

    private static final int IMAGES = 3;
    private static final int NUMBERED_BOXES = 5;
    private static final int CELLS = 2;
    private static final int CLASSES = 3;
    private static final int[] MAP = {8, 7};

    private final PoolingOperator operator;
    private final DataType type;
    private final boolean channelsLast;
    private final Boxes boxes;
    private IUpdater updater = new Sgd(0.1);
    private WorkspaceMode workspaces = WorkspaceMode.ENABLED;

    RegionNetwork(PoolingOperator operator, DataType type, boolean channelsLast, Boxes boxes) {
        this.operator = operator;
        this.type = type;
        this.channelsLast = channelsLast;
        this.boxes = boxes;
    }

    RegionNetwork updater(IUpdater newUpdater) {
        updater = newUpdater;
        return this;
    }

    RegionNetwork workspaces(WorkspaceMode mode) {
        workspaces = mode;
        return this;
    }

    boolean channelsLast() {
        return channelsLast;
    }

    /** The vertex of ROI_ALIGN is RoiAlignVertex. */
    RegionPoolingVertex vertex() {
        try {
            String name = RegionPoolingVertex.class.getPackage().getName() + "." + operator.className() + "Vertex";
            Class<?> builderClass = Class.forName(name + "$Builder");
            RegionPoolingVertex.Builder<?, ?> builder = (RegionPoolingVertex.Builder<?, ?>) builderClass
                    .getConstructor(int.class, int.class).newInstance(CELLS, CELLS);
            if (builder instanceof DeformableRoiPoolVertex.Builder) {
                ((DeformableRoiPoolVertex.Builder) builder).mask(true);
            } else if (builder instanceof DeformablePsRoiPoolVertex.Builder) {
                ((DeformablePsRoiPoolVertex.Builder) builder).mask(true);
            } else if (builder instanceof MultiLevelRoiAlignVertex.Builder) {
                ((MultiLevelRoiAlignVertex.Builder) builder).levels(2).canonicalLevel(1).canonicalSize(6);
            }
            return builder.spatialScale(0.5).boxesPerImage(boxes != Boxes.NUMBERED).build();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("there is no vertex of " + operator, e);
        }
    }

    private boolean isPositionSensitive() {
        return operator.name().contains("PS_");
    }

    private int boxNumbers() {
        return vertex().op().boxNumbers();
    }

    /** Those of the layer that computes boxes, where the operator has no gradient for them. */
    Set<String> parametersWithoutGradient() {
        RegionOp op = vertex().op();
        return boxes == Boxes.FROM_LAYER && op.differentiableInputs() < op.inputNames().size()
                ? Set.of("boxes_W", "boxes_b")
                : Set.of();
    }

    private boolean hasInput(String name) {
        return vertex().op().inputNames().contains(name);
    }

    private CNN2DFormat format() {
        return channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
    }

    private ConvolutionLayer convolution(int channels, int stride, int... kernel) {
        return new ConvolutionLayer.Builder(kernel)
                .stride(stride, stride)
                .nOut(channels)
                .dataFormat(format())
                .build();
    }

    private ComputationGraphConfiguration configuration() {
        int channels = isPositionSensitive() ? 2 * CELLS * CELLS : 3;
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(updater)
                .activation(Activation.TANH)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .graphBuilder()
                .addInputs("image")
                .addLayer("map", convolution(channels, 1, 2, 2), "image");
        List<String> inputs = new ArrayList<>();
        inputs.add("map");
        if (hasInput("input2")) {
            graph.addLayer("coarse map", convolution(channels, 2, 2, 2), "map");
            inputs.add("coarse map");
        }
        if (boxes == Boxes.FROM_LAYER) {
            graph.addLayer("boxes", new DenseLayer.Builder()
                    .nOut(BOXES_PER_IMAGE * boxNumbers())
                    .activation(Activation.IDENTITY)
                    .biasInit(4)
                    .build(), "image");
        } else {
            graph.addInputs("boxes");
        }
        for (String name : new String[] {"offset", "mask"}) {
            if (hasInput(name)) {
                int of = name.equals("offset") ? 2 : 1;
                if (boxes == Boxes.NUMBERED) {
                    graph.addInputs(name);
                } else {
                    graph.addLayer(name, convolution(of * BOXES_PER_IMAGE, 1, MAP[0], MAP[1]), "image");
                }
                inputs.add(name);
            }
        }
        inputs.add("boxes");
        return graph.addVertex(REGIONS, vertex(), inputs.toArray(new String[0]))
                .addLayer("dense", new DenseLayer.Builder().nOut(4).build(), REGIONS)
                .addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build(), "dense")
                .setOutputs("output")
                .setInputTypes(inputTypes())
                .build();
    }

    ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(configuration());
        graph.init();
        return graph;
    }

    InputType[] inputTypes() {
        List<InputType> types = new ArrayList<>();
        types.add(InputType.convolutional(MAP[0] + 1, MAP[1] + 1, 2, format()));
        if (boxes == Boxes.NUMBERED) {
            types.add(InputType.feedForward(boxNumbers() + 1L));
            if (hasInput("offset")) {
                types.add(InputType.convolutional(CELLS, CELLS, 2, format()));
            }
            if (hasInput("mask")) {
                types.add(InputType.convolutional(CELLS, CELLS, 1, format()));
            }
        } else if (boxes == Boxes.PER_IMAGE) {
            types.add(InputType.recurrent(BOXES_PER_IMAGE, boxNumbers()));
        }
        return types.toArray(new InputType[0]);
    }

    /** Of the vertex of a network with numbered boxes. */
    InputType[] inputTypesOfVertex() {
        List<InputType> types = new ArrayList<>();
        InputType map = InputType.convolutional(MAP[0], MAP[1], isPositionSensitive() ? 2 * CELLS * CELLS : 3, format());
        vertex().op().inputNames().forEach(name -> types.add(map));
        types.set(types.size() - 1, InputType.feedForward(boxNumbers() + 1L));
        return types.toArray(new InputType[0]);
    }

    private long[] shape(long batch, long channels, long height, long width) {
        return channelsLast ? new long[] {batch, height, width, channels} : new long[] {batch, channels, height, width};
    }

    INDArray[] inputs() {
        Nd4j.getRandom().setSeed(11);
        List<INDArray> inputs = new ArrayList<>();
        inputs.add(random(shape(IMAGES, 2, MAP[0] + 1, MAP[1] + 1)));
        if (boxes == Boxes.NUMBERED) {
            inputs.add(numberedBoxes());
            if (hasInput("offset")) {
                inputs.add(random(shape(NUMBERED_BOXES, 2, CELLS, CELLS)));
            }
            if (hasInput("mask")) {
                inputs.add(random(shape(NUMBERED_BOXES, 1, CELLS, CELLS)));
            }
        } else if (boxes == Boxes.PER_IMAGE) {
            INDArray numbered = boxesOf(IMAGES * BOXES_PER_IMAGE);
            inputs.add(numbered.reshape(IMAGES, BOXES_PER_IMAGE, boxNumbers()));
        }
        return inputs.toArray(new INDArray[0]);
    }

    private INDArray random(long... shape) {
        return Nd4j.randn(DataType.DOUBLE, shape).castTo(type);
    }

    private INDArray numberedBoxes() {
        INDArray numbers = Nd4j.create(type, NUMBERED_BOXES, 1);
        for (int i = 0; i < NUMBERED_BOXES; i++) {
            numbers.putScalar(i, 0, i * 2 % IMAGES);
        }
        return Nd4j.concat(1, numbers, boxesOf(NUMBERED_BOXES));
    }

    private INDArray boxesOf(int count) {
        Random random = new Random(3);
        INDArray result = Nd4j.create(type, count, boxNumbers());
        for (int i = 0; i < count; i++) {
            double[] numbers = {
                8 * random.nextDouble(), 8 * random.nextDouble(), 8 + 7 * random.nextDouble(),
                8 + 8 * random.nextDouble(), random.nextDouble()
            };
            for (int j = 0; j < boxNumbers(); j++) {
                result.putScalar(i, j, numbers[j]);
            }
        }
        return result;
    }

    INDArray labels() {
        int count = boxes == Boxes.NUMBERED ? NUMBERED_BOXES : IMAGES;
        INDArray labels = Nd4j.create(type, count, CLASSES);
        for (int i = 0; i < count; i++) {
            labels.putScalar(i, i % CLASSES, 1);
        }
        return labels;
    }

    /** The boxes of an image from the channels into the batch, element by element. */
    INDArray split(INDArray array) {
        int channelAxis = channelsLast ? 3 : 1;
        long channels = array.size(channelAxis) / BOXES_PER_IMAGE;
        long height = array.size(channelsLast ? 1 : 2);
        long width = array.size(channelsLast ? 2 : 3);
        INDArray result = Nd4j.create(array.dataType(), shape(array.size(0) * BOXES_PER_IMAGE, channels, height, width));
        for (long n = 0; n < result.size(0); n++) {
            for (long c = 0; c < channels; c++) {
                long from = n % BOXES_PER_IMAGE * channels + c;
                result.slice(n).slice(c, channelAxis - 1)
                        .assign(array.slice(n / BOXES_PER_IMAGE).slice(from, channelAxis - 1));
            }
        }
        return result;
    }
}
