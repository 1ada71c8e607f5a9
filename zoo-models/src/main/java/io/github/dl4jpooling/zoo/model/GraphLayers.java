// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.swap.Pooling;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * What architectures are made of. Each method adds layers behind {@code input} and returns the name of the last one.
 * Convolutions are padded by half their kernel.
 */
final class GraphLayers {
    private static final int DIVISOR = 8;

    private final GraphBuilder graph;
    private final double width;

    GraphLayers(GraphBuilder graph, double width) {
        this.graph = graph;
        this.width = width;
    }

    /** A number of channels at the width of the network. */
    int channels(int number) {
        return width == 1 ? number : Math.max(DIVISOR, (int) Math.round(number * width / DIVISOR) * DIVISOR);
    }

    String layer(String name, Layer layer, String... inputs) {
        graph.addLayer(name, layer, inputs);
        return name;
    }

    String vertex(String name, GraphVertex vertex, String... inputs) {
        graph.addVertex(name, vertex, inputs);
        return name;
    }

    /** A convolution with bias and activation, the way of networks before batch normalization. */
    String convolution(String name, String input, int nOut, int kernel, int stride, Activation activation) {
        return layer(name, new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(kernel / 2, kernel / 2)
                .nOut(nOut)
                .activation(activation)
                .build(), input);
    }

    /** A convolution without bias, activation and stride. */
    String plain(String name, String input, int nOut, int kernel) {
        return plain(name, input, nOut, kernel, 1);
    }

    private String plain(String name, String input, int nOut, int kernel, int stride) {
        return layer(name, new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(kernel / 2, kernel / 2)
                .nOut(nOut)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build(), input);
    }

    /** A convolution without bias, and batch normalization. */
    String normalized(String name, String input, int nOut, int kernel, int stride) {
        return normalized(name, input, nOut, kernel, stride, 1);
    }

    /** The same with another first gain of the normalization. */
    String normalized(String name, String input, int nOut, int kernel, int stride, double gain) {
        plain(name, input, nOut, kernel, stride);
        return batchNorm(name + "-bn", name, gain);
    }

    /** A 3x3 convolution of each channel, and batch normalization. */
    String depthwise(String name, String input, int stride) {
        layer(name, new DepthwiseConvolution2D.Builder(3, 3)
                .stride(stride, stride)
                .padding(1, 1)
                .depthMultiplier(1)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build(), input);
        return batchNorm(name + "-bn", name, 1);
    }

    /** Convolution, batch normalization, ReLU. */
    String unit(String name, String input, int nOut, int kernel, int stride) {
        return relu(name + "-relu", normalized(name, input, nOut, kernel, stride));
    }

    String batchNorm(String name, String input, double gain) {
        return layer(name, new BatchNormalization.Builder().gamma(gain).build(), input);
    }

    String relu(String name, String input) {
        return activation(name, input, Activation.RELU);
    }

    String activation(String name, String input, Activation activation) {
        return layer(name, new ActivationLayer(activation), input);
    }

    String dropout(String name, String input, double retained) {
        return layer(name, new DropoutLayer(retained), input);
    }

    String localResponseNormalization(String name, String input) {
        return layer(name, new LocalResponseNormalization(), input);
    }

    String add(String name, String... inputs) {
        return vertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
    }

    String concatenate(String name, String... inputs) {
        return vertex(name, new MergeVertex(), inputs);
    }

    String pool(String name, String input, Pooling pooling, PoolingWindow window) {
        return layer(name, pooling.layer(window, name), input);
    }

    /** Windows of 3x3, stride 2, padding 1. */
    static PoolingWindow overlapping() {
        return PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();
    }

    /** Windows of 3x3, stride 2, the last one cut off where it does not fit: the rule of cuda-convnet and Caffe. */
    static PoolingWindow overlappingCutOff() {
        return PoolingWindow.builder(3, 3).stride(2, 2).borderMode(BorderMode.SAME).build();
    }

    /** Windows of 2x2 side by side. */
    static PoolingWindow halving() {
        return PoolingWindow.builder(2, 2).stride(2, 2).build();
    }

    String globalAverage(String name, String input) {
        return layer(name, new GlobalPoolingLayer(PoolingType.AVG), input);
    }

    String dense(String name, String input, int nOut) {
        return layer(name, new DenseLayer.Builder().nOut(nOut).activation(Activation.RELU).build(), input);
    }

    /** The class probabilities. */
    String classes(String input, int numClasses) {
        return layer(GraphModel.OUTPUT, new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(numClasses)
                .weightInit(new WeightInitXavier())
                .activation(Activation.SOFTMAX)
                .build(), input);
    }

    /** The class probabilities from one number a class. */
    String softmax(String input) {
        return layer(GraphModel.OUTPUT, new LossLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .build(), input);
    }

    /** The first stage of ResNets and DenseNets: 7x7 with stride 2 and pooling, or 3x3 for small images. */
    String stem(String input, int nOut, boolean small, Pooling pooling, PoolingWindow window) {
        if (small) {
            return unit("stem", input, nOut, 3, 1);
        }
        return pool("stem-pool", unit("stem", input, nOut, 7, 2), pooling, window);
    }
}
