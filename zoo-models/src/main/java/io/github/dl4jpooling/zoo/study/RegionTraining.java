// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.layers.OneDnn;
import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.data.Box;
import io.github.dl4jpooling.zoo.data.RegionScenes;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Trains one network on scenes and measures it. With equal seed, all poolings see the same batches. */
final class RegionTraining {
    private static final int BATCH = 4;
    private static final int GRID = 4;
    private static final double WIDTH = 0.25;
    private static final double NANOS_PER_SECOND = 1e9;

    private final RegionScenes train;
    private final Regions regions;
    private final long seed;
    private final ComputationGraph network;

    RegionTraining(RegionScenes train, Regions regions, long seed) {
        this.train = train;
        this.regions = regions;
        this.seed = seed;
        network = PooledZoo.regionNet()
                .inputShape(1, RegionScenes.SIZE, RegionScenes.SIZE)
                .numClasses(train.classNames().size())
                .regions(regions)
                .grid(GRID)
                .width(WIDTH)
                .convolutions(1)
                .refinesBoxes()
                .seed(seed)
                .build()
                .init();
        OneDnn.enable(network);
    }

    ComputationGraph network() {
        return network;
    }

    /** Trains, then measures on test scenes. */
    RegionRun run(int epochs, RegionScenes test) {
        long start = System.nanoTime();
        double loss = Double.NaN;
        Random random = new Random(seed);
        for (int epoch = 0; epoch < epochs; epoch++) {
            loss = epoch(random);
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        RegionMeasurement measured = new RegionMeasurement(network, test);
        return new RegionRun(regions, seed, network.numParams(), loss, measured.accuracy(), measured.proposalIou(),
                measured.refinedIou(), seconds, measured.refined());
    }

    /** Sees all training scenes once, in a new order; returns the mean loss of the batches. */
    double epoch(Random random) {
        List<Integer> order = IntStream.range(0, train.size()).boxed().collect(Collectors.toList());
        Collections.shuffle(order, random);
        double loss = 0;
        int batches = 0;
        for (int from = 0; from < order.size(); from += BATCH) {
            List<Integer> scenes = order.subList(from, Math.min(order.size(), from + BATCH));
            network.fit(new MultiDataSet(inputs(train, scenes), labels(train, scenes)));
            loss += network.score();
            batches++;
        }
        return loss / batches;
    }

    /** Images and numbered proposals. */
    static INDArray[] inputs(RegionScenes from, List<Integer> scenes) {
        int area = RegionScenes.SIZE * RegionScenes.SIZE;
        float[] images = new float[scenes.size() * area];
        List<float[]> boxes = new ArrayList<>();
        for (int i = 0; i < scenes.size(); i++) {
            System.arraycopy(from.pixels(scenes.get(i)), 0, images, i * area, area);
            for (Box box : from.proposals(scenes.get(i))) {
                boxes.add(new float[] {i, (float) box.x1(), (float) box.y1(), (float) box.x2(), (float) box.y2()});
            }
        }
        return new INDArray[] {
            Nd4j.create(images, new long[] {scenes.size(), 1, RegionScenes.SIZE, RegionScenes.SIZE}, 'c'),
            Nd4j.createFromArray(boxes.toArray(new float[0][]))};
    }

    /** Classes, and steps from the proposals to the true boxes. */
    static INDArray[] labels(RegionScenes from, List<Integer> scenes) {
        List<double[]> steps = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        for (int scene : scenes) {
            for (int i = 0; i < from.proposals(scene).size(); i++) {
                steps.add(from.proposals(scene).get(i).stepTo(from.boxes(scene).get(i)));
            }
            classes.addAll(from.labels(scene));
        }
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, classes.size(), from.classNames().size());
        for (int i = 0; i < classes.size(); i++) {
            oneHot.putScalar(i, classes.get(i), 1);
        }
        return new INDArray[] {
            oneHot, Nd4j.createFromArray(steps.toArray(new double[0][])).castTo(DataType.FLOAT)};
    }
}
