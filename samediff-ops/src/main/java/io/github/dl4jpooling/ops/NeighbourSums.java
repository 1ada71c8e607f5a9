// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weighted sums over the neighbours of each node of a batch of graphs, see {@link GraphNeighbourPool}. */
final class NeighbourSums {

    private static final int WORDS = 10 + MapAxes.KERNEL_AXES + 3 * WindowGeometry.STRIDE_WORDS;

    private final int gridNeighbours;
    private final INDArray mask;
    private final EdgeLists edges;
    private final INDArray weights;
    private final Temporaries temporaries;
    private final INDArray[] incoming;
    private NeighbourNormalisation normalisation = NeighbourNormalisation.SUM;
    private double selfWeight;
    private double bandwidth;

    /**
     * Plain sums, without the nodes themselves.
     *
     * @param gridNeighbours of a grid, 0 for given edges
     * @param mask which nodes exist
     * @param edges null for a grid
     * @param weights of the edges, null for none
     * @param temporaries live as long as this object
     */
    NeighbourSums(int gridNeighbours, NodeMask mask, EdgeLists edges, INDArray weights, Temporaries temporaries) {
        this.gridNeighbours = gridNeighbours;
        this.mask = mask.dense(temporaries);
        this.edges = edges;
        this.weights = weights;
        this.temporaries = temporaries;
        incoming = edges == null ? new INDArray[3] : edges.incoming(temporaries);
    }

    /** Normalised sums. */
    NeighbourSums normalised(NeighbourNormalisation newNormalisation, double newSelfWeight, double newBandwidth) {
        normalisation = newNormalisation;
        selfWeight = newSelfWeight;
        bandwidth = newBandwidth;
        return this;
    }

    /**
     * Sums.
     *
     * @param axes order of axes of both arrays
     * @param x the nodes. Not modified.
     * @param y an array of its shape. Modified: every element is written.
     */
    void forward(MapAxes axes, INDArray x, INDArray y) {
        Kernels.launch("graph_neighbour_pool_forward", parameters(axes, x, y, x, null), 1, x, mask, weights,
                incoming[0], incoming[1], incoming[2], y);
    }

    /** Gradients of the nodes and of the weights; null for no weights. */
    void backward(MapAxes axes, INDArray x, INDArray yGradient, INDArray xGradient, INDArray weightGradient) {
        INDArray[] outgoing = edges == null ? new INDArray[3] : edges.outgoing(temporaries);
        if (weightGradient != null) {
            NodeGroups.clear(weightGradient);
        }
        Kernels.launchOnParts("graph_neighbour_pool_backward",
                parameters(axes, x, yGradient, xGradient, weightGradient), 2, x, mask, weights, incoming[0],
                incoming[1], incoming[2], outgoing[0], outgoing[1], outgoing[2], yGradient, xGradient, weightGradient);
    }

    /** The native struct GraphNeighbourParameters. */
    private long[] parameters(
            MapAxes axes, INDArray x, INDArray y, INDArray xGradient, INDArray weightGradient) {
        long[] words = new long[WORDS];
        words[0] = x.size(0);
        words[1] = x.size(axes.channelAxis());
        int next = axes.writeSpatial(words, 2, 1, axes.spatial(x.shape()));
        words[next++] = gridNeighbours;
        words[next++] = normalisation.ordinal();
        words[next++] = Double.doubleToRawLongBits(selfWeight);
        words[next++] = Double.doubleToRawLongBits(bandwidth);
        for (INDArray array : new INDArray[] {weights, weightGradient}) {
            words[next++] = array == null ? 0 : ArrayMemory.stride(array, 0);
            words[next++] = array == null ? 0 : ArrayMemory.stride(array, 1);
        }
        next = axes.writeStrides(words, next, x.stride());
        next = axes.writeStrides(words, next, y.stride());
        axes.writeStrides(words, next, xGradient.stride());
        return words;
    }
}
