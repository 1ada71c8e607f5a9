// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Feature maps of one image before and after each pooling layer: a block for each layer, a row for each pooling. */
final class FeatureMapPicture {
    private static final int CHANNELS = 8;
    private static final int MAP = 58;
    private static final int GAP = 4;
    private static final int MARGIN = 16;
    private static final int LABEL = 84;
    private static final int ARROW = 44;
    private static final int TITLE = 46;
    private static final int INPUT = 84;
    private static final int STRIP = CHANNELS * (MAP + GAP);
    private static final int WIDTH = 2 * MARGIN + LABEL + 2 * STRIP + ARROW;
    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    private static final Color INK = new Color(0x333333);

    private final Graphics2D graphics;
    private int y = MARGIN;

    private FeatureMapPicture(Graphics2D graphics) {
        this.graphics = graphics;
        graphics.setColor(INK);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION,
                RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    }

    /**
     * @param caption what the image shows
     * @param image the image
     * @param maps of each pooling: the pooling layers in order
     */
    static BufferedImage draw(String caption, BufferedImage image, Map<String, List<FeatureMaps>> maps) {
        int layers = maps.values().iterator().next().size();
        int height = 2 * MARGIN + INPUT + layers * (TITLE + maps.size() * (MAP + GAP));
        return Picture.draw(WIDTH, height, graphics -> {
            FeatureMapPicture picture = new FeatureMapPicture(graphics);
            picture.header(caption, image);
            for (int layer = 0; layer < layers; layer++) {
                picture.block(layer, maps);
            }
        });
    }

    private void header(String caption, BufferedImage image) {
        graphics.drawImage(image, MARGIN, y, INPUT, INPUT, null);
        graphics.setFont(BOLD);
        graphics.drawString(caption, MARGIN + INPUT + MARGIN, y + INPUT / 2);
        graphics.setFont(PLAIN);
        graphics.drawString("Each map is drawn from 0 (dark) to the largest value before pooling (bright).",
                MARGIN + INPUT + MARGIN, y + INPUT / 2 + 20);
        y += INPUT;
    }

    private void block(int layer, Map<String, List<FeatureMaps>> maps) {
        FeatureMaps first = maps.values().iterator().next().get(layer);
        int[] channels = strongest(first.before());
        graphics.setFont(BOLD);
        graphics.drawString(first.layer(), MARGIN, y + TITLE - 10);
        graphics.setFont(PLAIN);
        graphics.drawString("before, " + size(first.before()), MARGIN + LABEL, y + TITLE - 10);
        graphics.drawString("after, " + size(first.after()), MARGIN + LABEL + STRIP + ARROW, y + TITLE - 10);
        y += TITLE;
        maps.forEach((pooling, layers) -> row(pooling, layers.get(layer), channels));
    }

    private void row(String pooling, FeatureMaps maps, int[] channels) {
        graphics.drawString(pooling, MARGIN, y + MAP / 2 + 4);
        graphics.drawString("\u2192", MARGIN + LABEL + STRIP + ARROW / 2 - 10, y + MAP / 2 + 4);
        for (int i = 0; i < channels.length; i++) {
            float[][] before = maps.before()[channels[i]];
            float low = Math.min(0, smallest(before));
            float high = largest(before);
            int x = MARGIN + LABEL + i * (MAP + GAP);
            graphics.drawImage(MapImage.of(before, low, high), x, y, MAP, MAP, null);
            graphics.drawImage(MapImage.of(maps.after()[channels[i]], low, high), x + STRIP + ARROW, y, MAP, MAP, null);
        }
        y += MAP + GAP;
    }

    private static String size(float[][][] maps) {
        return maps[0].length + " x " + maps[0][0].length;
    }

    /** Channels with the largest mean, in their own order; those that are dark everywhere would show nothing. */
    private static int[] strongest(float[][][] maps) {
        return IntStream.range(0, maps.length).boxed().sorted(Comparator.comparingDouble(c -> -mean(maps[c])))
                .limit(CHANNELS).sorted().mapToInt(Integer::intValue).toArray();
    }

    private static double mean(float[][] map) {
        double sum = 0;
        for (float[] row : map) {
            for (float value : row) {
                sum += value;
            }
        }
        return sum / (map.length * map[0].length);
    }

    private static float smallest(float[][] map) {
        float smallest = Float.POSITIVE_INFINITY;
        for (float[] row : map) {
            for (float value : row) {
                smallest = Math.min(smallest, value);
            }
        }
        return smallest;
    }

    private static float largest(float[][] map) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float[] row : map) {
            for (float value : row) {
                largest = Math.max(largest, value);
            }
        }
        return largest;
    }
}
