// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.ArrayLayout;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.family.RandomCases;
import io.github.dl4jpooling.integrationtests.family.WindowCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.integrationtests.quantized.QuantizedCalls;
import io.github.dl4jpooling.kernel.CallRecorder;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Calls of operators and their gradients whose kernels' calls are recorded. */
final class RecordedOperators {

    private static final int SEED = 41;
    private static final int MOST_DRAWS = 200;

    private RecordedOperators() {}

    /**
     * Right calls: of every type, with sizes, options and layouts drawn at random, and some with larger maps. Draws on
     * until the kernels that have the operator's name were called, of which some are for options that are rare.
     *
     * @param kernels all kernels with their types
     */
    static void call(PoolingOperator operator, int casesPerType, Collection<String> kernels, CallRecorder recorder) {
        if (!operator.hasGradient()) {
            QuantizedCalls.make(operator, SEED, casesPerType);
            return;
        }
        for (DataType type : operator.dataTypes()) {
            if (recorder.types().contains(type)) {
                RandomCases.of(operator, type, SEED, casesPerType).forEach(run -> call(run, recorder));
            }
        }
        if (operator.newOp() instanceof WindowOp) {
            Random random = new Random(SEED);
            largerMaps(random, recorder.types())
                    .filter(windowCase -> operator.dimensions().contains(windowCase.dimensions()))
                    .forEach(windowCase -> call(windowCase.run(operator), recorder));
        }
        recorder.onlyNew();
        Set<String> missing = kernels.stream().filter(kernel -> kernel.startsWith(operator.stem() + "_"))
                .collect(Collectors.toSet());
        for (int i = 1; i <= MOST_DRAWS && !recorder.kernels().containsAll(missing); i++) {
            int seed = SEED + i;
            missing.removeAll(recorder.kernels());
            operator.dataTypes().stream()
                    .filter(type -> missing.stream().anyMatch(kernel -> kernel.endsWith(" " + CallRecorder.code(type))))
                    .flatMap(type -> RandomCases.of(operator, type, seed, 1))
                    .forEach(run -> call(run, recorder));
        }
    }

    /** Calls in which a fault was found once. */
    static void callWhereFaultsWere() {
        for (DataType type : PoolingOperator.ADAPTIVE_AVG_POOL.dataTypes()) {
            // Wide cells, computed one by one: the last was divided by a vector that reached behind the divisors.
            new NDPooling().pool(new AdaptiveAvgPool(3, 2), Nd4j.rand(DataType.FLOAT, 1, 1, 1, 67).castTo(type));
        }
    }

    /** Forward and backward. */
    private static void call(OperatorRun run, CallRecorder recorder) {
        PlainArray y = recorder.paused(() -> run.outputs()[0]);
        run.gradients(PlainArray.gaussian(new Random(SEED), 1, y.shape()));
    }

    /** Larger than what kernels work on at once, and rows and channels around the lengths of vectors. */
    private static Stream<WindowCase> largerMaps(Random random, Collection<DataType> types) {
        DataType[] known = Stream.of(DataType.FLOAT, DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16,
                DataType.BFLOAT16).filter(types::contains).toArray(DataType[]::new);
        Stream.Builder<WindowCase> cases = Stream.builder();
        for (boolean last : new boolean[] {false, true}) {
            PoolingWindow.Builder line = PoolingWindow.builder(5).stride(2).padding(2);
            PoolingWindow.Builder square = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1);
            PoolingWindow.Builder apart = PoolingWindow.builder(2, 2);
            PoolingWindow.Builder same = PoolingWindow.builder(4, 3).stride(1, 1).dilation(2, 1)
                    .borderMode(BorderMode.SAME);
            PoolingWindow.Builder cube = PoolingWindow.builder(2, 3, 2).stride(1, 2, 2);
            cases.add(map(line, last, random, known, 2, 3, 2_003));
            cases.add(map(square, last, random, known, 2, 19, 37, 67));
            cases.add(map(square, last, random, known, 1, 1, 131, 129));
            cases.add(map(apart, last, random, known, 2, 35, 21, 71));
            cases.add(map(same, last, random, known, 1, 67, 19, 33));
            cases.add(map(cube, last, random, known, 1, 17, 9, 10, 35));
        }
        return cases.build();
    }

    private static WindowCase map(PoolingWindow.Builder window, boolean last, Random random, DataType[] types,
            int... shape) {
        return new WindowCase(window.channelsLast(last).build(), types[random.nextInt(types.length)], shape)
                .layouts(layout(random), layout(random), layout(random));
    }

    private static ArrayLayout layout(Random random) {
        ArrayLayout[] layouts = ArrayLayout.values();
        return random.nextBoolean() ? ArrayLayout.DENSE : layouts[random.nextInt(layouts.length)];
    }

    /** Calls that nobody should make, as {@link HostileOperatorTest} makes them: what is not refused is recorded. */
    static void callWithHostileValues(int calls) {
        Random random = new Random(SEED);
        for (int i = 0; i < calls; i++) {
            for (PoolingOperator operator : PoolingOperator.values()) {
                try {
                    new OperatorCall(operator, random.nextLong(), 1 + random.nextInt(3), text -> {}).run();
                } catch (Throwable refused) { // HostileOperatorTest judges
                    continue;
                }
            }
        }
    }
}
