// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The nodes of all examples in groups, each of which an aggregator makes one node of. Nodes are counted through all
 * examples; inside a group they keep their order.
 */
final class NodeGroups {

    private static final int WORDS = 5 + MapAxes.KERNEL_AXES + 3 * WindowGeometry.STRIDE_WORDS;

    private final long groups;
    private final long listed;
    private final INDArray begins;
    private final INDArray nodes; // null: 0, 1, 2, ...

    private NodeGroups(long groups, long listed, INDArray begins, INDArray nodes) {
        this.groups = groups;
        this.listed = listed;
        this.begins = begins;
        this.nodes = nodes;
    }

    /** Every example is a group. */
    static NodeGroups examples(long examples, long positions, Temporaries temporaries) {
        long[] begins = new long[(int) examples + 1];
        for (int i = 0; i <= examples; i++) {
            begins[i] = i * positions;
        }
        return new NodeGroups(examples, examples * positions, numbers(begins, temporaries), null);
    }

    /**
     * Groups by number.
     *
     * @param groupOfNode one number a node, -1 for none. Not modified.
     */
    static NodeGroups numbered(int[] groupOfNode, int groups, Temporaries temporaries) {
        long[] begins = new long[groups + 1];
        for (int group : groupOfNode) {
            if (group >= 0) {
                begins[group + 1]++;
            }
        }
        for (int group = 0; group < groups; group++) {
            begins[group + 1] += begins[group];
        }
        long[] next = begins.clone();
        long[] nodes = new long[(int) begins[groups]];
        for (int node = 0; node < groupOfNode.length; node++) {
            if (groupOfNode[node] >= 0) {
                nodes[(int) next[groupOfNode[node]]++] = node;
            }
        }
        return new NodeGroups(groups, nodes.length, numbers(begins, temporaries), numbers(nodes, temporaries));
    }

    /** Groups of one node each, or of none where the number is negative. */
    static NodeGroups single(long[] nodeOfGroup, Temporaries temporaries) {
        long[] begins = new long[nodeOfGroup.length + 1];
        long[] nodes = new long[nodeOfGroup.length];
        int count = 0;
        for (int group = 0; group < nodeOfGroup.length; group++) {
            if (nodeOfGroup[group] >= 0) {
                nodes[count++] = nodeOfGroup[group];
            }
            begins[group + 1] = count;
        }
        return new NodeGroups(
                nodeOfGroup.length, count, numbers(begins, temporaries), numbers(nodes, temporaries));
    }

    /** An array for kernels, never an empty one. */
    static INDArray numbers(long[] numbers, Temporaries temporaries) {
        return temporaries.add(Nd4j.createFromArray(numbers.length == 0 ? new long[] {0} : numbers));
    }

    /** Makes all elements 0, where there are any. */
    static void clear(INDArray array) {
        if (!array.isEmpty()) {
            array.assign(0);
        }
    }

    /**
     * Aggregates.
     *
     * @param x nodes, in the order of axes given
     * @param parameter of the aggregator, null for none
     * @param y {@code [examples, F]}, or like x with groups as one spatial axis. Modified: every element is written.
     */
    void forward(MapAxes axes, Aggregator aggregator, INDArray x, INDArray parameter, INDArray y) {
        Kernels.launch("graph_aggregate_pool_forward", parameters(axes, aggregator, x, x, y), 1, x, begins, nodes,
                parameter, y);
    }

    /** Gradients of x, 0 for nodes in no group, and of the parameter, which may be null. */
    void backward(MapAxes axes, Aggregator aggregator, INDArray x, INDArray parameter, INDArray yGradient,
            INDArray xGradient, INDArray parameterGradient) {
        if (nodes != null) {
            clear(xGradient);
        }
        Kernels.launchOnParts("graph_aggregate_pool_backward",
                parameters(axes, aggregator, x, xGradient, yGradient), 2, x, begins, nodes, parameter, yGradient,
                xGradient, parameterGradient);
    }

    /** The native struct GraphAggregateParameters. */
    private long[] parameters(MapAxes axes, Aggregator aggregator, INDArray x, INDArray xGradient, INDArray y) {
        long[] words = new long[WORDS];
        words[0] = groups;
        words[1] = x.size(axes.channelAxis());
        words[2] = listed;
        int next = axes.writeSpatial(words, 3, 1, axes.spatial(x.shape()));
        words[next++] = aggregator.ordinal();
        words[next++] = y.isEmpty() ? 1 : groups / y.size(0);
        next = axes.writeStrides(words, next, x.stride());
        next = axes.writeStrides(words, next, xGradient.stride());
        MapAxes list = new MapAxes(1, axes.isChannelsLast());
        if (y.rank() == 2) {
            words[next] = ArrayMemory.stride(y, 0);
            words[next + 1] = ArrayMemory.stride(y, 1);
        } else {
            list.writeStrides(words, next, y.stride());
        }
        return words;
    }
}
