// SPDX-License-Identifier: Apache-2.0
// Where the gradients of means weighted by exponentials go, and their formula (overlapping_means.h has it).
#pragma once

#include "lanes.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Sums over the windows of elements.
template <class Vector>
struct MeansFactors {
    Vector a;
    Vector b;
};

// Computes and stores the gradients of a row.
template <class Storage>
struct MeansGradientRow {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    bool is_soft;
    const Real* weights;
    const Real* weighted;
    Storage* x;
    Index x_column;  // from a column to the next
    Index x_step;    // from a lane to the next
    Storage* logit;
    Index logit_column;
    Index logit_step;

    // i: place among the weights.
    POOLING_FUNCTION void store(Index i, Index column, int count, const MeansFactors<Vector>& sum) const {
        Vector e = load_lanes(weights + i);
        Vector by_element = e * sum.a;
        Vector of_logit = load_lanes(weighted + i) * sum.a - e * sum.b;
        if (is_soft) {
            store_lanes(x + column * x_column, x_step, count, by_element + of_logit);
            return;
        }
        store_lanes(x + column * x_column, x_step, count, by_element);
        store_lanes(logit + column * logit_column, logit_step, count, of_logit);
    }

    // Of columns that lie in no window, of the first lane.
    POOLING_FUNCTION void clear(Range columns) const {
        for (Index column = columns.begin; column < columns.end; column++) {
            pooling::store(x + column * x_column, Real(0));
            pooling::store(logit + column * logit_column, Real(0));
        }
    }
};

// The gradient of y, and the places of those of x and the logits, which are the same in soft pooling.
template <class Storage>
struct MeansGradients {
    typedef typename StorageTraits<Storage>::Real Real;

    const Storage* y;
    const TensorStrides& y_strides;
    Storage* x;
    const TensorStrides& x_strides;
    Storage* logit;
    const TensorStrides& logit_strides;

    MeansGradientRow<Storage> row(bool is_soft, const Real* weights, const Real* weighted, bool along_channels,
                                  Index batch, Index channel, Index depth, Index height, Index column) const {
        return {is_soft,
                weights,
                weighted,
                x + element_offset(x_strides, batch, channel, depth, height, column),
                x_strides.axes[2],
                along_channels ? x_strides.channel : x_strides.axes[2],
                logit + element_offset(logit_strides, batch, channel, depth, height, column),
                logit_strides.axes[2],
                along_channels ? logit_strides.channel : logit_strides.axes[2]};
    }

    // The same in another row.
    MeansGradientRow<Storage> in_row(MeansGradientRow<Storage> first, Index height) const {
        first.x += height * x_strides.axes[1];
        first.logit += height * logit_strides.axes[1];
        return first;
    }

    // Of columns that lie in no window.
    void clear(Index batch, Range channels, Index depth, Index height, Range columns) const {
        for (Index c = channels.begin; c < channels.end; c++) {
            row(false, nullptr, nullptr, false, batch, c, depth, height, 0).clear(columns);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
