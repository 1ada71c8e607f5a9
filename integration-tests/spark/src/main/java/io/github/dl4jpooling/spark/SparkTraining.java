// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.spark;

import io.github.dl4jpooling.layers.conf.GatedPooling;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.layers.conf.StochasticPooling;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.enums.MeshBuildMode;

/**
 * Trains a network with pooling layers on Spark, as a user's program does: nothing in it is special to this project but
 * the layers. Images of stripes have to be told apart, across or along.
 *
 * <p>Arguments: {@code averaging} or {@code sharing}; a file for the trained network; optionally a file that does not
 * exist yet: then the process of one executor ends in the middle of the training, once.
 */
public final class SparkTraining {

    private static final int SIZE = 16;
    private static final int IMAGES = 256;
    private static final int BATCH = 8;
    private static final int EPOCHS = 6;
    private static final int PARTITIONS = 4;

    private SparkTraining() {}

    /**
     * Trains, prints the accuracy on other images, and saves.
     *
     * @param arguments how gradients are combined, a file for the network, and a file to leave a mark in
     */
    public static void main(String[] arguments) throws IOException {
        TrainingMaster<?, ?> master = arguments[0].equals("sharing") ? sharing() : averaging();
        String mark = arguments.length > 2 ? arguments[2] : null;
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("pooling"))) {
            SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark, configuration(), master);
            JavaRDD<DataSet> training = spark.parallelize(images(1), PARTITIONS);
            JavaRDD<DataSet> test = spark.parallelize(images(2), PARTITIONS);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                boolean dies = mark != null && epoch == 1;
                network.fit(dies ? training.map(image -> DyingExecutor.unlessMarked(image, mark)) : training);
            }
            Evaluation evaluation = network.evaluate(test);
            System.out.printf(Locale.ROOT, "accuracy %.3f on %d executors%n", evaluation.accuracy(),
                    spark.sc().getExecutorMemoryStatus().size() - 1);
            network.getNetwork().save(new File(arguments[1]));
            master.deleteTempFiles(spark);
        }
    }

    private static MultiLayerConfiguration configuration() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .activation(Activation.RELU)
                .list()
                .layer(convolution())
                .layer(new SoftPooling.Builder(2, 2).build())
                .layer(convolution())
                .layer(new GatedPooling.Builder(2, 2).build())
                .layer(convolution())
                .layer(new StochasticPooling.Builder(2, 2).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(2)
                        .activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(SIZE, SIZE, 1))
                .build();
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(6).convolutionMode(ConvolutionMode.Same).build();
    }

    private static TrainingMaster<?, ?> averaging() {
        return new ParameterAveragingTrainingMaster.Builder(1)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .batchSizePerWorker(BATCH)
                .averagingFrequency(2)
                .build();
    }

    /** All processes are on one machine here: each takes a port that is free, on the loopback device. */
    private static TrainingMaster<?, ?> sharing() {
        VoidConfiguration addresses = VoidConfiguration.builder()
                .networkMask("127.0.0.0/8")
                .controllerAddress("127.0.0.1")
                .portSupplier(new FreePort())
                .meshBuildMode(MeshBuildMode.PLAIN)
                .build();
        return new SharedTrainingMaster.Builder(addresses, 1)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .batchSizePerWorker(BATCH)
                .workersPerNode(1)
                .thresholdAlgorithm(new FixedThresholdAlgorithm(1e-3))
                .build();
    }

    /** Stripes of some width and phase under noise. */
    private static List<DataSet> images(long seed) {
        Random random = new Random(seed);
        List<DataSet> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            int direction = i % 2;
            double phase = 2 * Math.PI * random.nextDouble();
            double width = 0.8 + random.nextDouble();
            INDArray image = Nd4j.create(DataType.FLOAT, 1, 1, SIZE, SIZE);
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < SIZE; x++) {
                    double stripe = Math.sin(phase + width * (direction == 0 ? x : y));
                    image.putScalar(0, 0, y, x, stripe + random.nextGaussian() / 2);
                }
            }
            INDArray label = Nd4j.create(DataType.FLOAT, 1, 2);
            label.putScalar(direction, 1);
            images.add(new DataSet(image, label));
        }
        return images;
    }
}
