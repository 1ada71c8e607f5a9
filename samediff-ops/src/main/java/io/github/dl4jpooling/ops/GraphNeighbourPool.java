// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling over the neighbours of each node of a graph: lists of nodes with edges, or the positions of an image as a
 * grid, of which a mask may cut a region of any shape.
 *
 * <pre>
 * y_u = a_u (s b_u x_u + sum_v w_uv b_v x_v),   d_u = s + sum_v w_uv,   v over the edges that lead to u
 * SUM         a = b = 1
 * MEAN        a = 1/d, b = 1
 * SYMMETRIC   a = b = 1/sqrt(d)    (graph convolution, without its matrix)
 * grids       w_uv = 1, or exp(-|x_u - x_v|^2 / h) over all features, with the bandwidth h
 * </pre>
 *
 * <p>Passes features along edges and not across the border of a region, or across a contour of the image, as a window
 * would. Between convolutions of size 1 it makes a graph network of them. Not the right choice where all neighbours are
 * there and alike: then it is average pooling with stride 1, which is faster.
 *
 * <p>Inputs: see {@link GraphLayout}; output: shape of the nodes, 0 for nodes that do not exist. Gradients are exact
 * for nodes, also by way of the weights of a grid, and for weights of edges. Where d is 0 or negative (of weights that
 * are), the node gives 0. A weight of 0 keeps everything out, NaN too. Types float, double, half, bfloat16.
 *
 * <p>Papers: T. Kipf, M. Welling: "Semi-Supervised Classification with Graph Convolutional Networks", ICLR 2017; the
 * weights of grids are those of C. Tomasi, R. Manduchi: "Bilateral Filtering for Gray and Color Images", ICCV 1998.
 */
public final class GraphNeighbourPool extends GraphOp {

    /** For SameDiff, which fills in the arguments. */
    public GraphNeighbourPool() {}

    /**
     * The mean of each node and its neighbours.
     *
     * @param layout how graphs stand in arrays
     */
    public GraphNeighbourPool(GraphLayout layout) {
        this(layout, NeighbourNormalisation.MEAN, 1, 0);
    }

    /**
     * Chooses everything.
     *
     * @param layout how graphs stand in arrays
     * @param normalisation what sums are divided by
     * @param selfWeight s, at least 0
     * @param bandwidth h, for grids; 0 for weights of 1
     */
    public GraphNeighbourPool(
            GraphLayout layout, NeighbourNormalisation normalisation, double selfWeight, double bandwidth) {
        super(layout, options(Objects.requireNonNull(normalisation, "normalisation")), selfWeight, bandwidth);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GRAPH_NEIGHBOUR_POOL;
    }

    /** @return what sums are divided by */
    public NeighbourNormalisation normalisation() {
        return ownOption(0, NeighbourNormalisation.class);
    }

    /** @return weight of the node itself */
    public double selfWeight() {
        return realOption(0, "selfWeight", 0, Double.MAX_VALUE);
    }

    /** @return bandwidth of the weights of a grid, 0 for weights of 1 */
    public double bandwidth() {
        return realOption(1, "bandwidth", 0, Double.MAX_VALUE);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        requireNeighbours();
        normalisation();
        selfWeight();
        if (bandwidth() > 0 && !layout().neighbourhood().isGrid()) {
            throw error("bandwidth must be 0 for given edges, got " + bandwidth());
        }
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkInputs(inputs);
        return new long[][] {inputs.get(0).shape()};
    }

    private NeighbourSums sums(List<INDArray> inputs, Temporaries temporaries) {
        NodeMask mask = mask(inputs);
        return sums(inputs, mask, edges(inputs, mask), temporaries)
                .normalised(normalisation(), selfWeight(), bandwidth());
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        if (inputs.get(0).isEmpty()) {
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            sums(inputs, temporaries).forward(axes(), inputs.get(0), outputs.get(0));
        }
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        if (inputs.get(0).isEmpty()) {
            inputGradients.forEach(NodeGroups::clear);
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            sums(inputs, temporaries).backward(axes(), inputs.get(0), outputGradient, inputGradients.get(0),
                    weightGradient(inputGradients));
        }
    }
}
