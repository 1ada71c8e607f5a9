// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.swap.Pooling;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What a pooling keeps of an image, and three figures about it. */
final class PooledImage {
    private static final int SEED = 1;

    private final Pooling pooling;
    private final boolean learned;
    private final float[][][] upsampled;
    private final double shiftSensitivity;
    private final double similarity;
    private final double peakRatio;

    /**
     * Pools an image.
     *
     * @param steps how many times
     * @throws IllegalArgumentException if the pooling has no such window or needs larger images
     */
    PooledImage(SeenImage image, Pooling pooling, int kernel, int stride, int steps) {
        this.pooling = pooling;
        float[][][] planes = image.planes();
        MultiLayerNetwork network =
                network(pooling, kernel, stride, steps, planes.length, image.height(), image.width());
        learned = network.numParams() > 0;
        INDArray input = Nd4j.createFromArray(new float[][][][] {planes});
        INDArray output = network.output(input);
        if (output.rank() != 4 || output.size(1) != planes.length) {
            throw new IllegalArgumentException("does not make a map of each channel");
        }
        upsampled = upsampled(output, image, kernel, stride, steps);
        // Some parameters have the size of the map.
        shiftSensitivity = shiftSensitivity(network(
                pooling, kernel, stride, steps, planes.length, image.height() - 1, image.width() - 1), input);
        similarity = similarity(planes, upsampled);
        peakRatio = peakRatio(planes, upsampled);
    }

    private static MultiLayerNetwork network(
            Pooling pooling, int kernel, int stride, int steps, int channels, int height, int width) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(SEED).list();
        PoolingWindow window = PoolingWindow.builder(kernel, kernel).stride(stride, stride).build();
        for (int i = 1; i <= steps; i++) {
            layers.layer(pooling.layer(window, "pool" + i));
        }
        layers.setInputType(InputType.convolutional(height, width, channels));
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    /** Each pixel gets the element whose windows' middle is nearest. */
    private static float[][][] upsampled(INDArray output, SeenImage image, int kernel, int stride, int steps) {
        double middle = kernel / 2.0;
        double distance = stride;
        for (int i = 1; i < steps; i++) {
            middle += (kernel - 1) / 2.0 * distance;
            distance *= stride;
        }
        float[][][] result = new float[image.planes().length][image.height()][image.width()];
        for (int c = 0; c < result.length; c++) {
            float[][] map = output.slice(0).slice(c).toFloatMatrix();
            for (int y = 0; y < image.height(); y++) {
                float[] row = map[nearest(y, middle, distance, map.length)];
                for (int x = 0; x < image.width(); x++) {
                    result[c][y][x] = row[nearest(x, middle, distance, row.length)];
                }
            }
        }
        return result;
    }

    private static int nearest(int pixel, double middle, double distance, int size) {
        return (int) Math.max(0, Math.min(size - 1, Math.round((pixel + 0.5 - middle) / distance)));
    }

    /** No border is made up: what is pooled lies a pixel further right, or down, in the image. */
    private static double shiftSensitivity(MultiLayerNetwork network, INDArray image) {
        INDArray output = output(network, image, 0, 0);
        double sum = output.norm1Number().doubleValue();
        double right = output(network, image, 0, 1).sub(output).norm1Number().doubleValue();
        double down = output(network, image, 1, 0).sub(output).norm1Number().doubleValue();
        return sum == 0 ? Double.NaN : (right + down) / 2 / sum;
    }

    private static INDArray output(MultiLayerNetwork network, INDArray image, int down, int right) {
        INDArrayIndex all = NDArrayIndex.all();
        INDArray part = image.get(all, all, NDArrayIndex.interval(down, image.size(2) - 1 + down),
                NDArrayIndex.interval(right, image.size(3) - 1 + right)).dup('c');
        return network.output(part).dup();
    }

    /** Mean over the channels, once brightness and contrast are made those of the original, as well as a line can. */
    private static double similarity(float[][][] original, float[][][] other) {
        double sum = 0;
        for (int c = 0; c < original.length; c++) {
            sum += Ssim.of(original[c], fitted(other[c], original[c]));
        }
        return sum / original.length;
    }

    /** a x + b with the least squared distance from a target. */
    private static float[][] fitted(float[][] plane, float[][] target) {
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        double count = (double) plane.length * plane[0].length;
        for (int i = 0; i < plane.length; i++) {
            for (int j = 0; j < plane[i].length; j++) {
                x += plane[i][j] / count;
                y += target[i][j] / count;
                xx += (double) plane[i][j] * plane[i][j] / count;
                xy += (double) plane[i][j] * target[i][j] / count;
            }
        }
        double variance = xx - x * x;
        double factor = variance > 0 ? (xy - x * y) / variance : 0;
        float[][] result = new float[plane.length][plane[0].length];
        for (int i = 0; i < plane.length; i++) {
            for (int j = 0; j < plane[i].length; j++) {
                result[i][j] = (float) (factor * (plane[i][j] - x) + y);
            }
        }
        return result;
    }

    private static double peakRatio(float[][][] original, float[][][] other) {
        double sum = 0;
        long count = 0;
        for (int c = 0; c < original.length; c++) {
            for (int i = 0; i < original[c].length; i++) {
                for (int j = 0; j < original[c][i].length; j++) {
                    double difference = original[c][i][j] - other[c][i][j];
                    sum += difference * difference;
                    count++;
                }
            }
        }
        return -10 * Math.log10(sum / count);
    }

    String name() {
        return pooling.name();
    }

    /** Whether it has parameters, which here have their first values. */
    boolean learned() {
        return learned;
    }

    /** [channel][row][column], of the image's size. */
    float[][][] upsampled() {
        return upsampled;
    }

    /** Mean of |change| over mean of |output| when the image moves by a pixel. */
    double shiftSensitivity() {
        return shiftSensitivity;
    }

    /** SSIM with the original, see {@link Ssim}. */
    double similarity() {
        return similarity;
    }

    /** PSNR in dB, of the values as they are. */
    double peakRatio() {
        return peakRatio;
    }
}
