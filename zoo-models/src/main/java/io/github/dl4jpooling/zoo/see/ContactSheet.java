// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

import io.github.dl4jpooling.zoo.compare.Picture;
import io.github.dl4jpooling.zoo.text.Table;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The image and what each pooling makes of it, side by side, as a picture and as a page. */
final class ContactSheet {
    private static final int LONGEST_SIDE = 128;
    private static final int COLUMNS = 6;
    private static final int GAP = 8;
    private static final int LINE = 14;
    private static final int WHITE = 255;
    private static final float ROUNDING = 1e-3f;

    private final SeenImage image;
    private final List<PooledImage> results;
    private final int width;
    private final int height;

    ContactSheet(SeenImage image, List<PooledImage> results) {
        this.image = image;
        this.results = results;
        double scale = LONGEST_SIDE / (double) Math.max(image.width(), image.height());
        width = Math.max(1, (int) Math.round(scale * image.width()));
        height = Math.max(1, (int) Math.round(scale * image.height()));
    }

    /** With names and figures, if Java finds a font. */
    BufferedImage picture() {
        int count = results.size() + 1;
        int columns = Math.min(COLUMNS, count);
        int rows = (count + columns - 1) / columns;
        boolean fonts = Picture.hasFonts();
        int cellWidth = Math.max(width, fonts ? LONGEST_SIDE : 0) + GAP;
        int cellHeight = height + GAP + (fonts ? 2 * LINE : 0);
        return Picture.draw(columns * cellWidth + GAP, rows * cellHeight + GAP, graphics -> {
            for (int i = 0; i < count; i++) {
                int x = GAP + i % columns * cellWidth;
                int y = GAP + i / columns * cellHeight;
                graphics.drawImage(tile(i), x, y, width, height, null); // nearest neighbour
                if (fonts) {
                    graphics.setColor(Color.BLACK);
                    graphics.setFont(graphics.getFont().deriveFont((float) LINE - 3));
                    graphics.drawString(title(i), x, y + height + LINE - 2);
                    graphics.setColor(Color.GRAY);
                    graphics.drawString(figures(i), x, y + height + 2 * LINE - 3);
                }
            }
        });
    }

    private BufferedImage tile(int number) {
        return picture(number == 0 ? image.planes() : results.get(number - 1).upsampled());
    }

    private String title(int number) {
        return number == 0 ? "original" : results.get(number - 1).name();
    }

    private String figures(int number) {
        if (number == 0) {
            return image.width() + " x " + image.height();
        }
        PooledImage result = results.get(number - 1);
        return String.format(Locale.ROOT, "SSIM %.3f, shift %.3f", result.similarity(), result.shiftSensitivity());
    }

    /** Values from 0 to 1 as they are, others stretched to it. */
    static BufferedImage picture(float[][][] planes) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float[][] plane : planes) {
            for (float[] row : plane) {
                for (float value : row) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        boolean asItIs = low >= -ROUNDING && high <= 1 + ROUNDING;
        float from = asItIs ? 0 : low;
        float range = asItIs ? 1 : high - low;
        BufferedImage picture =
                new BufferedImage(planes[0][0].length, planes[0].length, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int color = 0;
                for (int c = 0; c < 3; c++) {
                    float value = (planes[Math.min(c, planes.length - 1)][y][x] - from) / range;
                    color = color << Byte.SIZE | Math.round(WHITE * Math.max(0, Math.min(1, value)));
                }
                picture.setRGB(x, y, color);
            }
        }
        return picture;
    }

    /** A page with the pictures inside. */
    String html(String description, Table table, String legend) throws IOException {
        List<String> figures = new ArrayList<>();
        for (int i = 0; i <= results.size(); i++) {
            figures.add("<figure><img alt=\"" + Table.escapeHtml(title(i)) + "\" src=\"data:image/png;base64,"
                    + Base64.getEncoder().encodeToString(Picture.png(tile(i))) + "\"><figcaption><b>"
                    + Table.escapeHtml(title(i)) + "</b><br>" + figures(i) + "</figcaption></figure>\n");
        }
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>What poolings keep of "
                + Table.escapeHtml(image.name()) + "</title>\n<style>\n"
                + "body { font: 16px/1.5 system-ui, sans-serif; max-width: 1180px; margin: 0 auto; padding: 2rem; }\n"
                + "figure { display: inline-block; width: 168px; margin: 0 1rem 1rem 0; font-size: .8rem; }\n"
                + "img { width: 100%; image-rendering: pixelated; }\n"
                + "th, td { padding: .3rem .7rem; text-align: left; border-bottom: 1px solid #ddd; }\n"
                + "td.right, th.right { text-align: right; }\n</style>\n</head>\n<body>\n<h1>What poolings keep of "
                + Table.escapeHtml(image.name()) + "</h1>\n<p>" + Table.escapeHtml(description) + "</p>\n"
                + String.join("", figures) + table.toHtml() + "<p>" + Table.escapeHtml(legend)
                + "</p>\n</body>\n</html>\n";
    }
}
