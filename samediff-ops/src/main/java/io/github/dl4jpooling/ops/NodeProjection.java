// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Numbers that a matrix makes of the features of each node that exists, example by example. */
final class NodeProjection {

    private final boolean channelsLast;
    private final INDArray mask; // null: all exist

    NodeProjection(boolean channelsLast, INDArray mask) {
        this.channelsLast = channelsLast;
        this.mask = mask;
    }

    private AttendedMap nodes(INDArray x, int example) {
        return new AttendedMap(x, mask, example, channelsLast);
    }

    /**
     * Projects.
     *
     * @param x nodes. Not modified.
     * @param rows {@code [J,F]}. Not modified.
     * @param positions nodes of an example
     * @return {@code [N,J,positions]}, plain, 0 for nodes that do not exist
     */
    INDArray forward(INDArray x, INDArray rows, long positions, Temporaries temporaries) {
        INDArray y = temporaries.create(x.dataType(), x.size(0), rows.size(0), positions).assign(0);
        for (int i = 0; i < x.size(0); i++) {
            AttendedMap nodes = nodes(x, i);
            if (!nodes.isEmpty()) {
                try (Temporaries ofExample = new Temporaries()) {
                    new AttendedMap(y, mask, i, false).writeGradient(
                            ofExample.add(rows.mmul(nodes.values(ofExample))), AttendedMap.example(y, i));
                }
            }
        }
        return y;
    }

    /**
     * Adds to the gradients.
     *
     * @param yGradient gradient of what {@link #forward} gave, plain. Not modified.
     * @param xGradient plain. Modified.
     * @param rowGradient {@code [J,F]}. Modified.
     */
    void backward(INDArray x, INDArray rows, INDArray yGradient, INDArray xGradient, INDArray rowGradient) {
        for (int i = 0; i < x.size(0); i++) {
            AttendedMap nodes = nodes(x, i);
            if (!nodes.isEmpty()) {
                try (Temporaries ofExample = new Temporaries()) {
                    INDArray gradient = new AttendedMap(yGradient, mask, i, false).values(ofExample);
                    rowGradient.addi(ofExample.add(gradient.mmul(nodes.values(ofExample).transpose())));
                    nodes.addGradient(
                            ofExample.add(rows.transpose().mmul(gradient)), AttendedMap.example(xGradient, i));
                }
            }
        }
    }
}
