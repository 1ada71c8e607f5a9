// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.CornerPool;
import io.github.dl4jpooling.ops.CornerPool.Edge;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Corner pooling: every place gets the largest element between itself and one border. Definition and edge cases: {@link
 * CornerPool}. A corner is found by the sum of two such layers behind two convolutions, in a graph.
 *
 * <pre>{@code
 * .addLayer("top", new CornerPooling.Builder(Edge.TOP).build(), "convolution1")
 * .addLayer("left", new CornerPooling.Builder(Edge.LEFT).build(), "convolution2")
 * .addVertex("corner", new ElementWiseVertex(ElementWiseVertex.Op.Add), "top", "left")
 * }</pre>
 *
 * <p>Masks are not supported.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class CornerPooling extends MapPoolingLayer {

    private Edge edge;

    private CornerPooling(Builder builder) {
        super(builder);
        edge = builder.edge;
    }

    @Override
    protected CornerPool newOp(boolean training) {
        return new CornerPool(isChannelsLast(), edge);
    }

    @Override
    public int dimensions() {
        return 2;
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return inputShape.clone();
    }

    /** Builds a {@link CornerPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private final Edge edge;

        /** @param edge which edge is looked for */
        public Builder(Edge edge) {
            this.edge = Objects.requireNonNull(edge, "edge");
        }

        @Override
        public CornerPooling build() {
            return checked(new CornerPooling(this));
        }
    }
}
