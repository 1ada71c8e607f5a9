// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.samediff;

import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.Operators;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph with every operator that has a window, in every dimension, all with windows that differ from the default in
 * everything, so that a setting that gets lost on the way changes the results.
 */
final class FamilyGraph {

    static final List<PoolingWindow> WINDOWS = List.of(
            PoolingWindow.builder(3)
                    .stride(2)
                    .padding(2)
                    .dilation(2)
                    .borderMode(BorderMode.CEIL)
                    .channelsLast(true)
                    .build(),
            PoolingWindow.builder(3, 2)
                    .stride(1, 3)
                    .padding(1, 2)
                    .dilation(1, 2)
                    .borderMode(BorderMode.CEIL)
                    .channelsLast(true)
                    .build(),
            PoolingWindow.builder(2, 3, 2)
                    .stride(2, 1, 1)
                    .dilation(1, 2, 1)
                    .borderMode(BorderMode.SAME)
                    .build());
    private static final int[][] SHAPES = {{2, 3, 10}, {2, 3, 7, 9}, {2, 3, 5, 6, 4}};
    private static final String INPUT = "x";

    private FamilyGraph() {}

    /** Numbers to pool with the window of as many dimensions. */
    static PlainArray input(int dimensions) {
        return PlainArray.gaussian(new Random(dimensions), 1, SHAPES[dimensions - 1]);
    }

    static PoolingWindow window(int dimensions) {
        return WINDOWS.get(dimensions - 1);
    }

    static String outputName(PoolingOperator operator, int dimensions) {
        return operator.stem() + dimensions;
    }

    /** The loss is the sum of all outputs squared. */
    static SameDiff create(DataType type) {
        SameDiff graph = SameDiff.create();
        SDVariable loss = null;
        for (int dimensions = 1; dimensions <= WINDOWS.size(); dimensions++) {
            PoolingWindow window = window(dimensions);
            SDVariable x = graph.var(INPUT + dimensions, input(dimensions).toArray(type, window.channelsLast()));
            for (PoolingOperator operator : Operators.everyOneWithWindow()) {
                if (operator.dimensions().contains(dimensions)) {
                    SDVariable y = Conventions.pool(operator, graph, outputName(operator, dimensions), x, window);
                    SDVariable term = y.mul(y).sum();
                    loss = loss == null ? term : loss.add(term);
                }
            }
        }
        loss.rename("loss");
        graph.setLossVariables("loss");
        return graph;
    }

    /** Outputs of all operators, and the gradients for all inputs, by name. */
    static Map<String, INDArray> run(SameDiff graph) {
        List<String> outputs = new ArrayList<>();
        List<String> inputs = new ArrayList<>();
        for (int dimensions = 1; dimensions <= WINDOWS.size(); dimensions++) {
            inputs.add(INPUT + dimensions);
            for (PoolingOperator operator : Operators.everyOneWithWindow()) {
                if (operator.dimensions().contains(dimensions)) {
                    outputs.add(outputName(operator, dimensions));
                }
            }
        }
        Map<String, INDArray> results = new TreeMap<>(graph.output(Collections.emptyMap(), outputs));
        graph.calculateGradients(Collections.emptyMap(), inputs)
                .forEach((name, gradient) -> results.put("gradient of " + name, gradient));
        return results;
    }
}
