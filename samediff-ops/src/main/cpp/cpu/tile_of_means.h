// SPDX-License-Identifier: Apache-2.0
// The sums of windows that overlap, for means weighted by exponentials (overlapping_means.h says which).
#pragma once

#include "../kernels/window_parameters.h"
#include "cells.h"
#include "tiles.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The farthest that logits of a tile may lie apart.
constexpr double kLargestLogitRange = 16;

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
        Index windows = padded<Vector>(tiling.windows(g_.axes[2], 2));
        Index most_rows =
            minimum(g_.axes[0].input, most_inputs(tiling, 0)) * minimum(g_.axes[1].input, most_inputs(tiling, 1));
        pitch_ = windows;
        phase_ = padded<Vector>(ceil_divide(most_inputs(tiling, 2), stride())) + kLanes;
        Index window_rows = tiling.windows(g_.axes[0], 0) * tiling.windows(g_.axes[1], 1);
        size_ = 0;
        auto take = [&](Index size) {
            Index offset = size_;
            size_ += size;
            return scratch == nullptr ? nullptr : scratch + offset;
        };
        weights_ = take(most_rows * stride() * phase_);
        weighted_ = take(most_rows * stride() * phase_);
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

    // False where the logits lie too far apart, or a value is not finite.
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
        if (!find_range()) {
            return false;
        }
        for_each_input_row([&](Index depth, Index height, Index row) {
            fill_row(depth, height, row);
            sum_along(weights_ + row * stride() * phase_, row_weights_ + row * pitch_);
            sum_along(weighted_ + row * stride() * phase_, row_weighted_ + row * pitch_);
        });
        for (Index d = windows_[0].begin; d < windows_[0].end; d++) {
            for (Index h = windows_[1].begin; h < windows_[1].end; h++) {
                sum_over_rows(d, h);
            }
        }
        return true;
    }

    // Of the windows of a row: sums of weights, and the means less base().
    const Real* sums(Index depth, Index height) const {
        return sums_ + window_row(depth, height) * pitch_;
    }

    const Real* means(Index depth, Index height) const {
        return means_ + window_row(depth, height) * pitch_;
    }

    Real base() const {
        return base_;
    }

    bool has_column(Index column) const {
        return column >= inputs_[2].begin && column < inputs_[2].end;
    }

    // Weights of the elements of a row from a column on, a stride apart; weighted: times the elements less base().
    const Real* weights(Index depth, Index height, Index column) const {
        return weights_ + place(depth, height, column);
    }

    const Real* weighted(Index depth, Index height, Index column) const {
        return weighted_ + place(depth, height, column);
    }

private:
    const OverlappingMeansArrays<Storage>& a_;
    const WindowGeometry& g_;
    Index pitch_;  // windows of a row
    Index phase_;  // elements of a row that lie a stride apart
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
    Real base_ = 0;
    Real largest_ = 0;

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

    Index place(Index depth, Index height, Index column) const {
        Index offset = column - first_column_;
        return (input_row(depth, height) * stride() + offset % stride()) * phase_ + offset / stride();
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

    bool find_range() {
        Real least = 0;
        if (!range(logit_, a_.logit_strides, &least, &largest_) ||
            !(largest_ - least <= static_cast<Real>(kLargestLogitRange))) {
            return false;
        }
        base_ = largest_;
        if (!a_.is_soft) {
            Real lowest = 0;
            Real highest = 0;
            // Sums of products stay far from the largest number.
            constexpr Real kMost = FloatFormat<Real>::kLargest / Real(1 << 24);
            if (!range(x_, a_.x_strides, &lowest, &highest) || !(highest < kMost && lowest > -kMost)) {
                return false;
            }
            base_ = lowest / 2 + highest / 2;
        }
        return true;
    }

    // False where a value is not finite.
    bool range(const Storage* plane, const TensorStrides& s, Real* least, Real* most) const {
        Index stride = s.axes[2];
        Vector low =
            broadcast<Vector>(load(row_of(plane, s, inputs_[0].begin, inputs_[1].begin) + inputs_[2].begin * stride));
        Vector high = low;
        Vector nothing = low - low;  // NaN once a value is not finite
        for_each_input_row([&](Index depth, Index height, Index) {
            const Storage* row = row_of(plane, s, depth, height);
            Index columns = inputs_[2].size();
            for (Index i = 0; i < columns; i += kLanes) {
                // The last vector begins earlier, where the row is that long.
                Index begin = inputs_[2].begin + (columns < kLanes ? 0 : minimum(i, columns - kLanes));
                int lanes = static_cast<int>(minimum(kLanes, columns));
                Vector v = load_lanes<Vector>(row + begin * stride, stride, lanes);
                nothing += v - v;
                for (int lane = lanes; lane < kLanes; lane++) {
                    v[lane] = v[0];
                }
                low = v < low ? v : low;
                high = v > high ? v : high;
            }
        });
        *least = low[0];
        *most = high[0];
        Real none = nothing[0];
        for (int lane = 1; lane < kLanes; lane++) {
            *least = low[lane] < *least ? low[lane] : *least;
            *most = high[lane] > *most ? high[lane] : *most;
            none += nothing[lane];
        }
        return none == 0;
    }

    void fill_row(Index depth, Index height, Index row) {
        const Storage* x = row_of(x_, a_.x_strides, depth, height);
        const Storage* logit = row_of(logit_, a_.logit_strides, depth, height);
        for (Index phase = 0; phase < stride(); phase++) {
            Real* weights = weights_ + (row * stride() + phase) * phase_;
            Real* weighted = weighted_ + (row * stride() + phase) * phase_;
            Index first = first_column_ + phase;
            Index begin =
                minimum(phase_, first < inputs_[2].begin ? ceil_divide(inputs_[2].begin - first, stride()) : 0);
            Index end = minimum(phase_, maximum(begin, ceil_divide(inputs_[2].end - first, stride())));
            for (Index i = 0; i < begin; i++) {
                weights[i] = weighted[i] = 0;
            }
            for (Index i = end; i < phase_; i++) {
                weights[i] = weighted[i] = 0;
            }
            for (Index i = begin; i < end; i += kLanes) {
                int lanes = static_cast<int>(minimum(kLanes, end - i));
                Index column = first + i * stride();
                bool is_last = column + stride() * (lanes - 1) + 1 >= g_.axes[2].input;
                Vector l = phase_lanes(logit, a_.logit_strides.axes[2], column, lanes, is_last);
                Vector e = exponential_of_nonpositive(l - largest_);
                Vector v = a_.is_soft ? l : phase_lanes(x, a_.x_strides.axes[2], column, lanes, is_last);
                store_lanes(weights + i, 1, lanes, e);
                store_lanes(weighted + i, 1, lanes, e * (v - base_));
            }
        }
    }

    // The paired load reads one element past its last lane, which the last element of a row does not have.
    Vector phase_lanes(const Storage* row, Index element, Index column, int lanes, bool is_last) const {
        const Storage* p = row + column * element;
        Index step = stride() * element;
        return step == 2 && !is_last ? load_lane_pair<Vector>(p, lanes).even : load_lanes<Vector>(p, step, lanes);
    }

    void sum_along(const Real* row, Real* target) const {
        const WindowAxis& axis = g_.axes[2];
        for (Index i = 0; i < windows_[2].size(); i += kLanes) {
            Vector sum = broadcast<Vector>(0);
            for (Index tap = 0; tap < axis.kernel; tap++) {
                Index offset = tap * axis.dilation;
                sum += load_lanes(row + offset % axis.stride * phase_ + offset / axis.stride + i);
            }
            store_lanes(target + i, sum);
        }
    }

    void sum_over_rows(Index depth, Index height) {
        Range depths = valid_taps(g_.axes[0], depth);
        Range heights = valid_taps(g_.axes[1], height);
        Real* sums = sums_ + window_row(depth, height) * pitch_;
        Real* means = means_ + window_row(depth, height) * pitch_;
        for (Index i = 0; i < windows_[2].size(); i += kLanes) {
            Vector weight = broadcast<Vector>(0);
            Vector weighted = broadcast<Vector>(0);
            for (Index d = depths.begin; d < depths.end; d++) {
                for (Index h = heights.begin; h < heights.end; h++) {
                    Index row = input_row(window_start(g_.axes[0], depth) + d * g_.axes[0].dilation,
                                          window_start(g_.axes[1], height) + h * g_.axes[1].dilation) *
                                pitch_;
                    weight += load_lanes(row_weights_ + row + i);
                    weighted += load_lanes(row_weighted_ + row + i);
                }
            }
            store_lanes(sums + i, weight);
            // A window can step over the map.
            store_lanes(means + i, weight == Real(0) ? weight : weighted / weight);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
