// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.layers.conf.AuxiliaryLoss;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.vertex.AdaUnpoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.AttachVertex;
import io.github.dl4jpooling.layers.conf.vertex.CrossAttentionVertex;
import io.github.dl4jpooling.layers.conf.vertex.DeformablePolicyVertex;
import io.github.dl4jpooling.layers.conf.vertex.DeformablePsRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.DeformableRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.DeformableVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAggregatePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentEdgesVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentLossVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphEdgePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphNeighbourPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphTopkPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.InverseBilateralVertex;
import io.github.dl4jpooling.layers.conf.vertex.LipVertex;
import io.github.dl4jpooling.layers.conf.vertex.MaxUnpoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.MultiLevelRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.PreciseRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.PsRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.PsRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.QuantizedRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RegionPoolingVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.RotatedRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.SparsePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.TimeWindowVertex;
import io.github.dl4jpooling.ops.Aggregator;
import io.github.dl4jpooling.ops.EdgeScore;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.NodeScore;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.ScoreGate;
import io.github.dl4jpooling.ops.TimeWindowPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * One network with every vertex, each an output of the network and named like its class. A new vertex has to be added
 * here.
 */
final class VertexExamples {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();
    private static final int SIZE = 8;
    private static final int CHANNELS = 8; // 2 times 2 by 2 cells
    private static final int CELLS = 2;
    private static final int BOXES = 2;
    private static final int BATCH = 2;
    private static final int STEPS = 6;
    private static final String MAP = "map";
    private static final String REGION = "region";
    private static final String BOX_INPUT = "boxes";

    private final GraphBuilder graph = new NeuralNetConfiguration.Builder()
            .seed(7)
            .dataType(DataType.DOUBLE)
            .updater(new Sgd(0.1))
            .activation(Activation.TANH)
            .graphBuilder()
            .addInputs("image", REGION, BOX_INPUT, "rotated boxes", "events", "times")
            .setInputTypes(InputType.convolutional(SIZE, SIZE, 2), InputType.convolutional(SIZE, SIZE, 1),
                    InputType.recurrent(BOXES, 4), InputType.recurrent(BOXES, 5), InputType.recurrent(3, STEPS),
                    InputType.recurrent(1, STEPS));
    private final List<String> outputs = new ArrayList<>();

    private VertexExamples() {
        layer(MAP, CHANNELS, 1, "image", 3);
        layer("half map", CHANNELS, 2, MAP, 3);
        addWindows();
        addRegions();
        addGraphs();
        add(new CrossAttentionVertex(2, 2), MAP, "events");
        add(new TimeWindowVertex.Builder(1, 3).moments(TimeWindowPool.Moments.LAST_EVENT).build(), "events", "times");
    }

    private void layer(String name, int channels, int stride, String input, int size) {
        graph.addLayer(name, new ConvolutionLayer.Builder(size, size).stride(stride, stride).nOut(channels)
                .convolutionMode(size == 3 ? ConvolutionMode.Same : ConvolutionMode.Truncate).build(), input);
    }

    private void add(GraphVertex vertex, String... inputs) {
        String name = vertex.getClass().getSimpleName();
        graph.addVertex(name, vertex, inputs);
        outputs.add(name);
    }

    private void addWindows() {
        layer("one channel", 1, 1, MAP, 3);
        layer("offsets", 2 * 9, 2, MAP, 3);
        layer("policy", 9, 2, MAP, 3);
        add(new LipVertex(WINDOW), MAP, MAP);
        add(new DeformableVertex(WINDOW, 1, false, false), MAP, "offsets");
        add(new DeformablePolicyVertex(WINDOW, 1), MAP, "offsets", "policy");
        add(new SparsePoolVertex(WINDOW), MAP, "one channel");
        add(new InverseBilateralVertex(WINDOW), MAP, "half map");
        graph.addLayer("pooled", new MaxPooling.Builder(2, 2).build(), MAP);
        add(new MaxUnpoolVertex(2, 2), "pooled", MAP);
        add(new AdaUnpoolVertex(2, 2), "pooled", MAP);
    }

    private void addRegions() {
        layer("box offsets", 2 * BOXES, 1, "image", SIZE - 1);
        addRegion(new RoiAlignVertex.Builder(CELLS, CELLS), MAP, BOX_INPUT);
        addRegion(new RoiPoolVertex.Builder(CELLS, CELLS), MAP, BOX_INPUT);
        addRegion(new PreciseRoiPoolVertex.Builder(CELLS, CELLS), MAP, BOX_INPUT);
        addRegion(new PsRoiPoolVertex.Builder(CELLS, CELLS), MAP, BOX_INPUT);
        addRegion(new PsRoiAlignVertex.Builder(CELLS, CELLS), MAP, BOX_INPUT);
        addRegion(new RotatedRoiAlignVertex.Builder(CELLS, CELLS), MAP, "rotated boxes");
        addRegion(new MultiLevelRoiAlignVertex.Builder(CELLS, CELLS).levels(2).canonicalLevel(1).canonicalSize(6),
                MAP, "half map", BOX_INPUT);
        addRegion(new DeformableRoiPoolVertex.Builder(CELLS, CELLS), MAP, "box offsets", BOX_INPUT);
        addRegion(new DeformablePsRoiPoolVertex.Builder(CELLS, CELLS), MAP, "box offsets", BOX_INPUT);
        Quantization bytes = Quantization.ofRange(DataType.UINT8, -1, 1);
        add(new QuantizedRoiAlignVertex(new RoiAlignVertex.Builder(CELLS, CELLS).spatialScale(0.5).boxesPerImage(true)
                .build(), bytes, bytes), MAP, BOX_INPUT);
    }

    private void addRegion(RegionPoolingVertex.Builder<?, ?> builder, String... inputs) {
        add(builder.spatialScale(0.5).boxesPerImage(true).build(), inputs);
    }

    private void addGraphs() {
        layer("logits", 2, 1, MAP, 3);
        add(new GraphAggregatePoolVertex(Neighbourhood.GRID_4, Aggregator.SOFTMAX, true), MAP, REGION);
        add(new GraphNeighbourPoolVertex(Neighbourhood.GRID_8, true), MAP, REGION);
        add(new GraphTopkPoolVertex(Neighbourhood.GRID_4, NodeScore.PROJECTION, ScoreGate.TANH, 0.5, true), MAP,
                REGION);
        add(new GraphEdgePoolVertex(Neighbourhood.GRID_4, EdgeScore.SOFTMAX, true), MAP, REGION);
        add(new GraphAssignmentPoolVertex(Neighbourhood.GRID_8, true), MAP, "logits", REGION);
        add(new GraphAssignmentEdgesVertex(Neighbourhood.GRID_8, true), "logits", REGION);
        add(new GraphAssignmentLossVertex(Neighbourhood.GRID_8, 1, 0.7, true), "logits", REGION);
        graph.addLayer(AuxiliaryLoss.class.getSimpleName(), new AuxiliaryLoss(0.5),
                GraphAssignmentLossVertex.class.getSimpleName());
        add(new AttachVertex(), MAP, AuxiliaryLoss.class.getSimpleName());
    }

    static ComputationGraph network() {
        VertexExamples examples = new VertexExamples();
        ComputationGraph network = new ComputationGraph(examples.graph
                .setOutputs(examples.outputs.toArray(new String[0])).build());
        network.init();
        return network;
    }

    /** Numbers that depend on java.util.Random only, which is the same everywhere and always. */
    static INDArray[] inputs() {
        Random random = new Random(1);
        INDArray image = gaussian(random, BATCH, 2, SIZE, SIZE);
        INDArray region = gaussian(random, BATCH, 1, SIZE, SIZE).gt(-0.5).castTo(DataType.DOUBLE);
        INDArray events = gaussian(random, BATCH, 3, STEPS);
        INDArray times = PlainArray.zeros(BATCH, 1, STEPS).toArray(DataType.DOUBLE, false);
        for (int step = 0; step < STEPS; step++) {
            times.putScalar(0, 0, step, step);
            times.putScalar(1, 0, step, 0.75 * step);
        }
        return new INDArray[] {image, region, boxes(random, 4), boxes(random, 5), events, times};
    }

    private static INDArray gaussian(Random random, int... shape) {
        return PlainArray.gaussian(random, 1, shape).toArray(DataType.DOUBLE, false);
    }

    private static INDArray boxes(Random random, int numbers) {
        PlainArray boxes = PlainArray.zeros(BATCH, BOXES, numbers);
        for (int i = 0; i < boxes.values().length; i++) {
            int number = i % numbers;
            boxes.values()[i] = number < 2 ? 7 * random.nextDouble() : 8 + 7 * random.nextDouble();
            if (number == 4) { // an angle
                boxes.values()[i] = random.nextDouble();
            }
        }
        return boxes.toArray(DataType.DOUBLE, false);
    }
}
