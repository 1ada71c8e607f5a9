// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The edges of a batch of graphs, by the nodes they lead to and by those they come from, in the order given. */
final class EdgeLists {

    /** Rows of an array of edges. */
    private static final int FROM = 0;

    private static final int TO = 1;

    private final int edges; // of an example, padding included
    private final int positions;
    private final long[] numbers;
    private final boolean[] present;
    private final int count;

    /**
     * Reads edges.
     *
     * @param edges {@code [N,2,E]}. Not modified.
     * @param mask which nodes exist
     * @throws IllegalArgumentException if an edge leads out of its example
     */
    EdgeLists(INDArray edges, NodeMask mask) {
        this.edges = Math.toIntExact(edges.size(2));
        positions = mask.positions();
        numbers = NodeMask.wholeNumbers(edges);
        present = new boolean[Math.multiplyExact(mask.examples(), this.edges)];
        int sum = 0;
        for (int i = 0; i < present.length; i++) {
            long from = end(i, FROM);
            long to = end(i, TO);
            if (from == -1 && to == -1) {
                continue;
            }
            if (from < 0 || from >= positions || to < 0 || to >= positions) {
                throw new IllegalArgumentException("edges must hold numbers of nodes, from 0 to " + (positions - 1)
                        + ", or -1 twice for none, got " + from + " and " + to + " for edge " + i % this.edges
                        + " of example " + i / this.edges);
            }
            int first = i / this.edges * positions;
            present[i] = mask.has(first + (int) from) && mask.has(first + (int) to);
            sum += present[i] ? 1 : 0;
        }
        count = sum;
    }

    private long end(int edge, int row) {
        return numbers[(edge / edges * 2 + row) * edges + edge % edges];
    }

    /** Number of edges of an example, padding included. */
    int size() {
        return edges;
    }

    /** Whether an edge, counted through all examples, exists. */
    boolean has(int edge) {
        return present[edge];
    }

    /** Where an edge comes from, counted in its example. */
    int from(int edge) {
        return (int) end(edge, FROM);
    }

    /** Where it leads to. */
    int to(int edge) {
        return (int) end(edge, TO);
    }

    /** Edges that exist, of one example. */
    int count(int example) {
        int sum = 0;
        for (int i = example * edges; i < (example + 1) * edges; i++) {
            sum += present[i] ? 1 : 0;
        }
        return sum;
    }

    /** Fails where two edges of an example have the same ends in the same order. */
    void requireDistinct() {
        for (int example = 0; edges > 0 && example < present.length / edges; example++) {
            long[] pairs = new long[count(example)];
            int next = 0;
            for (int i = example * edges; i < (example + 1) * edges; i++) {
                if (present[i]) {
                    pairs[next++] = (long) from(i) * positions + to(i);
                }
            }
            Arrays.sort(pairs);
            for (int i = 1; i < next; i++) {
                if (pairs[i] == pairs[i - 1]) {
                    throw new IllegalArgumentException("edges must be distinct, got one from "
                            + pairs[i] / positions + " to " + pairs[i] % positions + " twice in example " + example);
                }
            }
        }
    }

    /** Begins, other ends and edges for kernels: of the edges that lead to each node. */
    INDArray[] incoming(Temporaries temporaries) {
        return byNode(TO, temporaries);
    }

    /** The same of the edges that come from each node. */
    INDArray[] outgoing(Temporaries temporaries) {
        return byNode(FROM, temporaries);
    }

    private INDArray[] byNode(int row, Temporaries temporaries) {
        int examples = edges == 0 ? 0 : present.length / edges;
        long[] begins = new long[examples * positions + 1];
        for (int i = 0; i < present.length; i++) {
            if (present[i]) {
                begins[i / edges * positions + (int) end(i, row) + 1]++;
            }
        }
        for (int node = 0; node < begins.length - 1; node++) {
            begins[node + 1] += begins[node];
        }
        long[] next = begins.clone();
        long[] others = new long[count];
        long[] places = new long[count];
        for (int i = 0; i < present.length; i++) {
            if (present[i]) {
                int at = (int) next[i / edges * positions + (int) end(i, row)]++;
                others[at] = end(i, TO - row);
                places[at] = i % edges;
            }
        }
        return new INDArray[] {NodeGroups.numbers(begins, temporaries), NodeGroups.numbers(others, temporaries),
            NodeGroups.numbers(places, temporaries)};
    }
}
