// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Small networks in double, each with one pooling layer behind one with weights. A new layer needs no change here. */
final class LayerExamples {

    private static final int CHANNELS = 4;
    private static final int SIZE = 8;
    private static final int BATCH = 2;
    private static final Convolution3D.DataFormat VOLUMES = Convolution3D.DataFormat.NCDHW;

    private LayerExamples() {}

    /** Networks by the names of the layers' classes. */
    static Map<String, MultiLayerNetwork> networks() {
        Map<String, MultiLayerNetwork> networks = new TreeMap<>();
        for (Class<?> type : LayerClasses.all()) {
            if (PoolingLayer.class.isAssignableFrom(type)) {
                networks.put(type.getSimpleName(), network(layer(type.asSubclass(PoolingLayer.class))));
            }
        }
        return networks;
    }

    private static PoolingLayer layer(Class<? extends PoolingLayer> type) {
        if (type == QuantizedPooling.class) {
            return new QuantizedPooling.Builder(new MaxPooling.Builder(2, 2).build())
                    .quantization(Quantization.ofRange(DataType.UINT8, -1, 1)).build();
        }
        Optional<? extends PoolingLayer> ofImages = Examples.of(2, false).layer(type);
        return ofImages.isPresent() ? ofImages.get() : Examples.of(1, false).layer(type).orElseThrow(
                () -> new AssertionError(type + " has no builder that " + Examples.class + " has values for"));
    }

    private static MultiLayerNetwork network(PoolingLayer layer) {
        ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .activation(Activation.TANH)
                .list();
        switch (layer.dimensions()) {
            case 1:
                list.layer(new SimpleRnn.Builder().nOut(CHANNELS).build())
                        .setInputType(InputType.recurrent(2, SIZE));
                break;
            case 2:
                list.layer(new ConvolutionLayer.Builder(3, 3).nOut(CHANNELS).build())
                        .setInputType(InputType.convolutional(SIZE + 2, SIZE + 2, 1));
                break;
            default:
                list.layer(new Convolution3D.Builder(2, 2, 2).nOut(CHANNELS).dataFormat(VOLUMES).build())
                        .setInputType(InputType.convolutional3D(VOLUMES, SIZE - 3, SIZE - 1, SIZE + 1, 1));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.layer(layer).build());
        network.init();
        return network;
    }

    /** What a network is tried on; depends on java.util.Random only. */
    static INDArray input(MultiLayerNetwork network) {
        Layer first = network.getLayer(0).conf().getLayer();
        int[] shape = first instanceof SimpleRnn ? new int[] {BATCH, 2, SIZE}
                : first instanceof Convolution3D ? new int[] {BATCH, 1, SIZE - 3, SIZE - 1, SIZE + 1}
                : new int[] {BATCH, 1, SIZE + 2, SIZE + 2};
        return PlainArray.gaussian(new Random(2), 1, shape).toArray(DataType.DOUBLE, false);
    }
}
