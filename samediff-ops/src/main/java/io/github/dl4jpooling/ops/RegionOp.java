// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An operator that pools regions of a map, each into the cells of a {@link RegionGrid}.
 *
 * <p>Inputs: maps {@code [N,C,H,W]} (channels last: {@code [N,H,W,C]}) and, last, boxes {@code [K,5]} in the
 * coordinates of the images: number of the image, x1, y1, x2, y2. The output is {@code [K,C',rows,columns]} (channels
 * last: {@code [K,rows,columns,C']}). Maps are float, double, half or bfloat16; boxes are float or double whatever
 * the maps are, since sixteen bits hold coordinates too coarsely, or have the maps' type. Places are computed in
 * double.
 *
 * <p>Edge cases, for every operator unless it says otherwise: what lies outside the map is 0 and has no gradient; an
 * empty, inverted or outlying region gives 0; coordinates may be of any size (beyond a thousand million elements they
 * are taken as that). There may be no box at all. A box whose image is not a whole number from 0 to N-1, or with a
 * coordinate that is NaN or infinite, is an error.
 */
public abstract class RegionOp extends PoolingOp {

    /** Name of the input with the boxes. */
    protected static final String BOXES = "boxes";

    private static final int MAPS = 7;
    private static final int SIZE_WORDS = 12;
    private static final int OPTION_WORDS = 8;

    /** For SameDiff, which fills in the arguments. */
    protected RegionOp() {}

    /**
     * Starts with a configuration.
     *
     * @param grid the grid
     * @param options whole-number options, see {@link #options}
     * @param realOptions real options
     */
    protected RegionOp(RegionGrid grid, long[] options, double... realOptions) {
        super(
                LongStream.concat(Arrays.stream(checked(grid).toArguments()), Arrays.stream(options)).toArray(),
                DoubleStream.concat(DoubleStream.of(checked(grid).spatialScale()), Arrays.stream(realOptions))
                        .toArray());
        checkOptions(); // reads the arguments alone, which are complete
    }

    private static RegionGrid checked(RegionGrid grid) {
        return Objects.requireNonNull(grid, "grid");
    }

    /** @return the grid */
    public final RegionGrid grid() {
        try {
            return RegionGrid.fromArguments(iArgs(), tArgs());
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage());
        }
    }

    @Override
    public final boolean channelsLast() {
        return grid().channelsLast();
    }

    @Override
    protected final long option(int index, String name, long least, long most) {
        return super.option(index + RegionGrid.ARGUMENTS, name, least, most);
    }

    @Override
    protected void checkOptions() {
        grid();
    }

    /** @return names of the maps to pool */
    protected List<String> mapNames() {
        return Collections.singletonList("input");
    }

    /** @return names of the inputs between maps and boxes */
    protected List<String> furtherInputs() {
        return Collections.emptyList();
    }

    @Override
    public final List<String> inputNames() {
        return Stream.of(mapNames(), furtherInputs(), Collections.singletonList(BOXES))
                .flatMap(List::stream)
                .collect(Collectors.toList());
    }

    @Override
    public int differentiableInputs() {
        return inputNames().size() - 1;
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals(BOXES) && type != DataType.DOUBLE ? DataType.FLOAT : type;
    }

    @Override
    protected List<DataType> typesOf(String name, DataType type) {
        return name.equals(BOXES)
                ? Stream.of(DataType.FLOAT, DataType.DOUBLE, type).distinct().collect(Collectors.toList())
                : super.typesOf(name, type);
    }

    /** @return how many numbers a box has besides that of the image */
    public int boxNumbers() {
        return 4;
    }

    /**
     * Numbers of a box as the kernels take them.
     *
     * @param numbers numbers of a box
     * @return up to six numbers
     */
    protected double[] kernelNumbers(double[] numbers) {
        return numbers;
    }

    /** @return groups of channels {rows, columns} that cells read from; 1 and 1: every cell reads all channels */
    protected int[] groups() {
        return new int[] {1, 1};
    }

    /** Groups, of which 0 stands for as many as cells. */
    final int[] groupsOrCells(int size) {
        return size == 0 ? new int[] {grid().rows(), grid().columns()} : new int[] {size, size};
    }

    /**
     * Channels of the output.
     *
     * @param channels channels of the map
     * @return their number
     * @throws IllegalArgumentException if the map cannot have so many
     */
    public final long outputChannels(long channels) {
        long groups = (long) groups()[0] * groups()[1];
        if (channels % groups != 0) {
            throw error("channels of the input must be a multiple of " + groups + " (" + groups()[0] + " by "
                    + groups()[1] + " groups), got " + channels);
        }
        return channels / groups;
    }

    /** @return stem of the kernels */
    protected String kernel() {
        return operator().stem();
    }

    /** @return up to 8 numbers for the kernels */
    protected long[] kernelOptions() {
        return new long[0];
    }

    /**
     * A real number as a kernel option.
     *
     * @param value the number
     * @return its bits
     */
    protected static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /**
     * Checks inputs between maps and boxes.
     *
     * @param inputs all inputs
     * @param map batch, channels, height, width of the first map
     * @param boxes number of boxes
     */
    protected void checkFurtherInputs(List<INDArray> inputs, long[] map, long boxes) {}

    /** Numbers that kernels of operators without offsets get in their place, to be closed; null for none. */
    INDArray numbers() {
        return null;
    }

    /** How many classes of offsets there are. */
    long classes(List<INDArray> inputs) {
        return 1;
    }

    @Override
    protected final long[][] shapes(List<INDArray> inputs) {
        RegionGrid grid = grid();
        long[] map = null;
        for (int i = 0; i < mapNames().size(); i++) {
            long[] sizes = mapSizes(grid, mapNames().get(i), inputs.get(i));
            map = map == null ? sizes : map;
            if (sizes[0] != map[0] || sizes[1] != map[1]) {
                throw error("all maps must have the same batch and channels, got " + map[0] + " and " + map[1]
                        + " in the input, " + sizes[0] + " and " + sizes[1] + " in the " + mapNames().get(i));
            }
        }
        long channels = outputChannels(map[1]);
        long boxes = boxes(inputs).count();
        checkFurtherInputs(inputs, map, boxes);
        long[][] shapes = new long[outputNames().size()][];
        Arrays.fill(shapes, grid.shape(boxes, channels, grid.rows(), grid.columns()));
        return shapes;
    }

    private long[] mapSizes(RegionGrid grid, String name, INDArray array) {
        if (array.rank() != 4) {
            throw error("the " + name + " must have 4 axes, " + (grid.channelsLast() ? "[N,H,W,C]" : "[N,C,H,W]")
                    + ", got " + Arrays.toString(array.shape()));
        }
        long[] sizes = grid.channelsFirst(array.shape());
        if (sizes[2] < 1 || sizes[3] < 1) {
            throw error("height and width of the " + name + " must be at least 1, got shape "
                    + Arrays.toString(array.shape()));
        }
        return sizes;
    }

    /** The boxes, checked. */
    final RegionBoxes boxes(List<INDArray> inputs) {
        return RegionBoxes.of(this, inputs.get(inputs.size() - 1), boxNumbers(), inputs.get(0).size(0));
    }

    private INDArray further(List<INDArray> arrays, String name) {
        int place = inputNames().indexOf(name);
        return place < 0 ? null : arrays.get(place);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray extra = outputs.size() > 1 ? outputs.get(1) : null;
        Launch launch = new Launch(inputs, grid().spatialScale(), box -> true);
        launch.run("forward", inputs.get(0), outputs.get(0), extra);
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        INDArray extra = saved.isEmpty() ? null : saved.get(0);
        Launch launch = new Launch(inputs, grid().spatialScale(), box -> true);
        launch.run("backward", inputs.get(0), outputGradient, extra, inputGradients.get(0));
        INDArray offset = further(inputGradients, DeformableRegionOp.OFFSET);
        INDArray mask = further(inputGradients, DeformableRegionOp.MASK);
        if (offset != null || mask != null) {
            launch.run("offsets", inputs.get(0), outputGradient, extra, offset, mask);
        }
    }

    /** A kernel's arrays and parameter block; runs over the chosen boxes. */
    final class Launch {
        private final List<INDArray> inputs;
        private final RegionBoxes boxes;
        private final double scale;
        private final int[] chosen;

        Launch(List<INDArray> inputs, double scale, IntPredicate chosen) {
            this.inputs = inputs;
            this.boxes = boxes(inputs);
            this.scale = scale;
            this.chosen = IntStream.range(0, boxes.count()).filter(chosen).toArray();
        }

        boolean hasBoxes() {
            return chosen.length > 0;
        }

        /**
         * Runs a kernel.
         *
         * @param arrays output or its gradient, index or count, then the gradients to compute
         */
        void run(String pass, INDArray map, INDArray... arrays) {
            INDArray[] maps = new INDArray[MAPS];
            maps[0] = map;
            maps[1] = further(inputs, DeformableRegionOp.OFFSET);
            maps[2] = further(inputs, DeformableRegionOp.MASK);
            System.arraycopy(arrays, 0, maps, 3, arrays.length);
            int used = 3 + arrays.length;
            try (INDArray records = boxes.records(chosen, RegionOp.this::kernelNumbers);
                    INDArray numbers = numbers()) {
                maps[1] = numbers == null ? maps[1] : numbers;
                List<INDArray> all = new ArrayList<>(Arrays.asList(maps).subList(0, used));
                all.add(1, records);
                String name = kernel() + "_" + pass;
                if (arrays.length > 2) {
                    Kernels.launch(name, parameters(maps), arrays.length - 2, all.toArray(new INDArray[0]));
                } else if (chosen.length == boxes.count()) {
                    Kernels.launch(name, parameters(maps), 2, all.toArray(new INDArray[0]));
                } else { // the other regions' cells stay
                    Kernels.launchOnParts(name, parameters(maps), 2, all.toArray(new INDArray[0]));
                }
            }
        }

        private long[] parameters(INDArray[] maps) {
            RegionGrid grid = grid();
            long[] words = new long[SIZE_WORDS + OPTION_WORDS + MAPS * 4];
            long[] map = grid.channelsFirst(maps[0].shape());
            long[] sizes = {
                chosen.length, map[0], map[1], map[2], map[3], outputChannels(map[1]), grid.rows(), grid.columns(),
                groups()[0], groups()[1], classes(inputs), bits(scale)
            };
            System.arraycopy(sizes, 0, words, 0, SIZE_WORDS);
            long[] options = kernelOptions();
            System.arraycopy(options, 0, words, SIZE_WORDS, options.length);
            for (int i = 0; i < MAPS; i++) {
                if (maps[i] != null && maps[i].rank() == 4) {
                    long[] strides = grid.channelsFirst(maps[i].stride());
                    System.arraycopy(strides, 0, words, SIZE_WORDS + OPTION_WORDS + 4 * i, 4);
                }
            }
            return words;
        }
    }
}
