// SPDX-License-Identifier: Apache-2.0
// The sums of windows that overlap, for means weighted by exponentials (overlapping_means.h says which).
#pragma once

#include "../kernels/window_parameters.h"
#include "cells.h"
#include "tiles.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The largest logit, and the least with a minus, whose exponentials go into one sum. A fixed bound, not one relative to
// the largest logit: what lies in one window changes no bit of another's result.
constexpr int kLargestLogit = 16;

// The sum of arrays, several at a time.
template <class Real>
class SumOfRows {
public:
    // count: rounded up to whole vectors, in all arrays.
    SumOfRows(Real* target, Index count) : target_(target), count_(count) {}

    POOLING_FUNCTION void add(const Real* row) {
        rows_[pending_++] = row;
        if (pending_ == kAtOnce) {
            sum<kAtOnce>();
        }
    }

    POOLING_FUNCTION void finish() {
        if (pending_ == 3) {
            sum<3>();
        } else if (pending_ == 2) {
            sum<2>();
        } else if (pending_ == 1 || is_first_) {
            pending_ == 1 ? sum<1>() : sum<0>();
        }
    }

private:
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr int kAtOnce = 4;

    Real* target_;
    Index count_;
    const Real* rows_[kAtOnce];
    int pending_ = 0;
    bool is_first_ = true;

    template <int Rows>
    POOLING_FUNCTION void sum() {
        for (Index i = 0; i < count_; i += lane_count<Vector>()) {
            Vector sum = is_first_ ? broadcast<Vector>(0) : load_lanes(target_ + i);
            unrolled<Rows>([&](int row) { sum += load_lanes(rows_[row] + i); });
            store_lanes(target_ + i, sum);
        }
        pending_ = 0;
        is_first_ = false;
    }
};

template <class Storage>
struct OverlappingMeansArrays {
    const WindowGeometry& geometry;
    const Storage* x;
    const TensorStrides& x_strides;
    const Storage* logit;
    const TensorStrides& logit_strides;
    bool is_soft;  // whether the elements are their own logits
};

// The sums of all windows of one tile of a plane.
template <class Storage>
class TileOfMeans {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    // Without scratch the object knows how much it needs, and nothing else.
    TileOfMeans(const OverlappingMeansArrays<Storage>& arrays, const Tiling& tiling, Real* scratch)
        : a_(arrays), g_(arrays.geometry) {
        Index windows = tiling.windows(g_.axes[2], 2);
        Index most_rows =
            minimum(g_.axes[0].input, most_inputs(tiling, 0)) * minimum(g_.axes[1].input, most_inputs(tiling, 1));
        // Rows of weights are as long as those of sums times the stride, so that all rows are summed in one loop.
        Index reach = ceil_divide((g_.axes[2].kernel - 1) * g_.axes[2].dilation + 1, stride());
        pitch_ = padded<Vector>(windows + reach);
        row_ = pitch_ * stride();
        Index window_rows = tiling.windows(g_.axes[0], 0) * tiling.windows(g_.axes[1], 1);
        size_ = 0;
        auto take = [&](Index size) {
            Index offset = size_;
            size_ += size;
            return scratch == nullptr ? nullptr : scratch + offset;
        };
        weights_ = take(most_rows * row_ + 2 * row_);  // the last windows of the last row reach behind it
        weighted_ = take(most_rows * row_ + 2 * row_);
        row_weights_ = take(most_rows * pitch_);
        row_weighted_ = take(most_rows * pitch_);
        sums_ = take(window_rows * pitch_);
        means_ = take(window_rows * pitch_);
    }

    Index scratch_size() const {
        return size_;
    }

    Index pitch() const {
        return pitch_;
    }

    // False where a number is out of range.
    bool fill(Index batch, Index channel, const Range* windows) {
        for (int a = 0; a < kAxes; a++) {
            windows_[a] = windows[a];
            const WindowAxis& axis = g_.axes[a];
            Index reach = (axis.kernel - 1) * axis.dilation + 1;
            inputs_[a] = {window_start(axis, windows[a].begin), window_start(axis, windows[a].end - 1) + reach};
        }
        first_column_ = inputs_[2].begin;
        for (int a = 0; a < kAxes; a++) {
            inputs_[a] = {maximum(0, inputs_[a].begin), minimum(g_.axes[a].input, inputs_[a].end)};
        }
        x_ = a_.x + batch * a_.x_strides.batch + channel * a_.x_strides.channel;
        logit_ = a_.logit + batch * a_.logit_strides.batch + channel * a_.logit_strides.channel;
        Vector largest[2] = {};
        for_each_input_row([&](Index depth, Index height, Index row) { fill_row(depth, height, row, largest); });
        constexpr Real kMost = FloatFormat<Real>::kLargest / Real(1 << 30);
        if (!is_within(largest[0], Real(kLargestLogit)) || !is_within(largest[1], kMost)) {
            return false;
        }
        Index rows = inputs_[0].size() * inputs_[1].size();
        sum_along(weights_, row_weights_, rows * pitch_);
        sum_along(weighted_, row_weighted_, rows * pitch_);
        for (Index d = windows_[0].begin; d < windows_[0].end; d++) {
            for (Index h = windows_[1].begin; h < windows_[1].end; h++) {
                sum_over_rows(d, h);
            }
        }
        return true;
    }

    // Of the windows of a row: sums of weights, and the means.
    const Real* sums(Index depth, Index height) const {
        return sums_ + window_row(depth, height) * pitch_;
    }

    const Real* means(Index depth, Index height) const {
        return means_ + window_row(depth, height) * pitch_;
    }

    // Behind the last column of a window.
    Index end_of_columns() const {
        return inputs_[2].end;
    }

    // Weights of the elements of a row from a column on; weighted: times the elements.
    const Real* weights(Index depth, Index height, Index column) const {
        return weights_ + input_row(depth, height) * row_ + column - first_column_;
    }

    const Real* weighted(Index depth, Index height, Index column) const {
        return weighted_ + input_row(depth, height) * row_ + column - first_column_;
    }

private:
    const OverlappingMeansArrays<Storage>& a_;
    const WindowGeometry& g_;
    Index pitch_;  // windows of a row
    Index row_;    // columns, from that of the first window, which may lie before the map
    Index size_;
    Real* weights_;
    Real* weighted_;
    Real* row_weights_;
    Real* row_weighted_;
    Real* sums_;
    Real* means_;
    Range windows_[kAxes];
    Range inputs_[kAxes];
    Index first_column_ = 0;  // of the first window; may lie before the map
    const Storage* x_ = nullptr;
    const Storage* logit_ = nullptr;

    Index stride() const {
        return g_.axes[2].stride;
    }

    Index most_inputs(const Tiling& tiling, int a) const {
        const WindowAxis& axis = g_.axes[a];
        return (tiling.windows(axis, a) - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1;
    }

    Index window_row(Index depth, Index height) const {
        return (depth - windows_[0].begin) * windows_[1].size() + height - windows_[1].begin;
    }

    Index input_row(Index depth, Index height) const {
        return (depth - inputs_[0].begin) * inputs_[1].size() + height - inputs_[1].begin;
    }

    template <class Function>
    void for_each_input_row(const Function& function) const {
        for (Index d = inputs_[0].begin; d < inputs_[0].end; d++) {
            for (Index h = inputs_[1].begin; h < inputs_[1].end; h++) {
                function(d, h, input_row(d, h));
            }
        }
    }

    static const Storage* row_of(const Storage* plane, const TensorStrides& s, Index depth, Index height) {
        return plane + depth * s.axes[0] + height * s.axes[1];
    }

    // Larger numbers are infinite, or so large that sums of exponentials, or of products with them, would lose digits
    // or overflow. NaN is fine: it stays in its windows.
    static bool is_within(Vector largest, Real most) {
        for (int lane = 0; lane < kLanes; lane++) {
            if (largest[lane] > most) {
                return false;
            }
        }
        return true;
    }

    static Vector larger(Vector magnitude, Vector v) {
        v = v < Real(0) ? -v : v;
        return v > magnitude ? v : magnitude;
    }

    void fill_row(Index depth, Index height, Index row, Vector* largest) {
        Index step = a_.x_strides.axes[2];
        Index logit_step = a_.logit_strides.axes[2];
        const Storage* x = row_of(x_, a_.x_strides, depth, height) + inputs_[2].begin * step;
        const Storage* logit = row_of(logit_, a_.logit_strides, depth, height) + inputs_[2].begin * logit_step;
        Index before = inputs_[2].begin - first_column_;
        Real* weights = weights_ + row * row_;
        Real* weighted = weighted_ + row * row_;
        clear(weights, weighted, 0, before);
        clear(weights, weighted, before + inputs_[2].size(), row_);
        for_each_vector<Vector>(inputs_[2].size(), [&](Index i, int lanes) {
            Vector l = load_lanes<Vector>(logit + i * logit_step, logit_step, lanes);
            Vector e = exponential_of_nonpositive(l);  // right up to 80 as well
            largest[0] = larger(largest[0], l);
            Vector v = l;
            if (!a_.is_soft) {
                v = load_lanes<Vector>(x + i * step, step, lanes);
                largest[1] = larger(largest[1], v);
            }
            store_lanes(weights + before + i, 1, lanes, e);
            store_lanes(weighted + before + i, 1, lanes, e * v);
        });
    }

    static void clear(Real* weights, Real* weighted, Index begin, Index end) {
        for (Index i = begin; i < end; i++) {
            weights[i] = weighted[i] = 0;
        }
    }

    // Of all rows; what lies between rows has no meaning.
    void sum_along(const Real* rows, Real* target, Index count) const {
        const WindowAxis& axis = g_.axes[2];
        if (stride() == 1) {
            SumOfRows<Real> sum(target, count);
            for (Index tap = 0; tap < axis.kernel; tap++) {
                sum.add(rows + tap * axis.dilation);
            }
            sum.finish();
        } else if (stride() == 2) {
            sum_pairs(rows, target, count);
        } else {
            for (Index i = 0; i < count; i++) {
                Real sum = 0;
                for (Index tap = 0; tap < axis.kernel; tap++) {
                    sum += rows[i * stride() + tap * axis.dilation];
                }
                target[i] = sum;
            }
        }
    }

    // Neighbouring taps of windows two columns apart come with the same loads.
    void sum_pairs(const Real* rows, Real* target, Index count) const {
        const WindowAxis& axis = g_.axes[2];
        Index together = axis.dilation == 1 ? axis.kernel / 2 * 2 : 0;
        for (Index i = 0; i < count; i += kLanes) {
            const Real* first = rows + 2 * i;
            Vector sum = broadcast<Vector>(0);
            for (Index tap = 0; tap < together; tap += 2) {
                LanePair<Vector> pair = load_lane_pair<Vector>(first + tap, kLanes);
                sum += pair.even + pair.odd;
            }
            for (Index tap = together; tap < axis.kernel; tap++) {
                sum += load_lane_pair<Vector>(first + tap * axis.dilation, kLanes).even;
            }
            store_lanes(target + i, sum);
        }
    }

    void sum_over_rows(Index depth, Index height) {
        Range depths = valid_taps(g_.axes[0], depth);
        Range heights = valid_taps(g_.axes[1], height);
        Real* sums = sums_ + window_row(depth, height) * pitch_;
        Real* means = means_ + window_row(depth, height) * pitch_;
        SumOfRows<Real> weights(sums, windows_[2].size());
        SumOfRows<Real> weighted(means, windows_[2].size());
        for (Index d = depths.begin; d < depths.end; d++) {
            for (Index h = heights.begin; h < heights.end; h++) {
                Index row = input_row(window_start(g_.axes[0], depth) + d * g_.axes[0].dilation,
                                      window_start(g_.axes[1], height) + h * g_.axes[1].dilation);
                weights.add(row_weights_ + row * pitch_);
                weighted.add(row_weighted_ + row * pitch_);
            }
        }
        weights.finish();
        weighted.finish();
        for (Index i = 0; i < windows_[2].size(); i += kLanes) {
            Vector weight = load_lanes(sums + i);
            // A window can step over the map.
            store_lanes(means + i, weight == Real(0) ? weight : load_lanes(means + i) / weight);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
