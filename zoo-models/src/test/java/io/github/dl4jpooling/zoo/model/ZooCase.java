// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.PooledZoo;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A model of the zoo, as small as it gets, with two examples. */
final class ZooCase {
    private static final int CLASSES = 3;
    private static final int EXAMPLES = 2;

    /** Input shapes; widths below 1 where a model has them. */
    private static final Map<String, int[]> SHAPES = new LinkedHashMap<>();
    private static final Map<String, Double> WIDTHS = Map.of(
            "googlenet", 0.25, "mobilenetv2", 0.25, "lip-resnet50", 0.125, "lip-resnet101", 0.125,
            "lip-densenet121", 0.25, "softpool-resnet50", 0.125, "tree-gated-cnn", 0.25, "nin", 0.25,
            "spp-net", 0.125, "region-net", 0.25);
    private static final List<String> QUICK = List.of(
            "lenet", "simplecnn", "dpp-resnet110", "tree-gated-cnn", "stochastic-pooling-net", "nin", "spp-net",
            "region-net");

    static {
        SHAPES.put("lenet", new int[] {1, 28, 28});
        SHAPES.put("simplecnn", new int[] {3, 32, 32});
        SHAPES.put("alexnet", new int[] {3, 64, 64});
        SHAPES.put("vgg16", new int[] {3, 32, 32});
        SHAPES.put("vgg19", new int[] {3, 32, 32});
        SHAPES.put("resnet50", new int[] {3, 64, 64});
        SHAPES.put("squeezenet", new int[] {3, 64, 64});
        SHAPES.put("darknet19", new int[] {3, 64, 64});
        SHAPES.put("tinyyolo", new int[] {3, 64, 64});
        SHAPES.put("yolo2", new int[] {3, 64, 64});
        SHAPES.put("xception", new int[] {3, 71, 71});
        SHAPES.put("inceptionresnetv1", new int[] {3, 96, 96});
        SHAPES.put("unet", new int[] {3, 32, 32});
        SHAPES.put("facenet", new int[] {3, 64, 64});
        SHAPES.put("googlenet", new int[] {3, 64, 64});
        SHAPES.put("mobilenetv2", new int[] {3, 64, 64});
        SHAPES.put("lip-resnet50", new int[] {3, 64, 64});
        SHAPES.put("lip-resnet101", new int[] {3, 64, 64});
        SHAPES.put("lip-densenet121", new int[] {3, 64, 64});
        SHAPES.put("softpool-resnet50", new int[] {3, 64, 64});
        SHAPES.put("dpp-resnet110", new int[] {3, 16, 16});
        SHAPES.put("tree-gated-cnn", new int[] {3, 16, 16});
        SHAPES.put("stochastic-pooling-net", new int[] {1, 16, 16});
        SHAPES.put("nin", new int[] {3, 16, 16});
        SHAPES.put("spp-net", new int[] {3, 64, 64});
        SHAPES.put("region-net", new int[] {1, 16, 16});
    }

    private final String name;
    private final int[] shape;

    private ZooCase(String name) {
        this.name = name;
        shape = SHAPES.get(name);
    }

    static List<ZooCase> quick() {
        return QUICK.stream().map(ZooCase::new).collect(Collectors.toList());
    }

    static List<ZooCase> slow() {
        return PooledZoo.names().stream()
                .filter(name -> !QUICK.contains(name))
                .map(ZooCase::new)
                .collect(Collectors.toList());
    }

    String name() {
        return name;
    }

    ModelBuilder<?> builder() {
        ModelBuilder<?> builder = PooledZoo.named(name).inputShape(shape);
        builder.numClasses(name.equals("unet") ? 1 : CLASSES);
        if (builder instanceof GraphModel.Builder) {
            ((GraphModel.Builder<?>) builder).width(WIDTHS.getOrDefault(name, 1.0));
        }
        if (builder instanceof DppResNet.Builder) {
            ((DppResNet.Builder) builder).depth(8);
        }
        return builder;
    }

    INDArray[] inputs() {
        INDArray images = Nd4j.rand(DataType.FLOAT, EXAMPLES, shape[0], shape[1], shape[2]);
        if (name.equals("region-net")) {
            return new INDArray[] {images, Nd4j.createFromArray(new float[][] {
                {0, 1, 2, 9, 11}, {1, 0, 0, 15, 15}, {1, 4.5f, 3.5f, 13, 8}})};
        }
        return new INDArray[] {images};
    }

    INDArray labels() {
        switch (name) {
            case "unet":
                return Nd4j.rand(DataType.FLOAT, EXAMPLES, 1, shape[1], shape[2]).gt(0.5).castTo(DataType.FLOAT);
            case "tinyyolo":
            case "yolo2":
                // An object of class 1 in the first of 2x2 cells: x1, y1, x2, y2 in cells, then the class.
                INDArray objects = Nd4j.zeros(DataType.FLOAT, EXAMPLES, 4 + CLASSES, 2, 2);
                float[] object = {0.2f, 0.1f, 0.9f, 0.8f, 0, 1, 0};
                for (int i = 0; i < object.length; i++) {
                    objects.putScalar(0, i, 0, 0, object[i]);
                }
                return objects;
            default:
                int rows = name.equals("region-net") ? 3 : EXAMPLES;
                INDArray labels = Nd4j.zeros(DataType.FLOAT, rows, CLASSES);
                for (int i = 0; i < rows; i++) {
                    labels.putScalar(i, i, 1);
                }
                return labels;
        }
    }

    static void fit(Model network, INDArray[] inputs, INDArray labels) {
        if (network instanceof MultiLayerNetwork) {
            ((MultiLayerNetwork) network).fit(inputs[0], labels);
        } else {
            ((ComputationGraph) network).fit(new MultiDataSet(inputs, new INDArray[] {labels}));
        }
    }

    static INDArray output(Model network, INDArray... inputs) {
        return network instanceof MultiLayerNetwork
                ? ((MultiLayerNetwork) network).output(inputs[0])
                : ((ComputationGraph) network).outputSingle(inputs);
    }

    static void save(Model network, File file) throws IOException {
        if (network instanceof MultiLayerNetwork) {
            ((MultiLayerNetwork) network).save(file, false);
        } else {
            ((ComputationGraph) network).save(file, false);
        }
    }

    static Model load(Model like, File file) throws IOException {
        return like instanceof MultiLayerNetwork
                ? MultiLayerNetwork.load(file, false)
                : ComputationGraph.load(file, false);
    }

    static void close(Model network) {
        network.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
