// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.zoo.compare.MapImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Draws images [N,1,H,W], each beside what became of it. */
final class EffectPicture {

    private static final int SCALE = 4;
    private static final int GAP = 28;
    private static final int MARGIN = 4;
    private static final int STROKE = 2;
    private static final float ROUNDING = 1e-4f;
    private static final float DARK = 0.5f;

    private final INDArray images;
    private final int tile;
    private Shape outline;

    EffectPicture(INDArray images) {
        this.images = images;
        tile = SCALE * (int) images.size(2);
    }

    /** Draws a shape, in elements, over the images. */
    void outline(Shape shape) {
        outline = shape;
    }

    /** The picture as a PNG file. Of the results, [N,C,rows,columns], the first channel is drawn. */
    byte[] png(INDArray results) throws IOException {
        int count = (int) images.size(0);
        int pair = 2 * tile + GAP;
        int width = count * (pair + GAP) - GAP + 2 * MARGIN;
        BufferedImage picture = new BufferedImage(width, tile + 2 * MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        for (int i = 0; i < count; i++) {
            int x = MARGIN + i * (pair + GAP);
            draw(graphics, images, i, x);
            drawOutline(graphics, x);
            drawArrow(graphics, x + tile);
            draw(graphics, results, i, x + tile + GAP);
        }
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", out);
        return out.toByteArray();
    }

    private void draw(Graphics2D graphics, INDArray maps, int number, int x) {
        float[][] map = maps.slice(number).slice(0).toFloatMatrix();
        float low = (float) numbers(map).min().orElse(0);
        float high = (float) numbers(map).max().orElse(0);
        boolean suitsInput = low >= -ROUNDING && high <= 1 + ROUNDING && high >= DARK;
        BufferedImage image = MapImage.of(map, suitsInput ? 0 : low, suitsInput ? 1 : high);
        graphics.drawImage(image, x, MARGIN, tile, tile, null); // nearest neighbour, unless asked otherwise
    }

    private static DoubleStream numbers(float[][] map) {
        return Arrays.stream(map).flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]));
    }

    private void drawOutline(Graphics2D graphics, int x) {
        if (outline != null) {
            AffineTransform place = AffineTransform.getTranslateInstance(x, MARGIN);
            place.scale(SCALE, SCALE);
            graphics.setColor(Color.CYAN);
            graphics.setStroke(new BasicStroke(STROKE));
            graphics.draw(place.createTransformedShape(outline));
        }
    }

    private void drawArrow(Graphics2D graphics, int x) {
        int middle = MARGIN + tile / 2;
        graphics.setColor(Color.DARK_GRAY);
        graphics.fillPolygon(new int[] {x + 8, x + 20, x + 8}, new int[] {middle - 8, middle, middle + 8}, 3);
    }
}
