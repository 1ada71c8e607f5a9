// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SparsePool;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Sparse pooling: maximum or mean of the active elements of each window. Inputs are the array to pool and the active
 * sites, of the same shape with one channel: 1 at active places, 0 elsewhere. Sequences, images, volumes. Definition
 * and edge cases: {@link SparsePool}.
 *
 * <p>The active sites of the result, for the next such vertex, are the maximum of those of the input, so that {@link
 * io.github.dl4jpooling.layers.conf.MaxPooling} with the same window gives them:
 *
 * <pre>{@code
 * .addVertex("pool", new SparsePoolVertex(PoolingWindow.builder(2, 2).build()), "x", "sites")
 * .addLayer("sites2", new MaxPooling.Builder(2, 2).stride(2, 2).build(), "sites")
 * .addVertex("pool2", new SparsePoolVertex(PoolingWindow.builder(2, 2).build()), "pool", "sites2")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class SparsePoolVertex extends WindowPoolingVertex {

    private SparsePool.Type type = SparsePool.Type.MAX;

    /**
     * Takes the maximum.
     *
     * @param window the window
     */
    public SparsePoolVertex(PoolingWindow window) {
        this(window, SparsePool.Type.MAX);
    }

    /**
     * Chooses what is taken.
     *
     * @param window the window
     * @param type maximum or mean of the active elements
     */
    public SparsePoolVertex(PoolingWindow window, SparsePool.Type type) {
        super(window);
        this.type = Objects.requireNonNull(type, "type");
    }

    @Override
    public WindowedOp op() {
        return new SparsePool(window(), type);
    }

    @Override
    protected long[][] furtherShapes(long... inputShape) {
        return new long[][] {op().geometry(inputShape).inputShape(1)};
    }
}
