// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.integrationtests.oracle.RegionOracle;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What only region operators have: boxes, good and bad ones. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("operators")
class RegionOpTest {

    private static final int DRAWS = 12;

    private final PoolingOperator operator;
    private final OperatorOracle oracle;

    RegionOpTest(PoolingOperator operator) {
        this.operator = operator;
        oracle = Conventions.oracle(operator);
    }

    static Stream<PoolingOperator> operators() {
        return Operators.all().filter(operator -> operator.newOp() instanceof RegionOp);
    }

    private Stream<OracleCase> draws(int seed) {
        Random random = new Random(seed);
        return IntStream.range(0, DRAWS).mapToObj(i -> oracle.draw(random));
    }

    private interface Check {
        void run(OracleCase drawn);
    }

    private Stream<DynamicTest> eachDraw(int seed, Check check) {
        return draws(seed).map(drawn -> DynamicTest.dynamicTest(drawn.toString(), () -> check.run(drawn)));
    }

    private INDArray[] arrays(OracleCase drawn, DataType type) {
        return new OperatorRun(oracle, drawn, type).arrays();
    }

    private static INDArray boxes(INDArray[] arrays) {
        return arrays[arrays.length - 1];
    }

    /** Output and gradients, of a gradient of ones. */
    private static INDArray[] results(PoolingOp op, INDArray... inputs) {
        NDPooling pooling = new NDPooling();
        INDArray[] outputs = pooling.outputs(op, inputs);
        INDArray ones = outputs[0].ulike().assign(1);
        INDArray[] gradients = pooling.gradients(op, ones, outputs, inputs);
        return Stream.concat(Arrays.stream(outputs), Arrays.stream(gradients)).toArray(INDArray[]::new);
    }

    /** More channels than one vector has. */
    @TestFactory
    Stream<DynamicTest> manyChannels() {
        return oracle instanceof RegionOracle
                ? Stream.of(false, true).flatMap(last -> Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16)
                        .map(type -> new OperatorRun(oracle, wide(last), type)))
                        .map(run -> DynamicTest.dynamicTest(run.toString(), run::check))
                : Stream.empty();
    }

    private OracleCase wide(boolean channelsLast) {
        return ((RegionOracle) oracle).drawWide(new Random(7), channelsLast);
    }

    @TestFactory
    Stream<DynamicTest> badImageNumbers() {
        return DoubleStream.of(Double.NaN, 0.5, -1, 1e30, Double.POSITIVE_INFINITY)
                .mapToObj(value -> DynamicTest.dynamicTest("" + value, () -> {
                    OracleCase drawn = drawWithBoxes(3);
                    INDArray[] arrays = arrays(drawn, DataType.FLOAT);
                    boxes(arrays).putScalar(2, 0, value);
                    assertError(drawn, arrays, "number of the image", "box 2", "from 0 to",
                            "" + (double) (float) value);
                }));
    }

    @Test
    void imageThatIsNotThere() {
        OracleCase drawn = drawWithBoxes(2);
        INDArray[] arrays = arrays(drawn, DataType.DOUBLE);
        boxes(arrays).putScalar(1, 0, arrays[0].size(0));
        assertError(drawn, arrays, "number of the image", "box 1", "got " + (double) arrays[0].size(0));
    }

    @TestFactory
    Stream<DynamicTest> badCoordinates() {
        return DoubleStream.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
                .mapToObj(value -> DynamicTest.dynamicTest("" + value, () -> {
                    OracleCase drawn = drawWithBoxes(2);
                    INDArray[] arrays = arrays(drawn, DataType.FLOAT);
                    boxes(arrays).putScalar(1, 3, value);
                    assertError(drawn, arrays, "finite", "box 1", "column 3", "" + value);
                }));
    }

    @Test
    void badShapesAndTypes() {
        OracleCase drawn = drawWithBoxes(2);
        INDArray[] arrays = arrays(drawn, DataType.FLOAT);
        assertError(drawn, with(arrays, arrays.length - 1, Nd4j.zeros(DataType.FLOAT, 3, 4)), "boxes", "[3, 4]");
        assertError(drawn, with(arrays, arrays.length - 1, Nd4j.zeros(DataType.FLOAT, 5)), "boxes", "[5]");
        assertError(drawn, with(arrays, arrays.length - 1, boxes(arrays).castTo(DataType.INT64)), "boxes", "FLOAT",
                "DOUBLE", "LONG");
        assertError(drawn, with(arrays, 0, Nd4j.zeros(DataType.FLOAT, 3, 4, 5)), "input", "4 axes", "[3, 4, 5]");
        for (int i = 1; i < arrays.length - 1; i++) {
            assertError(drawn, with(arrays, i, Nd4j.zeros(DataType.FLOAT, 1, 97, 3, 2)),
                    drawn.op().inputNames().get(i));
        }
    }

    private static INDArray[] with(INDArray[] arrays, int place, INDArray array) {
        INDArray[] result = arrays.clone();
        result[place] = array;
        return result;
    }

    private OracleCase drawWithBoxes(int least) {
        return IntStream.range(0, 100)
                .mapToObj(seed -> oracle.draw(new Random(seed)))
                .filter(drawn -> drawn.inputs()[drawn.inputs().length - 1].shape()[0] > least)
                .findFirst()
                .orElseThrow();
    }

    private void assertError(OracleCase drawn, INDArray[] arrays, String... parts) {
        assertThatThrownBy(() -> drawn.op().copy().outputShapes(Arrays.asList(arrays)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(operator.title())
                .contains(parts);
    }

    /** Boxes of any type give the same as boxes in double, if they hold the same numbers. */
    @TestFactory
    Stream<DynamicTest> typesOfBoxes() {
        return eachDraw(1, drawn -> {
            for (DataType type : operator.dataTypes()) {
                INDArray[] arrays = arrays(drawn, type);
                INDArray[] expected = null;
                INDArray rounded = boxes(arrays).castTo(DataType.BFLOAT16).castTo(DataType.FLOAT16);
                for (DataType boxType : new DataType[] {DataType.DOUBLE, DataType.FLOAT, type}) {
                    INDArray boxes = rounded.castTo(DataType.BFLOAT16).castTo(boxType);
                    INDArray[] results = results(drawn.op(), with(arrays, arrays.length - 1, boxes));
                    expected = expected == null ? results : expected;
                    for (int i = 0; i < 2; i++) {
                        Comparison.assertSameBits("result " + i, results[i], expected[i]);
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> noBoxes() {
        return eachDraw(2, drawn -> {
            INDArray[] arrays = arrays(drawn, DataType.FLOAT);
            int maps = (int) drawn.op().inputNames().stream().filter(name -> name.startsWith("input")).count();
            for (int i = maps; i < arrays.length; i++) {
                long[] shape = arrays[i].shape();
                shape[0] = 0;
                arrays[i] = Nd4j.create(arrays[i].dataType(), shape);
            }
            INDArray[] results = results(drawn.op(), arrays);
            assertThat(results[0].size(0)).isZero();
            int outputs = drawn.op().outputNames().size();
            for (int i = 0; i < maps; i++) {
                assertThat(results[outputs + i].shape()).isEqualTo(arrays[i].shape());
                assertThat(results[outputs + i].amaxNumber().doubleValue()).isZero();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> noImages() {
        return eachDraw(3, drawn -> {
            INDArray[] arrays = arrays(drawn, DataType.FLOAT);
            for (int i = 0; i < arrays.length; i++) {
                long[] shape = arrays[i].shape();
                shape[0] = 0;
                arrays[i] = Nd4j.create(arrays[i].dataType(), shape);
            }
            for (INDArray result : results(drawn.op(), arrays)) {
                assertThat(result.isEmpty()).isTrue();
            }
        });
    }

    /** The element that a box begins at, or ends at, may be anywhere. */
    @TestFactory
    Stream<DynamicTest> coordinatesOfAnySize() {
        double[] sizes = {0, -1, 5, -1e4, 1e5, 3e9, -3e9, 1e19, -1e19, 1e30, -1e30, Float.MAX_VALUE, -Float.MAX_VALUE};
        return eachDraw(4, drawn -> {
            Random random = new Random(4);
            INDArray[] arrays = arrays(drawn, DataType.FLOAT);
            for (int round = 0; round < 20; round++) {
                for (int k = 0; k < boxes(arrays).size(0); k++) {
                    for (int i = 1; i < boxes(arrays).size(1); i++) {
                        boxes(arrays).putScalar(k, i, sizes[random.nextInt(sizes.length)]);
                    }
                }
                for (INDArray result : results(drawn.op(), arrays)) {
                    assertThat(Arrays.stream(PlainArray.of(result, false).values()).allMatch(Double::isFinite))
                            .isTrue();
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> offsetsOfAnySize() {
        double[] sizes = {0, -1, 1e5, 1e19, -1e30, Float.MAX_VALUE, -Float.MAX_VALUE, Double.POSITIVE_INFINITY};
        return eachDraw(5, drawn -> {
            Random random = new Random(5);
            INDArray[] arrays = arrays(drawn, DataType.FLOAT);
            int offset = drawn.op().inputNames().indexOf("offset");
            if (offset > 0) {
                for (long i = 0; i < arrays[offset].length(); i++) {
                    arrays[offset].putScalar(i, sizes[random.nextInt(sizes.length)]);
                }
                INDArray[] results = results(drawn.op(), arrays);
                assertThat(Arrays.stream(PlainArray.of(results[0], false).values()).allMatch(Double::isFinite))
                        .isTrue();
                arrays[offset].assign(Double.NaN);
                assertThat(new NDPooling().pool(drawn.op(), arrays).isNaN().all()).isTrue();
            }
        });
    }

    /** What is not part of a cell does not matter; what is makes it NaN. */
    @TestFactory
    Stream<DynamicTest> nan() {
        return eachDraw(6, drawn -> {
            PlainArray[] inputs = drawn.inputs();
            Random random = new Random(6);
            for (int i = 0; i < inputs[0].values().length; i++) {
                if (random.nextInt(12) == 0) {
                    inputs[0].values()[i] = Double.NaN;
                }
            }
            OperatorRun run = new OperatorRun(oracle, new OracleCase(drawn.op(), inputs), DataType.DOUBLE);
            PlainArray[] expected = oracle.outputs(drawn.op(), inputs);
            PlainArray[] outputs = run.outputs();
            for (int i = 0; i < outputs.length; i++) {
                Comparison.assertClose("output " + i, outputs[i], expected[i], value -> 1e-10 * (1 + Math.abs(value)));
            }
            PlainArray yGradient = PlainArray.gaussian(random, 1, expected[0].shape());
            Comparison.assertClose("gradient", run.gradients(yGradient)[0],
                    oracle.gradients(drawn.op(), yGradient, inputs)[0], value -> 1e-10 * (1 + Math.abs(value)));
        });
    }

    @TestFactory
    Stream<DynamicTest> largestNumbersStayFinite() {
        return eachDraw(7, drawn -> {
            for (DataType type : operator.dataTypes()) {
                INDArray[] arrays = arrays(drawn, type);
                double largest = type == DataType.DOUBLE ? Double.MAX_VALUE
                        : type == DataType.FLOAT16 ? 65504
                        : type == DataType.BFLOAT16 ? Math.scalb(255.0, 120) : Float.MAX_VALUE;
                drawn.op().inputNames().stream().filter(name -> name.startsWith("input"))
                        .forEach(name -> arrays[drawn.op().inputNames().indexOf(name)].assign(largest));
                int mask = drawn.op().inputNames().indexOf("mask");
                if (mask > 0) {
                    arrays[mask].assign(-1);
                }
                double[] values = PlainArray.of(new NDPooling().pool(drawn.op(), arrays), false).values();
                assertThat(Arrays.stream(values).allMatch(Double::isFinite)).as(type.toString()).isTrue();
            }
        });
    }

    /** Regions enough for several threads. */
    @TestFactory
    Stream<DynamicTest> sameBitsForAnyNumberOfThreads() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int threads = nd4j.ompGetMaxThreads();
        return eachDraw(8, drawn -> {
            INDArray[] arrays = arrays(drawn, DataType.FLOAT);
            int maps = (int) drawn.op().inputNames().stream().filter(name -> name.startsWith("input")).count();
            for (int i = 0; i < arrays.length; i++) {
                int times = i < maps ? 5 : 60;
                arrays[i] = Nd4j.concat(0, copies(arrays[i], times));
            }
            try {
                nd4j.setOmpNumThreads(1);
                INDArray[] expected = results(drawn.op(), arrays);
                for (int count : new int[] {2, 3, 8}) {
                    nd4j.setOmpNumThreads(count);
                    INDArray[] results = results(drawn.op(), arrays);
                    for (int i = 0; i < results.length; i++) {
                        Comparison.assertSameBits("result " + i + " of " + count + " threads", results[i], expected[i]);
                    }
                }
            } finally {
                nd4j.setOmpNumThreads(threads);
            }
        });
    }

    private static INDArray[] copies(INDArray array, int times) {
        INDArray[] copies = new INDArray[times];
        Arrays.fill(copies, array);
        return copies;
    }

    @TestFactory
    Stream<DynamicTest> damagedArguments() {
        return Stream.of(new long[] {}, new long[] {2, 2}, new long[] {0, 2, 0, 0, 0, 0, 1, 4},
                new long[] {2, 2000, 0, 0, 0, 0, 1, 4}, new long[] {2, -1L << 40, 0, 0, 0, 0, 1, 4})
                .flatMap(arguments -> operator.prototypes().stream()
                        .map(op -> DynamicTest.dynamicTest(op.opName() + Arrays.toString(arguments), () -> {
                            op.addIArgument(arguments);
                            op.addTArgument(1.0, 0.1);
                            assertThatThrownBy(op::configureFromArguments)
                                    .isInstanceOf(IllegalArgumentException.class)
                                    .message()
                                    .contains(operator.title());
                        })));
    }
}
