// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.golden;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.nd4j.linalg.api.buffer.DataType;

/** All cases below a folder. Those of operators that are not in the list are counted, not run. */
final class GoldenFolder {

    private static final double DOUBLE_TOLERANCE = 1e-10;

    private final Path folder;
    private final List<GoldenCase> known = new ArrayList<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    private int passed;
    private int failed;

    /**
     * Finds the cases.
     *
     * @param folder a folder that holds cases at any depth
     */
    GoldenFolder(Path folder) {
        this.folder = folder;
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.endsWith(GoldenCase.FILE)).sorted().map(GoldenCase::new).forEach(this::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
        if (known.isEmpty() && unknown.isEmpty()) {
            throw new IllegalArgumentException("there is no " + GoldenCase.FILE + " below " + folder);
        }
    }

    private void add(GoldenCase golden) {
        if (Conventions.oracleOfGolden(golden).isPresent()) {
            known.add(golden);
        } else {
            unknown.merge(golden.operator() + (golden.type().isEmpty() ? "" : "/" + golden.type()), 1, Integer::sum);
        }
    }

    /** A test for each case whose operator is known. */
    Stream<DynamicTest> tests() {
        return known.stream().map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
            failed++;
            check(golden);
            failed--;
            passed++;
        }));
    }

    /** What happened in the tests that have run. */
    String summary() {
        String operators = unknown.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        return "Golden vectors in " + folder + ": " + passed + " cases passed, " + failed
                + " failed; operators not known: "
                + (operators.isEmpty() ? "none" : operators);
    }

    private static void check(GoldenCase golden) {
        OperatorOracle oracle = Conventions.oracleOfGolden(golden).orElseThrow();
        double relative = golden.tolerance("float32", "rtol");
        double absolute = golden.tolerance("float32", "atol");
        for (boolean channelsLast : new boolean[] {false, true}) {
            check(golden, oracle, DataType.DOUBLE, channelsLast, v -> DOUBLE_TOLERANCE * (1 + Math.abs(v)));
            check(golden, oracle, DataType.FLOAT, channelsLast, v -> absolute + relative * Math.abs(v));
        }
    }

    private static void check(
            GoldenCase golden,
            OperatorOracle oracle,
            DataType type,
            boolean channelsLast,
            DoubleUnaryOperator tolerance) {
        try {
            PoolingOp op = oracle.goldenOp(golden, channelsLast);
            golden.assertAllAsked();
            PlainArray[] inputs = op.inputNames().stream()
                    .map(name -> oracle.goldenInput(golden, name))
                    .toArray(PlainArray[]::new);
            OperatorRun run = new OperatorRun(oracle, new OracleCase(op, inputs), type);
            PlainArray[] outputs = run.outputs();
            for (int i = 0; i < outputs.length; i++) {
                String name = oracle.goldenName(op.outputNames().get(i));
                if (i == 0 || golden.hasArray(name)) {
                    Comparison.assertClose(name, outputs[i], oracle.goldenArray(golden, name), tolerance);
                }
            }
            PlainArray[] gradients = run.gradients(
                    oracle.goldenArray(golden, golden.hasGradients() ? "d_y" : "y"));
            for (int i = 0; i < gradients.length; i++) {
                String name = oracle.goldenName(op.inputNames().get(i));
                PlainArray gradient = gradients[i];
                golden.exactGradient(name).ifPresent(right -> Comparison.assertClose(
                        "grad_" + name, gradient, new PlainArray(gradient.shape(), right.values()), tolerance));
            }
        } catch (AssertionError | RuntimeException e) {
            String order = channelsLast ? ", channels last: " : ": ";
            throw new AssertionError(golden.name() + " in " + type + order + e.getMessage(), e);
        }
    }
}
