// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import io.github.dl4jpooling.zoo.compare.MapImage;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pictures of what operators do, in docs/images/operators: an image and a test pattern, each beside its result.
 * Operators whose further inputs are neither parameters of a layer nor logits nor boxes have none.
 */
final class OperatorPictures {

    private static final int SIZE = 28; // of Fashion-MNIST
    private static final int TILE = 4 * SIZE;
    private static final int GAP = 28;
    private static final int MARGIN = 4;
    private static final int WINDOW = 4;
    private static final int STRIDE = 2;
    private static final int CELLS = 9;
    private static final int IMAGE = 0; // an ankle boot
    private static final int LOGIT = 5;
    private static final float ROUNDING = 1e-4f;
    private static final float DARK = 0.5f;

    private final INDArray images;

    OperatorPictures() throws IOException {
        images = Nd4j.create(DataType.FLOAT, 2, 1, SIZE, SIZE);
        LabelledImages test = ImageDatasets.load(ImageDatasets.EMBEDDED).test();
        byte[] pixels = test.pixels(IMAGE);
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
        if (!operator.dimensions().contains(2)) {
            return Optional.empty();
        }
        Nd4j.getRandom().setSeed(1);
        Examples examples = Examples.of(2, false).window(WINDOW, STRIDE).cells(CELLS);
        Optional<PoolingOp> op = examples.op(operator);
        Optional<INDArray> results = op.isPresent() && takesElements(op.get())
                ? op.map(simple -> new NDPooling().pool(simple, withElements(simple)))
                : ofLayer(operator, examples);
        return results.isPresent() && results.get().rank() == images.rank()
                ? Optional.of(png(picture(results.get())))
                : Optional.empty();
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

    private BufferedImage picture(INDArray results) {
        int pair = 2 * TILE + GAP;
        BufferedImage picture = new BufferedImage(2 * pair + GAP + 2 * MARGIN, TILE + 2 * MARGIN,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        for (int i = 0; i < 2; i++) {
            int x = MARGIN + i * (pair + GAP);
            tile(graphics, images.slice(i).slice(0).toFloatMatrix(), x);
            arrow(graphics, x + TILE);
            tile(graphics, results.slice(i).slice(0).toFloatMatrix(), x + TILE + GAP);
        }
        graphics.dispose();
        return picture;
    }

    private static void tile(Graphics2D graphics, float[][] map, int x) {
        float low = smallest(map);
        float high = largest(map);
        boolean suitsInput = low >= -ROUNDING && high <= 1 + ROUNDING && high >= DARK;
        BufferedImage image = MapImage.of(map, suitsInput ? 0 : low, suitsInput ? 1 : high);
        graphics.drawImage(image, x, MARGIN, TILE, TILE, null); // nearest neighbour, unless asked otherwise
    }

    private static float smallest(float[][] map) {
        return (float) Arrays.stream(map).flatMapToDouble(OperatorPictures::numbers).min().orElse(0);
    }

    private static float largest(float[][] map) {
        return (float) Arrays.stream(map).flatMapToDouble(OperatorPictures::numbers).max().orElse(0);
    }

    private static DoubleStream numbers(float[] row) {
        return IntStream.range(0, row.length).mapToDouble(i -> row[i]);
    }

    private static void arrow(Graphics2D graphics, int x) {
        int middle = MARGIN + TILE / 2;
        graphics.setColor(Color.DARK_GRAY);
        graphics.fillPolygon(new int[] {x + 8, x + 20, x + 8}, new int[] {middle - 8, middle, middle + 8}, 3);
    }

    private static byte[] png(BufferedImage picture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", out);
        return out.toByteArray();
    }
}
