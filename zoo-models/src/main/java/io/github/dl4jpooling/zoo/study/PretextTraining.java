// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.layers.OneDnn;
import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.LabelledImageIterator;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import io.github.dl4jpooling.zoo.model.PretextNet;
import io.github.dl4jpooling.zoo.model.WeightCopy;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains one encoder by a pretext task and measures what it keeps. With equal seed, all poolings start with the same
 * weights and see the same batches.
 */
final class PretextTraining {
    /** Test images that the picture shows. */
    static final int PICTURED = 8;

    private static final int BATCH = 64;
    private static final int SHIFT = 3; // pixels that a view may be moved by
    private static final int PROBE_EPOCHS = 20;
    private static final double PROBE_RATE = 0.01;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PretextProtocol protocol;
    private final ImageDataset data;
    private final String pooling;
    private final long seed;
    private final ComputationGraph network;
    private final Random random;

    PretextTraining(PretextProtocol protocol, ImageDataset data, String pooling, long seed) {
        this.protocol = protocol;
        this.data = data.take(protocol.images(), protocol.testImages());
        this.pooling = pooling;
        this.seed = seed;
        random = new Random(seed);
        network = builder().pooling(Pooling.named(pooling)).build().init();
        WeightCopy.of(builder().build().init(), network);
        OneDnn.enable(network);
    }

    private PretextNet.Builder builder() {
        LabelledImages images = data.train();
        return PooledZoo.pretextNet()
                .inputShape(images.channels(), images.height(), images.width())
                .objective(protocol.objective())
                .seed(seed);
    }

    ComputationGraph network() {
        return network;
    }

    /** Trains, then measures on the test images. */
    PretextRun run() {
        double untrained = probe();
        long start = System.nanoTime();
        LabelledImageIterator batches = data.train().shuffledBatches(BATCH, seed);
        double loss = Double.NaN;
        for (int epoch = 0; epoch < protocol.epochs(); epoch++) {
            batches.startEpoch(epoch);
            loss = epoch(batches);
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        double accuracy = probe();
        boolean rebuilds = protocol.rebuilds();
        return new PretextRun(pooling, seed, network.numParams(), loss, rebuilds ? error() : Double.NaN, untrained,
                accuracy, seconds, rebuilds ? rebuilt() : new double[0][]);
    }

    /** Sees all images once; returns the mean loss of the batches. */
    double epoch(LabelledImageIterator batches) {
        double loss = 0;
        int count = 0;
        while (batches.hasNext()) {
            INDArray images = batches.next().getFeatures();
            network.fit(protocol.rebuilds() ? new DataSet(images, images) : views(images));
            loss += network.score();
            count++;
        }
        return loss / count;
    }

    /** Two views of each image, one behind the other. */
    private DataSet views(INDArray images) {
        long[] shape = images.shape().clone();
        int count = (int) shape[0];
        shape[0] = 2L * count;
        INDArray views = Nd4j.zeros(DataType.FLOAT, shape);
        for (int i = 0; i < 2 * count; i++) {
            view(images.slice(i / 2), views.slice(i));
        }
        return new DataSet(views, Nd4j.zeros(DataType.FLOAT, 2L * count, PretextNet.PROJECTION));
    }

    /** The image, moved by some pixels, darker or brighter. */
    private void view(INDArray image, INDArray view) {
        int down = random.nextInt(2 * SHIFT + 1) - SHIFT;
        int right = random.nextInt(2 * SHIFT + 1) - SHIFT;
        float brightness = 0.6f + 0.8f * random.nextFloat();
        view.get(NDArrayIndex.all(), inside(image.size(1), down), inside(image.size(2), right))
                .assign(image.get(NDArrayIndex.all(), inside(image.size(1), -down), inside(image.size(2), -right))
                        .mul(brightness));
    }

    private static INDArrayIndex inside(long size, int moved) {
        return NDArrayIndex.interval(Math.max(0, moved), size + Math.min(0, moved));
    }

    /** Mean squared error of the test images' pixels. */
    private double error() {
        double sum = 0;
        long count = 0;
        LabelledImageIterator batches = data.test().batches(BATCH);
        while (batches.hasNext()) {
            INDArray images = batches.next().getFeatures();
            INDArray difference = network.outputSingle(images).sub(images);
            sum += difference.muli(difference).sumNumber().doubleValue();
            count += images.length();
        }
        return sum / count;
    }

    private double[][] rebuilt() {
        int[] first = IntStream.range(0, Math.min(PICTURED, data.test().size())).toArray();
        INDArray images = network.outputSingle(data.test().batch(first).getFeatures());
        return images.reshape(first.length, images.length() / first.length).toDoubleMatrix();
    }

    private DataSet codes(LabelledImages images) {
        INDArray codes = null;
        INDArray labels = null;
        LabelledImageIterator batches = images.batches(BATCH);
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            INDArray ofBatch = PretextNet.codes(network, batch.getFeatures());
            codes = codes == null ? ofBatch : Nd4j.vstack(codes, ofBatch);
            labels = labels == null ? batch.getLabels() : Nd4j.vstack(labels, batch.getLabels());
        }
        return new DataSet(codes, labels);
    }

    /** Accuracy of classes that are a linear function of the codes. */
    private double probe() {
        DataSet train = codes(data.train());
        INDArray mean = train.getFeatures().mean(0);
        INDArray deviation = train.getFeatures().std(0).addi(1e-3);
        MultiLayerNetwork probe = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(PROBE_RATE))
                .l2(1e-4)
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(data.train().classNames().size())
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(train.getFeatures().size(1)))
                .build());
        probe.init();
        INDArray features = train.getFeatures().subRowVector(mean).diviRowVector(deviation);
        Random order = new Random(seed);
        DataSet scaled = new DataSet(features, train.getLabels());
        for (int epoch = 0; epoch < PROBE_EPOCHS; epoch++) {
            scaled.shuffle(order.nextLong());
            scaled.batchBy(BATCH).forEach(probe::fit);
        }
        DataSet test = codes(data.test());
        INDArray output = probe.output(test.getFeatures().subRowVector(mean).diviRowVector(deviation));
        return output.argMax(1).eq(test.getLabels().argMax(1)).castTo(DataType.DOUBLE).meanNumber().doubleValue();
    }
}
