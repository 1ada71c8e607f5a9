// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Scenes for the training of region networks, made from real images: grey noise and four items in each, whose boxes
 * are known exactly. Proposals are the true boxes moved and stretched at random, with a mean intersection over union of
 * about 0.64 with them, as a detector's first stage would give.
 *
 * <p>A scene has {@link #SIZE} x {@link #SIZE} pixels from 0 to 1. Each item is cut to the smallest rectangle around
 * what is brighter than a tenth, scaled by 0.7 to 1.8 and put into a quarter of the scene, at any position between the
 * pixels: interpolated linearly inside, and mixed with the noise at the edges by the share of the pixel that the box
 * covers. Pixels that no box touches are noise, uniform from 0 to 0.2. The brighter one of item and noise is seen.
 *
 * <p>Equal arguments give equal scenes. Training and test scenes of disjoint items are disjoint.
 */
public final class RegionScenes {
    /** Width and height of a scene. */
    public static final int SIZE = 112;
    /** Items in a scene. */
    public static final int ITEMS = 4;

    private static final double SMALLEST_SCALE = 0.7;
    private static final double LARGEST_SCALE = 1.8;
    private static final double NOISE = 0.2;
    private static final int BACKGROUND = 25;
    private static final int WHITE = 255;
    /** Largest shift of a proposal as a share of the box's size, and logarithm of its largest stretch. */
    private static final double SHIFT = 0.21;
    private static final double STRETCH = 0.27;

    private final LabelledImages items;
    private final int proposalsOfAnItem;
    private final List<Scene> scenes = new ArrayList<>();

    /**
     * Makes scenes.
     *
     * @param items grey images of items on black ground, at most 31 pixels wide and high
     * @param scenes number of scenes
     * @param proposalsOfAnItem number of proposals for each item
     * @param seed any number
     * @throws IllegalArgumentException if the images are not grey or too large, or a number is less than 1
     */
    public RegionScenes(LabelledImages items, int scenes, int proposalsOfAnItem, long seed) {
        if (items.channels() != 1 || LARGEST_SCALE * Math.max(items.height(), items.width()) > SIZE / 2.0) {
            throw new IllegalArgumentException("items must be grey images of at most "
                    + (int) (SIZE / 2 / LARGEST_SCALE) + " pixels in width and height, got " + items);
        }
        requireAtLeastOne("scenes", scenes);
        requireAtLeastOne("proposalsOfAnItem", proposalsOfAnItem);
        this.items = items;
        this.proposalsOfAnItem = proposalsOfAnItem;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < scenes; i++) {
            this.scenes.add(new Scene(random.split()));
        }
    }

    /** @return number of scenes */
    public int size() {
        return scenes.size();
    }

    /** @return names of the classes; a label is a position in this list */
    public List<String> classNames() {
        return items.classNames();
    }

    /**
     * @param scene number of the scene
     * @return a copy of its pixels, row by row
     */
    public float[] pixels(int scene) {
        return scenes.get(scene).pixels.clone();
    }

    /**
     * @param scene number of the scene
     * @return exact box of each proposal's item
     */
    public List<Box> boxes(int scene) {
        return Collections.unmodifiableList(scenes.get(scene).boxes);
    }

    /**
     * @param scene number of the scene
     * @return proposals, those of an item one after another
     */
    public List<Box> proposals(int scene) {
        return Collections.unmodifiableList(scenes.get(scene).proposals);
    }

    /**
     * @param scene number of the scene
     * @return class of each proposal's item
     */
    public List<Integer> labels(int scene) {
        return Collections.unmodifiableList(scenes.get(scene).labels);
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
        }
    }

    private final class Scene {
        private final float[] pixels = new float[SIZE * SIZE];
        private final List<Box> boxes = new ArrayList<>();
        private final List<Box> proposals = new ArrayList<>();
        private final List<Integer> labels = new ArrayList<>();

        Scene(SplittableRandom random) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) (NOISE * random.nextDouble());
            }
            for (int quarter = 0; quarter < ITEMS; quarter++) {
                int image = random.nextInt(items.size());
                Item item = new Item(items.pixels(image), items.width());
                double scale = SMALLEST_SCALE + (LARGEST_SCALE - SMALLEST_SCALE) * random.nextDouble();
                double width = scale * item.width;
                double height = scale * item.height;
                double half = SIZE / 2.0;
                double x = quarter % 2 * half + (half - width) * random.nextDouble();
                double y = quarter / 2 * half + (half - height) * random.nextDouble();
                Box box = new Box(x, y, x + width, y + height);
                draw(item, box, scale);
                for (int i = 0; i < proposalsOfAnItem; i++) {
                    boxes.add(box);
                    proposals.add(proposal(box, random));
                    labels.add(items.label(image));
                }
            }
        }

        private void draw(Item item, Box box, double scale) {
            for (int row = (int) box.y1(); row < Math.min(SIZE, Math.ceil(box.y2())); row++) {
                for (int column = (int) box.x1(); column < Math.min(SIZE, Math.ceil(box.x2())); column++) {
                    double covered = covered(row, box.y1(), box.y2()) * covered(column, box.x1(), box.x2());
                    double value = item.at((row + 0.5 - box.y1()) / scale, (column + 0.5 - box.x1()) / scale);
                    float noise = pixels[row * SIZE + column];
                    pixels[row * SIZE + column] = (float) (noise + covered * Math.max(0, value - noise));
                }
            }
        }

        private double covered(int pixel, double from, double to) {
            return Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));
        }

        private Box proposal(Box box, SplittableRandom random) {
            double x = (box.x1() + box.x2()) / 2 + SHIFT * box.width() * signed(random);
            double y = (box.y1() + box.y2()) / 2 + SHIFT * box.height() * signed(random);
            double halfWidth = box.width() / 2 * Math.exp(STRETCH * signed(random));
            double halfHeight = box.height() / 2 * Math.exp(STRETCH * signed(random));
            return new Box(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight).within(SIZE);
        }

        private double signed(SplittableRandom random) {
            return 2 * random.nextDouble() - 1;
        }
    }

    /** The part of an image that is not background. */
    private static final class Item {
        private final byte[] pixels;
        private final int stride;
        private int top = Integer.MAX_VALUE;
        private int left = Integer.MAX_VALUE;
        private int height;
        private int width;

        Item(byte[] pixels, int stride) {
            this.pixels = pixels;
            this.stride = stride;
            int bottom = 0;
            int right = 0;
            for (int i = 0; i < pixels.length; i++) {
                if ((pixels[i] & 0xff) > BACKGROUND) {
                    top = Math.min(top, i / stride);
                    left = Math.min(left, i % stride);
                    bottom = Math.max(bottom, i / stride + 1);
                    right = Math.max(right, i % stride + 1);
                }
            }
            if (bottom == 0) { // nothing is bright: the whole image
                top = 0;
                left = 0;
                bottom = pixels.length / stride;
                right = stride;
            }
            height = bottom - top;
            width = right - left;
        }

        /** Interpolated; (0.5, 0.5) is the middle of the first pixel. The outermost pixels go on outwards. */
        double at(double y, double x) {
            double row = Math.max(0, Math.min(height - 1, y - 0.5));
            double column = Math.max(0, Math.min(width - 1, x - 0.5));
            int above = (int) row;
            int before = (int) column;
            double down = row - above;
            double right = column - before;
            return ((1 - down) * ((1 - right) * pixel(above, before) + right * pixel(above, before + 1))
                    + down * ((1 - right) * pixel(above + 1, before) + right * pixel(above + 1, before + 1))) / WHITE;
        }

        private int pixel(int row, int column) {
            int y = top + Math.min(row, height - 1);
            int x = left + Math.min(column, width - 1);
            return pixels[y * stride + x] & 0xff;
        }
    }
}
