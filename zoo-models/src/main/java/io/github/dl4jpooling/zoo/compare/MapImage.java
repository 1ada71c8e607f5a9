// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.awt.image.BufferedImage;

/** Draws a feature map, a pixel an element. */
public final class MapImage {
    /** Support points of a scale from dark to bright that stays monotonous in grey. */
    private static final int[] SCALE = {0x0b0b2b, 0x3b1f6b, 0x7a2a7c, 0xb93a6e, 0xe9605a, 0xf99a5b, 0xfcd28b, 0xfdfbd0};

    private MapImage() {}

    /**
     * Draws a map.
     *
     * @param map [row][column]
     * @param low value of the darkest colour; smaller ones get it too
     * @param high value of the brightest colour; larger ones get it too
     * @return the picture
     */
    public static BufferedImage of(float[][] map, float low, float high) {
        BufferedImage image = new BufferedImage(map[0].length, map.length, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < map.length; row++) {
            for (int column = 0; column < map[row].length; column++) {
                float share = high > low ? (map[row][column] - low) / (high - low) : 0;
                image.setRGB(column, row, color(share));
            }
        }
        return image;
    }

    private static int color(float share) {
        float position = Math.max(0, Math.min(1, share)) * (SCALE.length - 1);
        int from = Math.min((int) position, SCALE.length - 2);
        float weight = position - from;
        int color = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            float low = SCALE[from] >> shift & 0xff;
            float high = SCALE[from + 1] >> shift & 0xff;
            color |= Math.round(low + weight * (high - low)) << shift;
        }
        return color;
    }
}
