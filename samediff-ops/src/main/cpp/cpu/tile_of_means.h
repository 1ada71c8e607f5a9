// SPDX-License-Identifier: Apache-2.0
// The sums of windows that overlap, for means weighted by exponentials (overlapping_means.h says which).
#pragma once

#include "../kernels/window_parameters.h"
#include "cells.h"
#include "lane_shuffles.h"
#include "tiles.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The largest logit, and the least with a minus, whose exponentials go into one sum. A fixed bound, not one relative to
// the largest logit: what lies in one window changes no bit of another's result.
constexpr int kLargestLogit = 16;

// The largest magnitudes of logits and elements.
template <class Vector>
struct LargestMagnitudes {
    typedef typename RealTraits<Vector>::Element Real;

    Vector logit = {};
    Vector element = {};

    POOLING_FUNCTION void take_logit(Vector v) {
        logit = larger(logit, v);
    }

    POOLING_FUNCTION void take_element(Vector v) {
        element = larger(element, v);
    }

    // Larger numbers are infinite, or so large that sums of exponentials, or of products with them, would lose digits
    // or overflow. NaN is fine: it stays in its windows.
    bool fit() const {
        return !any_lane(logit > Real(kLargestLogit)) &&
               !any_lane(element > FloatFormat<Real>::kLargest / Real(1 << 30));
    }

private:
    POOLING_FUNCTION static Vector larger(Vector magnitude, Vector v) {
        v = v < Real(0) ? -v : v;
        return v > magnitude ? v : magnitude;
    }
};

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

// Whether lanes are neighbouring columns, or channels, of which a vector is worked on at a time: then its numbers of a
// column stand side by side in a row of scratch memory.
template <class Vector>
struct MeansLanes {
    static constexpr Index kLanes = lane_count<Vector>();

    bool along_channels;

    Index unit() const {
        return along_channels ? kLanes : 1;
    }

    Index blocks(const WindowGeometry& g) const {
        return ceil_divide(g.channels, unit());
    }

    Range channels(const WindowGeometry& g, Index block) const {
        return {block * unit(), minimum(g.channels, (block + 1) * unit())};
    }

    Index step(const TensorStrides& s) const {
        return along_channels ? s.channel : s.axes[2];
    }

    // Calls function(place in a row of scratch memory, column, number of lanes) for the vectors of so many columns.
    template <class Function>
    POOLING_FUNCTION void for_each(Index columns, Range channels, const Function& function) const {
        constexpr int kAll = lane_count<Vector>();  // the compiler knows that vectors are whole
        if (!along_channels) {
            Index i = 0;
            for (; i + kAll <= columns; i += kAll) {
                function(i, i, kAll);
            }
            if (i < columns) {
                function(i, i, static_cast<int>(columns - i));
            }
        } else if (channels.size() == kAll) {
            for (Index column = 0; column < columns; column++) {
                function(column * kAll, column, kAll);
            }
        } else {
            for (Index column = 0; column < columns; column++) {
                function(column * kAll, column, static_cast<int>(channels.size()));
            }
        }
    }
};

// The sums of all windows of one tile of a plane, or of the planes of a few channels.
template <class Storage>
class TileOfMeans {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    // Without scratch the object knows how much it needs, and nothing else.
    TileOfMeans(const OverlappingMeansArrays<Storage>& arrays, const Tiling& tiling, Real* scratch)
        : lanes{channels_last(arrays.geometry, arrays.x_strides)}, a_(arrays), g_(arrays.geometry) {
        Index windows = tiling.windows(g_.axes[2], 2);
        Index most_rows =
            minimum(g_.axes[0].input, most_inputs(tiling, 0)) * minimum(g_.axes[1].input, most_inputs(tiling, 1));
        // Rows of weights are as long as those of sums times the stride, so that all rows are summed in one loop.
        Index reach = ceil_divide((g_.axes[2].kernel - 1) * g_.axes[2].dilation + 1, stride());
        pitch_ = padded<Vector>((windows + reach) * lanes.unit());
        row_ = pitch_ * stride();
        Index window_rows = tiling.windows(g_.axes[0], 0) * tiling.windows(g_.axes[1], 1);
        size_ = 0;
        auto take = [&](Index size) {
            Index offset = size_;
            size_ += size;
            return scratch == nullptr ? nullptr : scratch + offset;
        };
        plane_ = most_rows * row_ + 2 * row_;  // the last windows of the last row reach behind it
        weights_ = take(2 * plane_);
        columns_ = take(2 * row_ + 4 * kLanes);
        sums_ = take(window_rows * pitch_);
        means_ = take(window_rows * pitch_);
    }

    const MeansLanes<Vector> lanes;

    Index scratch_size() const {
        return size_;
    }

    Index pitch() const {
        return pitch_;
    }

    // False where a number is out of range.
    bool fill(Index batch, Range channels, const Range* windows) {
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
        x_ = a_.x + batch * a_.x_strides.batch + channels.begin * a_.x_strides.channel;
        logit_ = a_.logit + batch * a_.logit_strides.batch + channels.begin * a_.logit_strides.channel;
        LargestMagnitudes<Vector> largest;
        for (Index d = inputs_[0].begin; d < inputs_[0].end; d++) {
            for (Index h = inputs_[1].begin; h < inputs_[1].end; h++) {
                fill_row(d, h, channels, largest);
            }
        }
        if (!largest.fit()) {
            return false;
        }
        for (Index d = windows_[0].begin; d < windows_[0].end; d++) {
            for (Index h = windows_[1].begin; h < windows_[1].end; h++) {
                sum_row(d, h);
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
        return weights_ + input_row(depth, height) * row_ + (column - first_column_) * lanes.unit();
    }

    const Real* weighted(Index depth, Index height, Index column) const {
        return weights(depth, height, column) + plane_;
    }

private:
    const OverlappingMeansArrays<Storage>& a_;
    const WindowGeometry& g_;
    Index pitch_;  // numbers of the windows of a row
    Index row_;    // of its columns, from that of the first window, which may lie before the map
    Index plane_;
    Index size_;
    Real* weights_;  // and a plane behind them: times the elements
    Real* columns_;  // sums over rows
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

    static const Storage* row_of(const Storage* plane, const TensorStrides& s, Index depth, Index height) {
        return plane + depth * s.axes[0] + height * s.axes[1];
    }

    void fill_row(Index depth, Index height, Range channels, LargestMagnitudes<Vector>& largest) {
        Index step = lanes.step(a_.x_strides);
        Index logit_step = lanes.step(a_.logit_strides);
        Index column_step = a_.x_strides.axes[2];
        Index logit_column_step = a_.logit_strides.axes[2];
        const Storage* x = row_of(x_, a_.x_strides, depth, height) + inputs_[2].begin * column_step;
        const Storage* logit = row_of(logit_, a_.logit_strides, depth, height) + inputs_[2].begin * logit_column_step;
        Index before = (inputs_[2].begin - first_column_) * lanes.unit();
        Real* weights = weights_ + input_row(depth, height) * row_;
        clear(weights, 0, before);
        clear(weights, before + inputs_[2].size() * lanes.unit(), row_);
        weights += before;
        bool is_soft = a_.is_soft;
        LargestMagnitudes<Vector> most = largest;  // in registers
        lanes.for_each(inputs_[2].size(), channels, [&](Index i, Index column, int count) POOLING_INLINE_LAMBDA {
            Vector l = load_lanes<Vector>(logit + column * logit_column_step, logit_step, count);
            Vector e = scaled_exponential(l, typename RealTraits<Vector>::Bits{});
            most.take_logit(l);
            Vector v = l;
            if (!is_soft) {
                v = load_lanes<Vector>(x + column * column_step, step, count);
                most.take_element(v);
            }
            store_lanes(weights + i, 1, count, e);
            store_lanes(weights + plane_ + i, 1, count, e * v);
        });
        largest = most;
    }

    void clear(Real* weights, Index begin, Index end) const {
        for (Index i = begin; i < end; i++) {
            weights[i] = weights[plane_ + i] = 0;
        }
    }

    // The sums of a row of windows: over rows first, then along the row.
    void sum_row(Index depth, Index height) {
        const WindowAxis& axis = g_.axes[2];
        Range depths = valid_taps(g_.axes[0], depth);
        Range heights = valid_taps(g_.axes[1], height);
        Real* sums = sums_ + window_row(depth, height) * pitch_;
        Real* means = means_ + window_row(depth, height) * pitch_;
        const Real* rows[kRowsInRegisters];
        Index count = 0;
        SumOfRows<Real> by_weight(columns_, row_);
        SumOfRows<Real> by_product(columns_ + row_, row_);
        bool in_registers = !lanes.along_channels && axis.dilation == 1 && is_common(stride(), axis.kernel) &&
                            depths.size() * heights.size() > 0 && depths.size() * heights.size() <= kRowsInRegisters;
        for (Index d = depths.begin; d < depths.end; d++) {
            for (Index h = heights.begin; h < heights.end; h++) {
                const Real* row =
                    weights_ + row_ * input_row(window_start(g_.axes[0], depth) + d * g_.axes[0].dilation,
                                                window_start(g_.axes[1], height) + h * g_.axes[1].dilation);
                if (in_registers) {
                    rows[count++] = row;
                } else {
                    by_weight.add(row);
                    by_product.add(row + plane_);
                }
            }
        }
        if (in_registers) {
            if (stride() == 2) {
                sum_in_registers<2, 3>(rows, count, sums, means);
            } else if (axis.kernel == 3) {
                sum_in_registers<1, 3>(rows, count, sums, means);
            } else {
                sum_in_registers<1, 2>(rows, count, sums, means);
            }
            return;
        }
        by_weight.finish();
        by_product.finish();
        sum_along(columns_, sums);
        sum_along(columns_ + row_, means);
        for (Index i = 0; i < windows_[2].size() * lanes.unit(); i += kLanes) {
            store_mean(sums + i, means + i, load_lanes(sums + i), load_lanes(means + i));
        }
    }

    // A window can step over the map.
    POOLING_FUNCTION static void store_mean(Real* sums, Real* means, Vector weight, Vector weighted) {
        store_lanes(sums, weight);
        store_lanes(means, weight == Real(0) ? weight : weighted / weight);
    }

    static constexpr int kRowsInRegisters = 9;

    static bool is_common(Index stride, Index taps) {
        return stride == 1 ? taps == 2 || taps == 3 : stride == 2 && taps == 3;
    }

    template <int Stride, int Taps>
    void sum_in_registers(const Real* const* rows, Index count, Real* sums, Real* means) const {
        // Of columns: over rows. The last vector is the next windows' first.
        Vector weight[Stride + 1];
        Vector weighted[Stride + 1];
        sum_columns(rows, count, 0, weight[0], weighted[0]);
        for (Index i = 0; i < windows_[2].size(); i += kLanes) {
            unrolled<Stride>([&](int s) {
                sum_columns(rows, count, i * Stride + (s + 1) * kLanes, weight[s + 1], weighted[s + 1]);
            });
            store_mean(sums + i, means + i, sum_of_taps<Stride, Taps>(weight), sum_of_taps<Stride, Taps>(weighted));
            weight[0] = weight[Stride];
            weighted[0] = weighted[Stride];
        }
    }

    POOLING_FUNCTION void sum_columns(const Real* const* rows, Index count, Index column, Vector& weight,
                                      Vector& weighted) const {
        weight = load_lanes(rows[0] + column);
        weighted = load_lanes(rows[0] + column + plane_);
        for (Index row = 1; row < count; row++) {
            weight += load_lanes(rows[row] + column);
            weighted += load_lanes(rows[row] + column + plane_);
        }
    }

    // Of windows whose columns begin with the first of the vectors.
    template <int Stride, int Taps>
    POOLING_FUNCTION static Vector sum_of_taps(const Vector* columns) {
        Vector sum = tap_of_columns<Stride, 0>(columns) + tap_of_columns<Stride, 1>(columns);
        if constexpr (Taps == 3) {
            sum += tap_of_columns<Stride, 2>(columns);
        }
        return sum;
    }

    void sum_along(const Real* columns, Real* target) const {
        const WindowAxis& axis = g_.axes[2];
        Index windows = windows_[2].size();
        if (stride() == 1) {
            SumOfRows<Real> sum(target, windows * lanes.unit());
            for (Index tap = 0; tap < axis.kernel; tap++) {
                sum.add(columns + tap * axis.dilation * lanes.unit());
            }
            sum.finish();
        } else if (lanes.along_channels) {
            for (Index i = 0; i < windows; i++) {
                Vector sum = broadcast<Vector>(0);
                for (Index tap = 0; tap < axis.kernel; tap++) {
                    sum += load_lanes(columns + (i * stride() + tap * axis.dilation) * kLanes);
                }
                store_lanes(target + i * kLanes, sum);
            }
        } else if (stride() == 2) {
            sum_pairs(columns, target, windows);
        } else {
            for (Index i = 0; i < windows; i++) {
                Real sum = 0;
                for (Index tap = 0; tap < axis.kernel; tap++) {
                    sum += columns[i * stride() + tap * axis.dilation];
                }
                target[i] = sum;
            }
        }
    }

    // Neighbouring taps of windows two columns apart come with the same loads.
    void sum_pairs(const Real* columns, Real* target, Index count) const {
        const WindowAxis& axis = g_.axes[2];
        Index together = axis.dilation == 1 ? axis.kernel / 2 * 2 : 0;
        for (Index i = 0; i < count; i += kLanes) {
            const Real* first = columns + 2 * i;
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
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
