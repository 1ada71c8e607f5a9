// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.SDPooling;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Drawn cases of every operator as a graph: the same results as eagerly, also from a copy and from a file. */
@ForEachOperator
class GraphTest {

    private static final int CASES = 8;

    private final PoolingOperator operator;

    @TempDir
    private Path folder;

    GraphTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        OperatorOracle oracle = Conventions.oracle(operator);
        Random random = new Random(7);
        return IntStream.range(0, CASES).mapToObj(i -> {
            OracleCase drawn = oracle.draw(random);
            INDArray[] inputs = new OperatorRun(oracle, drawn, DataType.DOUBLE).arrays();
            return DynamicTest.dynamicTest(drawn.toString(), () -> check(drawn.op(), inputs));
        });
    }

    private void check(PoolingOp op, INDArray[] inputs) {
        SameDiff graph = SameDiff.create();
        SDVariable[] variables = new SDVariable[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            variables[i] = i < op.differentiableInputs()
                    ? graph.var("input" + i, inputs[i])
                    : graph.constant("input" + i, inputs[i]);
        }
        SDVariable y = new SDPooling(graph).pool("y", op, variables);
        y.mul(graph.constant("weights", weights(op, inputs))).sum("loss");
        graph.setLossVariables("loss");

        Map<String, INDArray> expected = eagerly(op, inputs);
        compare(run(graph, op), expected);
        compare(run(graph.dup(), op), expected);
        File file = folder.resolve("graph.fb").toFile();
        graph.save(file, true);
        compare(run(SameDiff.load(file, true), op), expected);
    }

    private static INDArray weights(PoolingOp op, INDArray[] inputs) {
        INDArray weights = new NDPooling().pool(op, inputs).ulike();
        for (long i = 0; i < weights.length(); i++) {
            weights.putScalar(i, 1 + i % 7);
        }
        return weights;
    }

    private static Map<String, INDArray> eagerly(PoolingOp op, INDArray[] inputs) {
        INDArray[] outputs = new NDPooling().outputs(op, inputs);
        INDArray[] gradients = new NDPooling().gradients(op, weights(op, inputs), outputs, inputs);
        Map<String, INDArray> results = new TreeMap<>();
        results.put("y", outputs[0]);
        for (int i = 0; i < gradients.length; i++) {
            results.put("input" + i, gradients[i]);
        }
        return results;
    }

    private static Map<String, INDArray> run(SameDiff graph, PoolingOp op) {
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < op.differentiableInputs(); i++) {
            inputs.add("input" + i);
        }
        Map<String, INDArray> results =
                new TreeMap<>(graph.calculateGradients(Collections.emptyMap(), inputs));
        results.putAll(graph.output(Collections.emptyMap(), Arrays.asList("y")));
        return results;
    }

    private static void compare(Map<String, INDArray> actual, Map<String, INDArray> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, array) -> Comparison.assertSameBits(name, actual.get(name), array));
    }
}
