// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.compare.Picture;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/** Draws the first test images and below them what each encoder's code tells of them: a row for each pooling. */
final class PretextPicture {
    private static final int TILE = 56;
    private static final int GAP = 4;
    private static final int LABEL = 96;
    private static final int WHITE = 255;

    private PretextPicture() {}

    /** Rebuilt by the networks of the first seed. */
    static BufferedImage draw(PretextStudy study, LabelledImages test) {
        List<String> poolings = study.protocol().poolings();
        int columns = Math.min(PretextTraining.PICTURED, test.size());
        double[][] images = test.batch(IntStream.range(0, columns).toArray()).getFeatures()
                .reshape(columns, (long) test.channels() * test.height() * test.width()).toDoubleMatrix();
        int left = Picture.hasFonts() ? LABEL : 0;
        return Picture.draw(left + columns * (TILE + GAP), (1 + poolings.size()) * (TILE + GAP), graphics -> {
            row(graphics, "image", images, test, left, 0);
            for (int i = 0; i < poolings.size(); i++) {
                row(graphics, poolings.get(i), study.runs(poolings.get(i)).get(0).rebuilt(), test, left, i + 1);
            }
        });
    }

    private static void row(
            Graphics2D graphics, String name, double[][] images, LabelledImages like, int left, int row) {
        int y = row * (TILE + GAP);
        if (left > 0) {
            graphics.setColor(Color.BLACK);
            graphics.drawString(name, 0, y + TILE / 2);
        }
        for (int column = 0; column < images.length; column++) {
            graphics.drawImage(image(images[column], like), left + column * (TILE + GAP), y, TILE, TILE, null);
        }
    }

    private static BufferedImage image(double[] pixels, LabelledImages like) {
        BufferedImage image = new BufferedImage(like.width(), like.height(), BufferedImage.TYPE_INT_RGB);
        int area = like.width() * like.height();
        for (int i = 0; i < area; i++) {
            int[] colours = new int[3];
            for (int c = 0; c < colours.length; c++) {
                double value = pixels[Math.min(c, like.channels() - 1) * area + i];
                colours[c] = (int) Math.round(WHITE * Math.max(0, Math.min(1, value)));
            }
            image.setRGB(i % like.width(), i / like.width(), new Color(colours[0], colours[1], colours[2]).getRGB());
        }
        return image;
    }
}
