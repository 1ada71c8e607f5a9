// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.Aggregator;
import io.github.dl4jpooling.ops.GraphAggregatePool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Graph readout with dual numbers: variables are the nodes of a graph and the aggregator's number. */
public final class GraphAggregatePoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 1 + random.nextInt(3);
        int[] shape = new int[dimensions + 2];
        shape[0] = 1 + random.nextInt(3);
        shape[1] = 1 + random.nextInt(4);
        int[] nodes = new int[dimensions + 1];
        nodes[0] = shape[0];
        for (int i = 2; i < shape.length; i++) {
            shape[i] = 1 + random.nextInt(dimensions == 1 ? 12 : 4);
            nodes[i - 1] = shape[i];
        }
        Aggregator aggregator = WindowDraws.pick(random, Arrays.asList(Aggregator.values()));
        boolean channelsLast = random.nextBoolean();
        int kind = random.nextInt(3);
        int graphs = 1 + random.nextInt(4);
        List<PlainArray> inputs = new ArrayList<>(List.of(PlainArray.gaussian(random, 1, shape)));
        if (aggregator == Aggregator.SOFTMAX || aggregator == Aggregator.POWER_MEAN) {
            double number = aggregator == Aggregator.SOFTMAX ? random.nextGaussian() : 0.5 + 3 * random.nextDouble();
            inputs.add(new PlainArray(new int[] {1}, new double[] {number}));
        }
        if (kind > 0) {
            PlainArray further = PlainArray.zeros(nodes);
            double share = random.nextDouble();
            Arrays.setAll(further.values(), i -> kind == 2 ? random.nextInt(graphs + 1) - 1
                    : random.nextDouble() < share ? 1 : 0);
            inputs.add(further);
        }
        return new OracleCase(
                kind == 2
                        ? GraphAggregatePool.numbered(dimensions, channelsLast, aggregator, graphs)
                        : new GraphAggregatePool(dimensions, channelsLast, aggregator, kind == 1),
                inputs.toArray(new PlainArray[0]));
    }

    private static Dual aggregate(Aggregator aggregator, Dual parameter, Dual... x) {
        if (x.length == 0) {
            return Dual.constant(0);
        }
        switch (aggregator) {
            case MEAN:
                return Dual.mean(x);
            case SUM:
                return Dual.sum(x);
            case MAX:
                return Dual.largest(x);
            case SOFTMAX:
                return Dual.softmaxMean(x, Arrays.stream(x).map(parameter::times).toArray(Dual[]::new));
            default:
                Dual[] positive = Arrays.stream(x).filter(value -> value.value() > 0).map(v -> v.pow(parameter))
                        .toArray(Dual[]::new);
                return positive.length == 0
                        ? Dual.constant(0)
                        : Dual.sum(positive).over(x.length).pow(Dual.constant(1).over(parameter));
        }
    }

    private static Dual[] nodes(PlainArray x, int[] graphOfNode, int graph, int feature) {
        int features = x.shape()[1];
        int positions = x.values().length / x.shape()[0] / features;
        List<Integer> members = new ArrayList<>();
        for (int node = 0; node < graphOfNode.length; node++) {
            if (graphOfNode[node] == graph) {
                members.add((node / positions * features + feature) * positions + node % positions);
            }
        }
        Dual[] result = new Dual[members.size()];
        Arrays.setAll(result, i -> Dual.variable(x.values()[members.get(i)], i, members.size() + 1));
        return result;
    }

    private static int[] graphs(GraphAggregatePool op, PlainArray... inputs) {
        PlainArray x = inputs[0];
        PlainArray last = inputs[inputs.length - 1];
        int positions = x.values().length / x.shape()[0] / x.shape()[1];
        int[] graphs = new int[x.shape()[0] * positions];
        Arrays.setAll(graphs, node -> op.graphs() > 0 ? (int) last.values()[node]
                : op.isMasked() && last.values()[node] == 0 ? -1 : node / positions);
        return graphs;
    }

    /** Visits every output with the nodes it is made of. */
    private interface Visitor {
        void visit(int output, int graph, int feature, Dual result, int members);
    }

    private static void each(GraphAggregatePool op, Visitor visitor, PlainArray... inputs) {
        int[] graphOfNode = graphs(op, inputs);
        int graphs = op.graphs() > 0 ? op.graphs() : inputs[0].shape()[0];
        int features = inputs[0].shape()[1];
        for (int output = 0; output < graphs * features; output++) {
            Dual[] x = nodes(inputs[0], graphOfNode, output / features, output % features);
            Dual parameter = inputs.length > 1 && inputs[1].shape().length == 1
                    ? Dual.variable(inputs[1].values()[0], x.length, x.length + 1)
                    : Dual.constant(1);
            visitor.visit(output, output / features, output % features, aggregate(op.aggregator(), parameter, x),
                    x.length);
        }
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        GraphAggregatePool pool = (GraphAggregatePool) op;
        int graphs = pool.graphs() > 0 ? pool.graphs() : inputs[0].shape()[0];
        PlainArray y = PlainArray.zeros(graphs, inputs[0].shape()[1]);
        each(pool, (output, graph, feature, result, members) -> y.values()[output] = result.value(), inputs);
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray[] gradients = new PlainArray[op.differentiableInputs()];
        Arrays.setAll(gradients, i -> PlainArray.zeros(inputs[i].shape()));
        PlainArray x = inputs[0];
        int features = x.shape()[1];
        int positions = x.values().length / x.shape()[0] / features;
        int[] graphOfNode = graphs((GraphAggregatePool) op, inputs);
        each((GraphAggregatePool) op, (output, graph, feature, result, members) -> {
            double g = yGradient.values()[output];
            int member = 0;
            for (int node = 0; node < graphOfNode.length; node++) {
                if (graphOfNode[node] == graph) {
                    int at = (node / positions * features + feature) * positions + node % positions;
                    gradients[0].values()[at] += g * result.derivative(member++);
                }
            }
            if (gradients.length > 1) {
                gradients[1].values()[0] += g * result.derivative(members);
            }
        }, inputs);
        return gradients;
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public double errorFactor() {
        return 10; // powers
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return name.equals("input");
    }
}
