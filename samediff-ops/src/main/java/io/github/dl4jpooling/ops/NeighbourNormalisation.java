// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** What sums over neighbours are divided by. Kernels know these by their numbers. */
public enum NeighbourNormalisation {
    /** Nothing. */
    SUM,
    /** The sum of the weights. */
    MEAN,
    /** The roots of the sums of weights of both ends of each edge, as graph convolutions do. */
    SYMMETRIC
}
