// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Which nodes of a graph are neighbours. */
public enum Neighbourhood {
    /** The positions of an image are nodes; those above, below and beside each other are neighbours. */
    GRID_4(4),
    /** The positions of an image are nodes; those that touch, at a corner too, are neighbours. */
    GRID_8(8),
    /** Each example has a list of nodes and one of edges. */
    EDGES(0),
    /** Each example has a list of nodes; there are no edges. */
    NONE(0);

    private final int gridNeighbours;

    Neighbourhood(int gridNeighbours) {
        this.gridNeighbours = gridNeighbours;
    }

    /** @return how many neighbours a node inside a grid has, 0 where there is no grid */
    public int gridNeighbours() {
        return gridNeighbours;
    }

    /** @return whether nodes are the positions of an image */
    public boolean isGrid() {
        return gridNeighbours > 0;
    }

    /** @return spatial axes of arrays with one element a node */
    public int dimensions() {
        return isGrid() ? 2 : 1;
    }
}
