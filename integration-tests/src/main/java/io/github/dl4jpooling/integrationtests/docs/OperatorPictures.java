// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.SpikingOp;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pictures of what operators do, in docs/images/operators: an image and a test pattern, each beside its result. An
 * operator whose result is not a map, or whose inputs nothing here can make, has none.
 */
final class OperatorPictures {

    private static final int SIZE = 28; // of Fashion-MNIST
    private static final int WINDOW = 4;
    private static final int STRIDE = 2;
    private static final int CELLS = 9;
    private static final int IMAGE = 0; // an ankle boot
    private static final int LOGIT = 5;

    /** Corners of a region, and centre, size and angle of a turned one. */
    private static final float[] BOX = {8, 5, 26, 23};
    private static final float[] TURNED_BOX = {16, 14, 18, 14, 0.5f};

    private final INDArray images;

    OperatorPictures() throws IOException {
        images = Nd4j.create(DataType.FLOAT, 2, 1, SIZE, SIZE);
        byte[] pixels = ImageDatasets.load(ImageDatasets.EMBEDDED).test().pixels(IMAGE);
        for (int i = 0; i < pixels.length; i++) {
            images.putScalar(new int[] {0, 0, i / SIZE, i % SIZE}, (pixels[i] & 0xff) / 255f);
            images.putScalar(new int[] {1, 0, i / SIZE, i % SIZE}, pattern(i / SIZE, i % SIZE));
        }
    }

    /** Quarters: bright dots on dark ground, dark dots on bright ground, a ramp, stripes. */
    private static float pattern(int row, int column) {
        int half = SIZE / 2;
        if (row < half) {
            boolean dot = row % 5 == 2 && column % 5 == 2;
            return dot == column < half ? 0.9f : 0.2f;
        }
        return column < half ? column / (half - 1f) : (row + column) / 3 % 2 == 0 ? 0.2f : 0.9f;
    }

    /** Where the picture of an operator lies in a checkout. */
    static String path(PoolingOperator operator) {
        return "docs/images/operators/" + operator.stem() + ".png";
    }

    /** The picture of an operator as a PNG file, if it can be drawn. */
    Optional<byte[]> draw(PoolingOperator operator) throws IOException {
        // 8-bit numbers look like what they stand for, and spikes are pooled over time.
        if (!operator.dimensions().contains(2) || !operator.hasGradient() || operator.newOp() instanceof SpikingOp) {
            return Optional.empty();
        }
        Nd4j.getRandom().setSeed(1);
        int cells = operator.newOp() instanceof MaxUnpool ? SIZE : CELLS;
        Examples examples = Examples.of(2, false).window(WINDOW, STRIDE).cells(cells);
        Examples apart = Examples.of(2, false).window(STRIDE, STRIDE); // some take no windows that overlap
        PoolingOp op = examples.op(operator).or(() -> apart.op(operator)).orElse(null);
        EffectPicture picture = new EffectPicture(images);
        Optional<INDArray> results;
        if (op instanceof RegionOp) {
            picture.outline(outline((RegionOp) op));
            results = Optional.of(ofRegions((RegionOp) op));
        } else if (op != null && takesElements(op)) {
            results = Optional.of(new NDPooling().pool(op, withElements(op)));
        } else {
            results = ofLayer(operator, examples);
            if (results.isEmpty() && op != null) {
                results = MadeInputs.of(op, images).map(inputs -> new NDPooling().pool(op, inputs));
            }
        }
        boolean isMap = results.isPresent() && results.get().rank() == images.rank();
        return isMap ? Optional.of(picture.png(results.get())) : Optional.empty();
    }

    /** Whether all inputs have the shape of the array to pool. */
    private static boolean takesElements(PoolingOp op) {
        return op.inputNames().size() == 1
                || op instanceof WindowOp && ((WindowOp) op).furtherInputs().stream().allMatch(WindowInput::isElements);
    }

    /** The images, and multiples of them as logits. */
    private INDArray[] withElements(PoolingOp op) {
        INDArray[] inputs = new INDArray[op.inputNames().size()];
        Arrays.setAll(inputs, i -> i == 0 ? images : images.mul(LOGIT));
        return inputs;
    }

    /** Result of a fresh layer, whose parameters are the op's further inputs. */
    private Optional<INDArray> ofLayer(PoolingOperator operator, Examples examples) {
        for (Class<?> type : LayerClasses.of(operator)) {
            Object made = examples.layer(type).orElse(null);
            if (made instanceof PoolingLayer) {
                PoolingLayer layer = (PoolingLayer) made;
                layer.setNIn(InputType.convolutional(SIZE, SIZE, 1), true);
                PoolingOp op = layer.op(true);
                INDArray[] inputs = inputs(layer, op);
                if (Arrays.stream(inputs).noneMatch(input -> input == null)) {
                    return Optional.of(new NDPooling().pool(op, inputs));
                }
            }
        }
        return Optional.empty();
    }

    private INDArray[] inputs(PoolingLayer layer, PoolingOp op) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        layer.parameterShapes().forEach((name, shape) -> {
            parameters.put(name, Nd4j.create(DataType.FLOAT, shape));
            layer.initializeParameter(name, parameters.get(name));
        });
        return op.inputNames().stream()
                .map(name -> name.equals(op.inputNames().get(0)) ? images : layer.input(name, parameters, true))
                .toArray(INDArray[]::new);
    }

    private static float[] box(RegionOp op) {
        return op.boxNumbers() == TURNED_BOX.length ? TURNED_BOX : BOX;
    }

    private static Shape outline(RegionOp op) {
        if (box(op) == BOX) {
            return new Rectangle2D.Float(BOX[0], BOX[1], BOX[2] - BOX[0], BOX[3] - BOX[1]);
        }
        float width = TURNED_BOX[2];
        float height = TURNED_BOX[3];
        return AffineTransform.getRotateInstance(-TURNED_BOX[4], TURNED_BOX[0], TURNED_BOX[1]).createTransformedShape(
                new Rectangle2D.Float(TURNED_BOX[0] - width / 2, TURNED_BOX[1] - height / 2, width, height));
    }

    /** Result for one box in each image. */
    private INDArray ofRegions(RegionOp op) {
        float[] box = box(op);
        INDArray boxes = Nd4j.create(DataType.FLOAT, 2, box.length + 1);
        for (int i = 0; i < 2; i++) {
            boxes.putScalar(i, 0, i);
            for (int j = 0; j < box.length; j++) {
                boxes.putScalar(i, j + 1, box[j]);
            }
        }
        // Channels as many as cells give one channel where every cell has its own; all hold the same image.
        boolean grouped = op.outputChannels((long) CELLS * CELLS) == 1;
        INDArray maps = grouped
                ? Nd4j.concat(1, Collections.nCopies(CELLS * CELLS, images).toArray(new INDArray[0]))
                : images;
        return new NDPooling().pool(op, MadeInputs.ofRegions(op, CELLS, maps, boxes));
    }
}
