// SPDX-License-Identifier: Apache-2.0
// Product of a dense matrix with a tile: rows of numbers, one for each window, a multiple of a vector's lanes.
#pragma once

#include "lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <int kRows, class Real>
void multiply_rows(const Real* weights, Index terms, const Real* from, Real* to, Index tile) {
    typedef typename LanesOf<Real>::Vector Vector;
    for (Index t = 0; t < tile; t += lane_count<Vector>()) {
        Vector sums[kRows];
        for (int row = 0; row < kRows; row++) {
            sums[row] = broadcast<Vector>(0);
        }
        for (Index j = 0; j < terms; j++) {
            Vector term = load_lanes(from + j * tile + t);
            for (int row = 0; row < kRows; row++) {
                sums[row] += term * weights[row * terms + j];
            }
        }
        for (int row = 0; row < kRows; row++) {
            store_lanes(to + row * tile + t, sums[row]);
        }
    }
}

// to[i] = sum_j weights[i][j] from[j], for all windows of the tile; terms are added in their order.
template <class Real>
void multiply_tile(const Real* weights, Index results, Index terms, const Real* from, Real* to, Index tile) {
    Index i = 0;
    for (; i + 4 <= results; i += 4) {
        multiply_rows<4>(weights + i * terms, terms, from, to + i * tile, tile);
    }
    for (; i < results; i++) {
        multiply_rows<1>(weights + i * terms, terms, from, to + i * tile, tile);
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
