// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Where the scores of nodes come from, of which the largest stay. */
public enum NodeScore {
    /** A learned direction: s = w x / |w| (Gao and Ji). */
    PROJECTION,
    /** A graph convolution, so that neighbours have a say: s_u = b + sum_v A_uv w x_v, A symmetric (Lee et al.). */
    CONVOLUTION,
    /** A further input. */
    GIVEN
}
