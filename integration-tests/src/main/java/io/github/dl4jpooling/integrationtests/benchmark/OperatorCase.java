// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.AdaUnpool;
import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.GraphAssignmentPool;
import io.github.dl4jpooling.ops.GraphOp;
import io.github.dl4jpooling.ops.HierarchicalDynamicPool;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.NetworkOp;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOpBp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.SparseSitePool;
import io.github.dl4jpooling.ops.SpikingOp;
import io.github.dl4jpooling.ops.TimeWindowPool;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.ops.WindowedOp;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What an operator is timed on, with its defaults: with a window {@value #SHAPE} float and windows of both sizes, else
 * one case, named by the shapes of input and result.
 */
final class OperatorCase {

    /** The input of operators with a window. */
    static final String SHAPE = "[8,32,56,56]";

    private static final List<String> WINDOWS = List.of("2x2/2", "3x3/2");
    private static final long[] MAP = {8, 32, 56, 56};
    private static final int HALF = 28;
    private static final int CLUSTERS = 8;
    private static final String OTHER_MAP = "other";

    /** Boxes on the maps of two images, as a detector has them. */
    private static final long[] REGION_MAP = {2, 64, 50, 68};
    private static final int BOXES = 64;
    private static final int REGION_CELLS = 7;
    private static final int LEAST_BOX = 14;
    private static final int LARGEST_BOX = 46;

    private final PoolingOp op;
    private final List<INDArray> inputs;

    private OperatorCase(PoolingOp op, List<INDArray> inputs) {
        this.op = op;
        this.inputs = inputs;
    }

    /**
     * Names of an operator's cases.
     *
     * @param operator the operator
     * @return one for each window that it takes, or one
     */
    static List<String> names(PoolingOperator operator) {
        if (isWindow(operator)) {
            return WINDOWS.stream()
                    .filter(window -> examples(window).op(operator).isPresent())
                    .collect(Collectors.toList());
        }
        OperatorCase only = of(operator, "");
        String result = sizes(only.op.outputShapes(only.inputs).get(0).getShape());
        return List.of(sizes(only.inputs.get(0).shape()) + " to " + result);
    }

    /** Whether the case is named by a window. */
    static boolean isWindow(String name) {
        return WINDOWS.contains(name);
    }

    private static boolean isWindow(PoolingOperator operator) {
        return operator.newOp() instanceof WindowedOp;
    }

    private static String sizes(long... shape) {
        return Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining("x"));
    }

    private static Examples examples(String window) {
        return Examples.of(2, false).window(Character.getNumericValue(window.charAt(0)), 2);
    }

    /**
     * Makes a case.
     *
     * @param operator the operator
     * @param name one of its names
     * @return op and arrays
     */
    static OperatorCase of(PoolingOperator operator, String name) {
        return of(operator, name, 1);
    }

    /**
     * Makes a case.
     *
     * @param operator the operator
     * @param name one of its names
     * @param batches how many times as many images operators with a window get
     * @return op and arrays
     */
    static OperatorCase of(PoolingOperator operator, String name, int batches) {
        Nd4j.getRandom().setSeed(1);
        if (operator == PoolingOperator.SPARSE_SITE_POOL) {
            return sites(examples(name).window(), batches);
        }
        if (isWindow(operator)) {
            WindowedOp op = (WindowedOp) examples(name).op(operator).orElseThrow();
            INDArray x = random(batches * MAP[0], MAP[1], MAP[2], MAP[3]);
            return op instanceof SpikingOp
                    ? new OperatorCase(op, List.of(spikes((SpikingOp) op, x)))
                    : new OperatorCase(op, windowInputs(op, x));
        }
        Examples examples = Examples.of(2, false);
        if (operator.newOp() instanceof RegionOp) {
            RegionOp op = (RegionOp) examples.cells(REGION_CELLS).op(operator).orElseThrow();
            return new OperatorCase(op, regionInputs(op));
        }
        int cells = operator.newOp() instanceof MaxUnpool ? (int) MAP[2] : HALF;
        PoolingOp op = examples.cells(cells).op(operator).orElseThrow();
        return new OperatorCase(op, mapInputs(op));
    }

    private static INDArray random(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape);
    }

    /** From -0.5 to 0.5. */
    private static INDArray centred(long... shape) {
        return random(shape).subi(0.5);
    }

    /** Every tenth place of the map. */
    private static OperatorCase sites(PoolingWindow window, int batches) {
        long places = MAP[2] * MAP[3];
        long[][] sites = new long[(int) (batches * MAP[0] * places / 10)][];
        for (int i = 0; i < sites.length; i++) {
            long place = 10L * i;
            sites[i] = new long[] {place / places, place % places / MAP[3], place % MAP[3]};
        }
        SparseSitePool op = new SparseSitePool(window, (int) MAP[2], (int) MAP[3]);
        return new OperatorCase(op, List.of(random(sites.length, MAP[1]), Nd4j.createFromArray(sites)));
    }

    /** As many steps as the map has images; one of ten units fires. */
    private static INDArray spikes(SpikingOp op, INDArray x) {
        INDArray spikes = x.lt(0.1).castTo(DataType.FLOAT);
        long batch = x.size(0) / MAP[0];
        return op.isTimeFirst()
                ? spikes.reshape(MAP[0], batch, MAP[1], MAP[2], MAP[3])
                : spikes.reshape(batch, MAP[1], MAP[0], MAP[2], MAP[3]);
    }

    private static List<INDArray> windowInputs(WindowedOp op, INDArray x) {
        List<INDArray> inputs = new ArrayList<>(List.of(x));
        if (op instanceof WindowOp) {
            ((WindowOp) op).furtherInputs().stream().filter(WindowInput::isPresent)
                    .forEach(input -> inputs.add(random(input.shape((WindowOp) op, x.shape())).addi(0.5)));
        } else {
            for (long[] shape : op.furtherShapes(x.shape())) {
                inputs.add(centred(shape));
            }
        }
        return inputs;
    }

    private static List<INDArray> regionInputs(RegionOp op) {
        long[] map = REGION_MAP.clone();
        map[1] = channels(op);
        List<INDArray> inputs = new ArrayList<>();
        for (String name : op.inputNames().subList(0, op.inputNames().size() - 1)) {
            if (name.startsWith("input")) {
                inputs.add(random(map.clone()));
                map[2] /= 2; // of the next level of a pyramid
                map[3] /= 2;
            } else {
                inputs.add(centred(BOXES, name.equals("offset") ? 2 : 1, REGION_CELLS, REGION_CELLS));
            }
        }
        inputs.add(boxes(op));
        return inputs;
    }

    /** As many as usual, or the next number that goes into the operator's groups. */
    private static long channels(RegionOp op) {
        for (long channels = REGION_MAP[1];; channels++) {
            try {
                op.outputChannels(channels);
                return channels;
            } catch (IllegalArgumentException e) {
                continue; // does not go into the groups
            }
        }
    }

    private static INDArray boxes(RegionOp op) {
        INDArray boxes = Nd4j.create(DataType.FLOAT, BOXES, op.boxNumbers() + 1);
        INDArray random = random(BOXES, 4);
        for (int i = 0; i < BOXES; i++) {
            double width = LEAST_BOX + (LARGEST_BOX - LEAST_BOX) * random.getDouble(i, 0);
            double height = LEAST_BOX + (LARGEST_BOX - LEAST_BOX) * random.getDouble(i, 1);
            double x = (REGION_MAP[3] - width) * random.getDouble(i, 2);
            double y = (REGION_MAP[2] - height) * random.getDouble(i, 3);
            double[] numbers = op.boxNumbers() == 4
                    ? new double[] {i % 2, x, y, x + width, y + height}
                    : new double[] {i % 2, x + width / 2, y + height / 2, width, height, x};
            for (int j = 0; j < numbers.length; j++) {
                boxes.putScalar(i, j, numbers[j]);
            }
        }
        return boxes;
    }

    private static List<INDArray> mapInputs(PoolingOp op) {
        long[] half = {MAP[0], MAP[1], HALF, HALF};
        if (op instanceof MaxUnpool) {
            MaxPool pool = new MaxPool(examples(WINDOWS.get(0)).window());
            return List.of(random(half), new NDPooling().outputs(pool, random(MAP))[1]);
        }
        if (op instanceof AdaUnpool) {
            return List.of(random(half), random(HALF, HALF), random(MAP[0], MAP[2], MAP[3]),
                    random(MAP[0], MAP[2], MAP[3]));
        }
        boolean isSequence = op.operator().dimensions().equals(List.of(1));
        List<INDArray> inputs = new ArrayList<>(
                List.of(isSequence ? random(MAP[0], MAP[1], MAP[2] * MAP[3]) : random(MAP)));
        if (op instanceof TimeWindowPool) {
            inputs.add(random(MAP[0], MAP[2] * MAP[3]).muli(MAP[2] * MAP[3])); // an event in a unit of time
        }
        if (op instanceof AttentionOp) {
            boolean isTwo = op.inputNames().contains(OTHER_MAP);
            if (isTwo) {
                inputs.add(random(half));
            }
            long[] channels = isTwo ? new long[] {MAP[1], MAP[1]} : new long[] {MAP[1]};
            ((AttentionOp) op).parameterShapes(channels).values().forEach(shape -> inputs.add(centred(shape)));
        }
        if (op instanceof HierarchicalDynamicPool) {
            ((HierarchicalDynamicPool) op).parameterShapes(MAP).values().forEach(shape -> inputs.add(centred(shape)));
        }
        if (op instanceof GraphOp) {
            ((GraphOp) op).furtherShapes(MAP).values().forEach(shape -> inputs.add(centred(shape)));
        }
        if (op instanceof GraphAssignmentPool) {
            inputs.add(random(MAP[0], CLUSTERS, MAP[2], MAP[3]));
        }
        if (op instanceof NetworkOp) {
            ((NetworkOp) op).parameterShapes(MAP).values().forEach(shape -> inputs.add(random(shape)));
        }
        return inputs;
    }

    /** @return the op */
    PoolingOp op() {
        return op;
    }

    /** @return its inputs */
    List<INDArray> inputs() {
        return inputs;
    }

    /**
     * Runs the op and its gradient.
     *
     * @param forward called with the forward pass
     * @param backward called with the backward pass
     */
    void run(Consumer<Runnable> forward, Consumer<Runnable> backward) {
        List<INDArray> outputs = outputs(op, inputs);
        forward.accept(() -> op.execute(inputs, outputs));
        List<INDArray> known = new ArrayList<>(inputs);
        known.addAll(outputs.subList(1, outputs.size()));
        known.add(Nd4j.rand(DataType.FLOAT, outputs.get(0).shape()));
        PoolingOpBp gradient = op.gradient();
        List<INDArray> gradients = outputs(gradient, known);
        backward.accept(() -> gradient.execute(known, gradients));
    }

    private static List<INDArray> outputs(ExecutableOp op, List<INDArray> inputs) {
        return op.outputShapes(inputs).stream().map(shape -> Nd4j.create(shape, false)).collect(Collectors.toList());
    }

    /** @return numbers in the map, or in all maps of a pyramid */
    long floats() {
        return Stream.of(op.inputNames()).flatMap(List::stream).filter(name -> name.startsWith("input"))
                .mapToLong(name -> inputs.get(op.inputNames().indexOf(name)).length()).sum();
    }
}
