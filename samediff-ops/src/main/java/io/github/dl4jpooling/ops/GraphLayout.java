// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Objects;

/**
 * How graphs stand in arrays. Immutable.
 *
 * <p>Each example is a graph. Its nodes are the positions of an image, {@code [N,F,H,W]} with F features, or a list,
 * {@code [N,F,V]}; with the channels last {@code [N,H,W,F]} or {@code [N,V,F]}. Graphs of different sizes are padded
 * and have a mask, {@code [N,H,W]} or {@code [N,V]}: nodes where it is 0 do not exist, whatever stands there, and get a
 * gradient of 0; so a region of an image of any shape is a graph.
 *
 * <p>The edges of a grid are never written down. Other edges are given, INT64, {@code [N,2,E]}: from where, to where,
 * nodes of the example counted from 0; a column with -1 twice is none, so that examples may have different numbers of
 * edges. An undirected edge is given in both directions. Edges of nodes that do not exist are left out. Weights, if
 * any, {@code [N,E]}, have a gradient.
 */
public final class GraphLayout {

    private final Neighbourhood neighbourhood;
    private final boolean channelsLast;
    private final boolean masked;
    private final boolean weighted;

    private GraphLayout(Builder builder) {
        neighbourhood = builder.neighbourhood;
        channelsLast = builder.channelsLast;
        masked = builder.masked;
        weighted = builder.weighted;
        if (weighted && neighbourhood != Neighbourhood.EDGES) {
            throw new IllegalArgumentException("GraphLayout: weighted must be false for the neighbourhood "
                    + neighbourhood + ", whose edges are not given, got true");
        }
    }

    /**
     * Starts with channels first, no mask and no weights.
     *
     * @param neighbourhood which nodes are neighbours
     * @return a builder
     */
    public static Builder builder(Neighbourhood neighbourhood) {
        return new Builder(neighbourhood);
    }

    /** @return which nodes are neighbours */
    public Neighbourhood neighbourhood() {
        return neighbourhood;
    }

    /** @return whether the features are the last axis */
    public boolean channelsLast() {
        return channelsLast;
    }

    /** @return whether there is a mask */
    public boolean isMasked() {
        return masked;
    }

    /** @return whether edges have weights */
    public boolean isWeighted() {
        return weighted;
    }

    /** Settings of a layout. */
    public static final class Builder {
        private final Neighbourhood neighbourhood;
        private boolean channelsLast;
        private boolean masked;
        private boolean weighted;

        private Builder(Neighbourhood neighbourhood) {
            this.neighbourhood = Objects.requireNonNull(neighbourhood, "neighbourhood");
        }

        /**
         * Order of the axes.
         *
         * @param newChannelsLast whether the features are the last axis
         * @return this
         */
        public Builder channelsLast(boolean newChannelsLast) {
            channelsLast = newChannelsLast;
            return this;
        }

        /**
         * Nodes that do not exist.
         *
         * @param newMasked whether there is a mask
         * @return this
         */
        public Builder masked(boolean newMasked) {
            masked = newMasked;
            return this;
        }

        /**
         * Weights of edges.
         *
         * @param newWeighted whether there are any; for given edges only
         * @return this
         */
        public Builder weighted(boolean newWeighted) {
            weighted = newWeighted;
            return this;
        }

        /** @return the layout */
        public GraphLayout build() {
            return new GraphLayout(this);
        }
    }
}
