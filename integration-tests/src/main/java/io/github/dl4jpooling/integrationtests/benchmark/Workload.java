// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What is timed: an operator, its windows or cells, and an array. Its text goes to the processes that time it, one of
 * which knows nothing of ND4J.
 *
 * <p>The text is {@code OPERATOR WINDOW SHAPE TYPE LAYOUT}, for instance
 * {@code soft_pool 3x3/2p1 32x64x112x112 float first}. WINDOW is {@code SIZE/STRIDEpPADDING}, or {@code to7x7} for
 * cells, {@code to7x7s2b512} for cells with 2 x 2 samples in 512 boxes (0 samples: as many as the box needs), or
 * {@code levels1_2_4}. LAYOUT is {@code first} or {@code last} (where the channels stand), or {@code strided}: channels
 * first, stored as channels, batch, places.
 */
public final class Workload {

    private static final Pattern WINDOW = Pattern.compile("([\\dx]+)/(\\d+)(?:p(\\d+))?");
    private static final Pattern CELLS = Pattern.compile("to([\\dx]+)(?:s(\\d+)b(\\d+))?");
    private static final Pattern LEVELS = Pattern.compile("levels([\\d_]+)");
    private static final int WORDS = 5;

    private final String text;
    private final String operator;
    private final String window;
    private final long[] shape;
    private final String type;
    private final String layout;

    private Workload(String text) {
        this.text = text;
        String[] words = text.split(" ");
        if (words.length != WORDS) {
            throw new IllegalArgumentException("A workload is OPERATOR WINDOW SHAPE TYPE LAYOUT, got " + text);
        }
        operator = words[0];
        window = words[1];
        shape = numbers(words[2], "x");
        type = words[3];
        layout = words[4];
        if (!matches(WINDOW) && !matches(CELLS) && !matches(LEVELS)) {
            throw new IllegalArgumentException("No window, cells or levels: " + window + " of workload " + text);
        }
    }

    /**
     * Reads a workload.
     *
     * @param text see above
     * @return the workload
     * @throws IllegalArgumentException if the text is none
     */
    public static Workload of(String text) {
        return new Workload(text);
    }

    private static long[] numbers(String text, String separator) {
        return Arrays.stream(text.split(separator)).mapToLong(Long::parseLong).toArray();
    }

    private boolean matches(Pattern pattern) {
        return pattern.matcher(window).matches();
    }

    private String part(Pattern pattern, int group) {
        Matcher matcher = pattern.matcher(window);
        if (!matcher.matches()) {
            throw new IllegalStateException("Workload " + text + " has another kind of window");
        }
        return matcher.group(group);
    }

    /** @return stem of the operator */
    public String operator() {
        return operator;
    }

    /** @return windows or cells as text */
    public String window() {
        return window;
    }

    /** @return whether there are windows, not cells or levels */
    public boolean hasWindow() {
        return matches(WINDOW);
    }

    /** @return whether there are boxes */
    public boolean hasBoxes() {
        return matches(CELLS) && part(CELLS, 2) != null;
    }

    /** @return whether cells of several grids are put together */
    public boolean hasLevels() {
        return matches(LEVELS);
    }

    /** @return size of the window */
    public long[] kernel() {
        return numbers(part(WINDOW, 1), "x");
    }

    /** @return distance between windows along every axis */
    public int stride() {
        return Integer.parseInt(part(WINDOW, 2));
    }

    /** @return padding before and behind every axis */
    public int padding() {
        String padding = part(WINDOW, 3);
        return padding == null ? 0 : Integer.parseInt(padding);
    }

    /** @return cells along each axis */
    public long[] cells() {
        return numbers(part(CELLS, 1), "x");
    }

    /** @return samples of a cell along each axis, 0 for as many as a box needs */
    public int samples() {
        return Integer.parseInt(part(CELLS, 2));
    }

    /** @return number of boxes */
    public int boxes() {
        return Integer.parseInt(part(CELLS, 3));
    }

    /** @return cells along each axis in every level */
    public long[] levels() {
        return numbers(part(LEVELS, 1), "_");
    }

    /** @return shape of the input with channels first: batch, channels, places */
    public long[] shape() {
        return shape.clone();
    }

    /** @return spatial axes */
    public int dimensions() {
        return shape.length - 2;
    }

    /** @return float, double, half or bfloat16 */
    public String type() {
        return type;
    }

    /** @return first, last or strided */
    public String layout() {
        return layout;
    }

    /**
     * The same with another operator.
     *
     * @param other its stem
     * @return a workload
     */
    public Workload with(String other) {
        return of(text.replaceFirst("^\\S+", other));
    }

    /** @return number of elements of the input */
    public long elements() {
        return LongStream.of(shape).reduce(1, Math::multiplyExact);
    }

    /**
     * Boxes as a detector has them: from 10 to 35 pixels wide and high, spread over the maps of all images.
     *
     * @return numbers of a box: image, x1, y1, x2, y2
     */
    public List<double[]> boxNumbers() {
        SplittableRandom random = new SplittableRandom(1);
        return LongStream.range(0, boxes()).mapToObj(i -> {
            double width = 10 + 25 * random.nextDouble();
            double height = 10 + 25 * random.nextDouble();
            double x = (shape[3] - width) * random.nextDouble();
            double y = (shape[2] - height) * random.nextDouble();
            return new double[] {i % shape[0], x, y, x + width, y + height};
        }).collect(Collectors.toList());
    }

    @Override
    public String toString() {
        return text;
    }
}
