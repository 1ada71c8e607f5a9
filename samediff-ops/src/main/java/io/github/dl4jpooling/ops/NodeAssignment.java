// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Shares of clusters in each node: a softmax of logits over the clusters; a node that does not exist has none. */
final class NodeAssignment {

    private final INDArray logits;
    private final INDArray mask;
    private final boolean channelsLast;
    private final INDArray shares;

    /**
     * Computes the shares.
     *
     * @param logits nodes with clusters in the place of features. Not modified.
     * @param mask which nodes exist, null: all. Not modified.
     * @param positions nodes of an example
     */
    NodeAssignment(INDArray logits, INDArray mask, boolean channelsLast, long positions, Temporaries temporaries) {
        this.logits = logits;
        this.mask = mask;
        this.channelsLast = channelsLast;
        long clusters = logits.size(channelsLast ? logits.rank() - 1 : 1);
        shares = temporaries.create(logits.dataType(), logits.size(0), positions, clusters).assign(0);
        for (int i = 0; i < logits.size(0); i++) {
            AttendedMap nodes = nodes(logits, i, channelsLast);
            if (!nodes.isEmpty()) {
                try (Temporaries ofExample = new Temporaries()) {
                    INDArray rows = ofExample.add(nodes.values(ofExample).transpose().dup('c'));
                    nodes(shares, i, true).writeGradient(
                            Softmax.ofRows(rows, ofExample).transpose(), AttendedMap.example(shares, i));
                }
            }
        }
    }

    private AttendedMap nodes(INDArray array, int example, boolean last) {
        return new AttendedMap(array, mask, example, last);
    }

    /** Shares, {@code [N,positions,clusters]}, plain. */
    INDArray shares() {
        return shares;
    }

    /** Those of one example, {@code [positions,clusters]}. */
    INDArray shares(int example) {
        return AttendedMap.example(shares, example);
    }

    /**
     * Gradient of the logits.
     *
     * @param shareGradient gradient of the shares. Modified.
     * @param logitGradient plain. Modified: every element is written.
     */
    void backward(INDArray shareGradient, INDArray logitGradient) {
        for (int i = 0; i < logits.size(0); i++) {
            INDArray target = AttendedMap.example(logitGradient, i);
            AttendedMap nodes = nodes(logits, i, channelsLast);
            if (nodes.isEmpty()) {
                target.assign(0);
                continue;
            }
            try (Temporaries ofExample = new Temporaries()) {
                INDArray gradient = AttendedMap.example(shareGradient, i);
                Softmax.backward(shares(i), gradient, ofExample);
                nodes.writeGradient(nodes(shareGradient, i, true).values(ofExample), target);
            }
        }
    }
}
