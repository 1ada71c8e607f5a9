// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.HierarchicalDynamicPooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The gate of dynamic pooling learns which pooling an input needs; no fixed one is right for all. */
class DynamicPoolingLearningTest {

    private static final int EXAMPLES = 128;
    private static final int SIZE = 6;
    private static final int FRAMES = 4;
    private static final int STEPS = 150;

    private static double accuracy(Layer pooling, InputType inputType, DataSet training, DataSet fresh) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(0.1))
                .list()
                .layer(pooling)
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(inputType)
                .build());
        network.init();
        for (int step = 0; step < STEPS; step++) {
            network.fit(training);
        }
        INDArray right = network.output(fresh.getFeatures()).argMax(1).eq(fresh.getLabels().argMax(1));
        return right.castTo(DataType.DOUBLE).meanNumber().doubleValue();
    }

    /** Noise whose mean and largest element are given: one element, of each frame, is the largest. */
    private static void fill(float[][] frames, double mean, double largest, boolean still, Random random) {
        int count = frames[0].length;
        for (int t = 0; t < frames.length; t++) {
            if (still && t > 0) {
                frames[t] = frames[0].clone();
                continue;
            }
            double rest = (mean * count - largest) / (count - 1);
            double sum = 0;
            for (int i = 0; i < count; i++) {
                frames[t][i] = (float) (0.1 * random.nextDouble());
                sum += frames[t][i];
            }
            int peak = random.nextInt(count);
            sum -= frames[t][peak];
            for (int i = 0; i < count; i++) {
                frames[t][i] += (float) (rest - sum / (count - 1));
            }
            frames[t][peak] = (float) largest;
        }
    }

    /**
     * Images of two kinds, which the second channel tells. Of the first kind the mean is the same and the largest
     * element says the class, of the second kind the other way round.
     */
    private static DataSet images(long seed) {
        Random random = new Random(seed);
        float[][][] x = new float[EXAMPLES][2][];
        INDArray labels = Nd4j.create(DataType.FLOAT, EXAMPLES, 2);
        for (int n = 0; n < EXAMPLES; n++) {
            int label = random.nextInt(2);
            boolean isFirstKind = random.nextBoolean();
            float[][] image = new float[1][SIZE * SIZE];
            double sign = 2 * label - 1;
            fill(image, isFirstKind ? 0 : 0.75 * sign, isFirstKind ? 3 + 1.5 * sign : 5, false, random);
            x[n][0] = image[0];
            x[n][1] = new float[SIZE * SIZE];
            Arrays.fill(x[n][1], isFirstKind ? 1 : -1);
            labels.putScalar(n, label, 1);
        }
        return new DataSet(Nd4j.createFromArray(x).reshape(EXAMPLES, 2, SIZE, SIZE), labels);
    }

    @Test
    void everyImageGetsThePoolingItNeeds() {
        Layer max = new MaxPooling.Builder(SIZE, SIZE).build();
        Layer average = new AveragePooling.Builder(SIZE, SIZE).build();
        Layer dynamic = new HierarchicalDynamicPooling.Builder()
                .stage((MaxPooling) max, (AveragePooling) average)
                .build();
        InputType type = InputType.convolutional(SIZE, SIZE, 2);
        DataSet training = images(1);
        DataSet fresh = images(2);
        double fixed = Math.max(accuracy(max, type, training, fresh), accuracy(average, type, training, fresh));
        assertThat(fixed).isLessThan(0.85);
        assertThat(accuracy(dynamic, type, training, fresh)).isGreaterThan(0.95);
    }

    /**
     * Videos with the mean low and the largest element high, as far as one sees frame by frame: the class is that of
     * the largest element where the picture stands still, and that of the mean where it moves.
     */
    private static DataSet videos(long seed) {
        Random random = new Random(seed);
        float[][][] x = new float[EXAMPLES][][];
        INDArray labels = Nd4j.create(DataType.FLOAT, EXAMPLES, 2);
        for (int n = 0; n < EXAMPLES; n++) {
            int label = random.nextInt(2);
            boolean still = random.nextBoolean();
            x[n] = new float[FRAMES][SIZE * SIZE];
            double mean = !still && label == 1 ? 1 : -1;
            double largest = still && label == 0 ? -0.6 : 3;
            fill(x[n], mean, largest, still, random);
            labels.putScalar(n, label, 1);
        }
        return new DataSet(Nd4j.createFromArray(x).reshape(EXAMPLES, 1, FRAMES, SIZE, SIZE), labels);
    }

    private static HierarchicalDynamicPooling forVideos(boolean seesDifferences) {
        int[] all = {FRAMES, SIZE, SIZE};
        MaxPooling max = new MaxPooling.Builder(all).build();
        AveragePooling average = new AveragePooling.Builder(all).build();
        HierarchicalDynamicPooling.Builder builder = new HierarchicalDynamicPooling.Builder();
        return (seesDifferences ? builder.stageWithDifferences(max, average) : builder.stage(max, average)).build();
    }

    @Test
    void differencesOfFramesTellWhatMoves() {
        InputType type = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, FRAMES, SIZE, SIZE, 1);
        DataSet training = videos(1);
        DataSet fresh = videos(2);
        assertThat(accuracy(forVideos(true), type, training, fresh)).isGreaterThan(0.95);
        assertThat(accuracy(forVideos(false), type, training, fresh)).isLessThan(0.85);
    }
}
