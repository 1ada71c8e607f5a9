// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;

/** Edge contraction of one example: scores of its edges, the edges that are contracted, and the clusters they make. */
final class ContractedGraph {

    private static final double ADDED = 0.5; // to every score

    private final EdgeScore kind;
    private final int nodes;
    private final int[] from;
    private final int[] to; // -1: there is no such edge
    private final double[] scores;

    /**
     * Computes the scores.
     *
     * @param from where each edge comes from. Not modified.
     * @param to where it leads to, -1 for none. Not modified.
     * @param ofFrom part of the raw score that each node has as the origin. Not modified.
     * @param ofTo part that it has as the target. Not modified.
     */
    ContractedGraph(EdgeScore kind, int[] from, int[] to, double[] ofFrom, double[] ofTo, double bias) {
        this.kind = kind;
        this.from = from;
        this.to = to;
        nodes = ofFrom.length;
        scores = new double[from.length];
        for (int i = 0; i < scores.length; i++) {
            double raw = to[i] < 0 ? 0 : ofFrom[from[i]] + ofTo[to[i]] + bias;
            scores[i] = kind == EdgeScore.TANH ? Math.tanh(raw)
                    : kind == EdgeScore.SIGMOID ? 1 / (1 + Math.exp(-raw)) : raw;
        }
        if (kind == EdgeScore.SOFTMAX) {
            softmax();
        }
    }

    private void softmax() {
        double[] most = new double[nodes];
        double[] sums = new double[nodes];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < scores.length; i++) {
            if (to[i] >= 0) {
                most[to[i]] = Math.max(most[to[i]], scores[i]);
            }
        }
        for (int i = 0; i < scores.length; i++) {
            if (to[i] >= 0) {
                scores[i] = Math.exp(scores[i] - most[to[i]]);
                sums[to[i]] += scores[i];
            }
        }
        for (int i = 0; i < scores.length; i++) {
            if (to[i] >= 0) {
                scores[i] /= sums[to[i]];
            }
        }
    }

    /** What the merged nodes of an edge are multiplied by. */
    double factor(int edge) {
        return scores[edge] + ADDED;
    }

    /**
     * Contracts the edge with the largest score of those whose ends are both free, then the next; of equal ones the
     * first. Clusters are numbered in the order of their first nodes.
     *
     * @param exists which nodes exist. Not modified.
     * @param cluster modified: each node's cluster, -1 for nodes that do not exist
     * @param edge modified: each cluster's edge, -1 for none
     */
    void match(boolean[] exists, long[] cluster, long[] edge) {
        int[] partner = new int[nodes];
        int[] contracted = new int[nodes];
        Arrays.fill(partner, -1);
        Arrays.fill(contracted, -1);
        Integer[] order = new Integer[scores.length];
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (to[i] >= 0 && to[i] != from[i]) {
                order[count++] = i;
            }
        }
        Arrays.sort(order, 0, count, (a, b) -> Double.compare(scores[b] + 0.0, scores[a] + 0.0)); // stable; -0 is 0
        for (int i = 0; i < count; i++) {
            int a = from[order[i]];
            int b = to[order[i]];
            if (partner[a] < 0 && partner[b] < 0) {
                partner[a] = b;
                partner[b] = a;
                contracted[a] = order[i];
                contracted[b] = order[i];
            }
        }
        Arrays.fill(cluster, -1);
        Arrays.fill(edge, -1);
        int clusters = 0;
        for (int node = 0; node < nodes; node++) {
            if (exists[node] && cluster[node] < 0) {
                edge[clusters] = contracted[node];
                if (partner[node] >= 0) {
                    cluster[partner[node]] = clusters;
                }
                cluster[node] = clusters++;
            }
        }
    }

    /**
     * Adds to the gradients of the parts of raw scores.
     *
     * @param gradients one number an edge, of its factor. Not modified.
     * @param ofFrom modified
     * @param ofTo modified
     */
    void backward(double[] gradients, double[] ofFrom, double[] ofTo) {
        double[] means = new double[nodes];
        if (kind == EdgeScore.SOFTMAX) {
            for (int i = 0; i < scores.length; i++) {
                if (to[i] >= 0 && gradients[i] != 0) {
                    means[to[i]] += scores[i] * gradients[i];
                }
            }
        }
        for (int i = 0; i < scores.length; i++) {
            if (to[i] >= 0) {
                double slope = kind == EdgeScore.SOFTMAX ? scores[i] * (gradients[i] - means[to[i]])
                        : gradients[i] == 0 ? 0
                        : kind == EdgeScore.SIGMOID ? gradients[i] * scores[i] * (1 - scores[i])
                        : gradients[i] * (1 - scores[i] * scores[i]);
                ofFrom[from[i]] += slope;
                ofTo[to[i]] += slope;
            }
        }
    }
}
