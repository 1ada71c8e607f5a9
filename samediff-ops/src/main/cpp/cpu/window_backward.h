// SPDX-License-Identifier: Apache-2.0
// Gradient of a window operator in gather form: every input element collects from the windows that contain it, so that
// no two threads write the same element and the result does not depend on their number.
//
// An operator gives, per window, a few coefficients (coefficients) and, from an element, the coefficients of one of its
// windows and the number of its tap there, that window's contribution (gradient). Tiles of the input are worked on one
// by one: first the coefficients of all windows over the tile, into scratch memory that stays in the cache, then the
// elements.
#pragma once

#include <stdlib.h>

#include "../kernels/window_parameters.h"
#include "adjacent_windows.h"
#include "kernel_table.h"
#include "lane_shuffles.h"
#include "threads.h"
#include "tiles.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr Index kChannelsPerTile = 256;

// Writes the coefficients of windows side by side; each coefficient has its own plane.
template <class Operator, class Storage>
struct CoefficientVisitor {
    typedef typename StorageTraits<Storage>::Real Scalar;
    const Operator& op;
    const Storage* gradient;
    Index gradient_stride;
    Scalar* target;  // of output 0
    Index plane;

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        Real g = load_lanes<Real>(gradient + output * gradient_stride, gradient_stride, lanes);
        Real coefficients[Operator::kCoefficients];
        op.coefficients(window, g, coefficients);
        for (int k = 0; k < Operator::kCoefficients; k++) {
            store_unaligned(target + k * plane + output, coefficients[k]);
        }
    }

    // No element collects from an empty window.
    POOLING_FUNCTION void empty(Index) {}
};

// target[i] += contribution of window i to value i, which is the window's tap of the given number.
template <class Operator, class Scalar>
POOLING_FUNCTION void accumulate(const Operator& op, Scalar* target, const Scalar* values, const Scalar* coefficients,
                                 Index plane, Index count, Index tap) {
    typedef typename LanesOf<Scalar>::Vector Vector;
    constexpr int kLanes = lane_count<Vector>();
    for (Index i = 0; i < count; i += kLanes) {
        // What lies behind the last lane was never written: even where its result is dropped, denormal numbers in it
        // would cost a hundred times the time.
        int n = static_cast<int>(minimum(kLanes, count - i));
        Vector lanes[Operator::kCoefficients];
        for (int k = 0; k < Operator::kCoefficients; k++) {
            lanes[k] = load_lanes<Vector>(coefficients + k * plane + i, 1, n);
        }
        Vector contribution = op.gradient(load_lanes<Vector>(values + i, 1, n), lanes, static_cast<Scalar>(tap));
        store_lanes(target + i, 1, n, load_lanes<Vector>(target + i, 1, n) + contribution);
    }
}

// Lanes run along the width. The columns of a row whose distance is a multiple of the stride form a phase: neighbours
// in a phase belong to neighbouring windows, so that everything is read and added contiguously.
template <class Operator, class Storage>
class RowGradient {
public:
    typedef typename StorageTraits<Storage>::Real Scalar;

    RowGradient(const WindowBackwardParameters& parameters, void* const* arrays)
        : p_(parameters),
          op_(parameters.options),
          x_(static_cast<const Storage*>(arrays[0])),
          y_gradient_(static_cast<const Storage*>(arrays[1])),
          x_gradient_(static_cast<Storage*>(arrays[2])),
          walk_(parameters.geometry, parameters.x),
          tiling_(parameters.geometry, Operator::kCoefficients),
          phase_size_(ceil_divide(tiling_.extent[2], axis().stride) + kLanes) {
        const WindowGeometry& g = p_.geometry;
        coefficients_size_ = tiling_.windows(g.axes[0], 0) * tiling_.windows(g.axes[1], 1) *
                             (tiling_.windows(g.axes[2], 2) + kLanes) * Operator::kCoefficients;
    }

    Index items() const {
        return p_.geometry.batch * p_.geometry.channels * tiling_.total();
    }

    Index work_per_item() const {
        return tiling_.extent[0] * tiling_.extent[1] * tiling_.extent[2] * taps_per_window(p_.geometry);
    }

    Index scratch_size() const {
        return coefficients_size_ + 2 * kPhasesAtOnce * phase_size_;
    }

    void run(Index item, Scalar* scratch) const {
        const WindowGeometry& g = p_.geometry;
        Tile tile(g, tiling_, item % tiling_.total());
        Index channel = item / tiling_.total() % g.channels;
        Index batch = item / tiling_.total() / g.channels;
        Scalar* phases = scratch + coefficients_size_;
        fill_coefficients(tile, batch, channel, scratch);
        for (Index depth = tile.inputs[0].begin; depth < tile.inputs[0].end; depth++) {
            for (Index height = tile.inputs[1].begin; height < tile.inputs[1].end; height++) {
                gather_row(tile, batch, channel, depth, height, scratch, phases);
            }
        }
    }

private:
    typedef typename LanesOf<Scalar>::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();
    static constexpr int kPhasesAtOnce = 2;

    const WindowBackwardParameters& p_;
    Operator op_;
    const Storage* x_;
    const Storage* y_gradient_;
    Storage* x_gradient_;
    RowWalk<Storage> walk_;
    Tiling tiling_;
    Index phase_size_;
    Index coefficients_size_;

    const WindowAxis& axis() const {
        return p_.geometry.axes[2];
    }

    static Index pitch(const Tile& tile) {
        return tile.windows[2].size() + kLanes;  // a vector may reach past the last window
    }

    static Index plane(const Tile& tile) {
        return tile.windows[0].size() * tile.windows[1].size() * pitch(tile);
    }

    void fill_coefficients(const Tile& tile, Index batch, Index channel, Scalar* coefficients) const {
        const WindowGeometry& g = p_.geometry;
        const Storage* map = x_ + batch * p_.x.batch + channel * p_.x.channel;
        for (Index depth = tile.windows[0].begin; depth < tile.windows[0].end; depth++) {
            for (Index height = tile.windows[1].begin; height < tile.windows[1].end; height++) {
                RowOfWindows<Storage> row(g, p_.x, map, depth, height);
                Index source = element_offset(p_.y_gradient, batch, channel, depth, height, 0);
                Scalar* target = coefficients + tile.row_of(depth, height) * pitch(tile) - tile.windows[2].begin;
                CoefficientVisitor<Operator, Storage> visitor = {op_, y_gradient_ + source, p_.y_gradient.axes[2],
                                                                 target, plane(tile)};
                walk_.visit(row, tile.windows[2], visitor);
            }
        }
    }

    void gather_row(const Tile& tile, Index batch, Index channel, Index depth, Index height, const Scalar* coefficients,
                    Scalar* phases) const {
        Index begin = tile.inputs[2].begin;
        Index columns = tile.inputs[2].size();
        const Storage* x = x_ + element_offset(p_.x, batch, channel, depth, height, begin);
        Storage* target = x_gradient_ + element_offset(p_.x_gradient, batch, channel, depth, height, begin);
        Scalar* values = phases;
        Scalar* sums = phases + kPhasesAtOnce * phase_size_;
        if (axis().stride == 2 && p_.x_gradient.axes[2] == 1) {
            for (Index first = 0; first < minimum(2, columns); first++) {
                gather_phase(tile, depth, height, x, first, coefficients, values + first * phase_size_,
                             sums + first * phase_size_);
            }
            store_two_phases(target, columns, sums, sums + phase_size_);
            return;
        }
        for (Index first = 0; first < minimum(axis().stride, columns); first++) {
            gather_phase(tile, depth, height, x, first, coefficients, values, sums);
            Index stride = axis().stride * p_.x_gradient.axes[2];
            store_phase(target + first * p_.x_gradient.axes[2], stride, phase_columns(columns, first), sums);
        }
    }

    Index phase_columns(Index columns, Index first) const {
        return ceil_divide(columns - first, axis().stride);
    }

    void gather_phase(const Tile& tile, Index depth, Index height, const Storage* x, Index first,
                      const Scalar* coefficients, Scalar* values, Scalar* sums) const {
        const WindowGeometry& g = p_.geometry;
        Index count = phase_columns(tile.inputs[2].size(), first);
        load_phase(x + first * p_.x.axes[2], axis().stride * p_.x.axes[2], count, values);
        for (Index i = 0; i < count; i++) {
            sums[i] = 0;
        }
        Range depths = windows_over(g.axes[0], {depth, depth + 1});
        Range heights = windows_over(g.axes[1], {height, height + 1});
        for (Index d = depths.begin; d < depths.end; d++) {
            for (Index h = heights.begin; h < heights.end; h++) {
                if (window_contains(g.axes[0], d, depth) && window_contains(g.axes[1], h, height)) {
                    const Scalar* row = coefficients + tile.row_of(d, h) * pitch(tile) - tile.windows[2].begin;
                    Index tap = tap_of(g.axes[0], d, depth) * g.axes[1].kernel + tap_of(g.axes[1], h, height);
                    gather_taps(tile.inputs[2].begin + first, row, plane(tile), count, values, sums,
                                tap * axis().kernel);
                }
            }
        }
    }

    void gather_taps(Index column, const Scalar* row, Index plane, Index count, const Scalar* values, Scalar* sums,
                     Index first_tap) const {
        for (Index tap = 0; tap < axis().kernel; tap++) {
            Index start = column + axis().padding - tap * axis().dilation;
            if (start % axis().stride != 0) {
                continue;
            }
            Index window = start / axis().stride;
            Index begin = maximum(0, -window);
            Index end = minimum(count, axis().output - window);
            if (begin < end) {
                accumulate(op_, sums + begin, values + begin, row + window + begin, plane, end - begin,
                           first_tap + tap);
            }
        }
    }

    static void load_phase(const Storage* p, Index stride, Index count, Scalar* target) {
        for (Index i = 0; i < count; i += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, count - i));
            // The paired load reads one element past its last lane, which the last element of a row does not have.
            bool paired = stride == 2 && i + lanes < count;
            store_unaligned(target + i, paired ? load_lane_pair<Vector>(p + 2 * i, lanes).even
                                               : load_lanes<Vector>(p + i * stride, stride, lanes));
        }
    }

    static void store_phase(Storage* p, Index stride, Index count, const Scalar* source) {
        for (Index i = 0; i < count; i += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, count - i));
            store_lanes(p + i * stride, stride, lanes, load_lanes(source + i));
        }
    }

    static void store_two_phases(Storage* p, Index columns, const Scalar* even, const Scalar* odd) {
        Index pairs = columns / 2;
        for (Index i = 0; i < pairs; i += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, pairs - i));
            store_lane_pair(p + 2 * i, lanes, load_lanes(even + i), load_lanes(odd + i));
        }
        if (columns % 2 != 0) {
            store(p + columns - 1, even[pairs]);
        }
    }
};

// Lanes run along the channels, which share the position and so the windows.
template <class Operator, class Storage>
class ChannelGradient {
public:
    typedef typename StorageTraits<Storage>::Real Scalar;

    ChannelGradient(const WindowBackwardParameters& parameters, void* const* arrays)
        : p_(parameters),
          op_(parameters.options),
          x_(static_cast<const Storage*>(arrays[0])),
          y_gradient_(static_cast<const Storage*>(arrays[1])),
          x_gradient_(static_cast<Storage*>(arrays[2])),
          chunk_(minimum(kChannelsPerTile, parameters.geometry.channels)),
          chunks_(ceil_divide(parameters.geometry.channels, chunk_)),
          plane_(chunk_ + kLanes),
          tiling_(parameters.geometry, Operator::kCoefficients * plane_) {}

    Index items() const {
        return p_.geometry.batch * chunks_ * tiling_.total();
    }

    Index work_per_item() const {
        return tiling_.extent[0] * tiling_.extent[1] * tiling_.extent[2] * chunk_ * taps_per_window(p_.geometry);
    }

    Index scratch_size() const {
        return tiling_.windows(p_.geometry) * Operator::kCoefficients * plane_;
    }

    void run(Index item, Scalar* scratch) const {
        Tile tile(p_.geometry, tiling_, item % tiling_.total());
        Index begin = item / tiling_.total() % chunks_ * chunk_;
        Range channels = {begin, minimum(p_.geometry.channels, begin + chunk_)};
        Index batch = item / tiling_.total() / chunks_;
        fill_coefficients(tile, batch, channels, scratch);
        for (Index d = tile.inputs[0].begin; d < tile.inputs[0].end; d++) {
            for (Index h = tile.inputs[1].begin; h < tile.inputs[1].end; h++) {
                for (Index w = tile.inputs[2].begin; w < tile.inputs[2].end; w++) {
                    gather(tile, batch, channels, d, h, w, scratch);
                }
            }
        }
    }

private:
    static constexpr int kLanes = lane_count<typename LanesOf<Scalar>::Vector>();

    const WindowBackwardParameters& p_;
    Operator op_;
    const Storage* x_;
    const Storage* y_gradient_;
    Storage* x_gradient_;
    Index chunk_;
    Index chunks_;
    Index plane_;
    Tiling tiling_;

    Index offset(const Tile& tile, Index depth, Index height, Index width) const {
        Index position = tile.row_of(depth, height) * tile.windows[2].size() + width - tile.windows[2].begin;
        return position * Operator::kCoefficients * plane_;
    }

    void fill_coefficients(const Tile& tile, Index batch, Range channels, Scalar* coefficients) const {
        const WindowGeometry& g = p_.geometry;
        for (Index depth = tile.windows[0].begin; depth < tile.windows[0].end; depth++) {
            for (Index height = tile.windows[1].begin; height < tile.windows[1].end; height++) {
                RowOfWindows<Storage> row(g, p_.x, x_ + batch * p_.x.batch, depth, height);
                for (Index width = tile.windows[2].begin; width < tile.windows[2].end; width++) {
                    Index source = element_offset(p_.y_gradient, batch, 0, depth, height, width);
                    Scalar* target = coefficients + offset(tile, depth, height, width) - channels.begin;
                    CoefficientVisitor<Operator, Storage> visitor = {op_, y_gradient_ + source, p_.y_gradient.channel,
                                                                     target, plane_};
                    visit_channels(row, g.axes[2], p_.x.axes[2], width, channels, visitor);
                }
            }
        }
    }

    void gather(const Tile& tile, Index batch, Range channels, Index depth, Index height, Index width,
                const Scalar* coefficients) const {
        typedef typename LanesOf<Scalar>::Vector Vector;
        const WindowGeometry& g = p_.geometry;
        Range depths = windows_over(g.axes[0], {depth, depth + 1});
        Range heights = windows_over(g.axes[1], {height, height + 1});
        Range widths = windows_over(g.axes[2], {width, width + 1});
        const Index position[kAxes] = {depth, height, width};
        const Storage* x = x_ + element_offset(p_.x, batch, 0, depth, height, width);
        Storage* target = x_gradient_ + element_offset(p_.x_gradient, batch, 0, depth, height, width);
        for (Index c = channels.begin; c < channels.end; c += kLanes) {
            int count = static_cast<int>(minimum(kLanes, channels.end - c));
            Vector value = load_lanes<Vector>(x + c, 1, count);
            Vector sum = broadcast<Vector>(0);
            for (Index d = depths.begin; d < depths.end; d++) {
                for (Index h = heights.begin; h < heights.end; h++) {
                    for (Index w = widths.begin; w < widths.end; w++) {
                        if (window_contains(g.axes[0], d, depth) && window_contains(g.axes[1], h, height) &&
                            window_contains(g.axes[2], w, width)) {
                            const Scalar* row = coefficients + offset(tile, d, h, w) + c - channels.begin;
                            Vector lanes[Operator::kCoefficients];
                            for (int k = 0; k < Operator::kCoefficients; k++) {
                                lanes[k] = load_lanes(row + k * plane_);
                            }
                            const Index window[kAxes] = {d, h, w};
                            Index tap = tap_number(g, window, position);
                            sum += op_.gradient(value, lanes, static_cast<Scalar>(tap));
                        }
                    }
                }
            }
            store_lanes(target + c * p_.x_gradient.channel, p_.x_gradient.channel, count, sum);
        }
    }
};

template <class Gradient>
KernelStatus run_gradient(const Gradient& gradient) {
    bool out_of_memory = false;
    parallel_ranges(gradient.items(), gradient.work_per_item(), [&](Index begin, Index end) {
        typedef typename Gradient::Scalar Scalar;
        Scalar* scratch = static_cast<Scalar*>(malloc(static_cast<size_t>(gradient.scratch_size()) * sizeof(Scalar)));
        if (scratch == nullptr) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        for (Index item = begin; item < end; item++) {
            gradient.run(item, scratch);
        }
        free(scratch);
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

template <class Operator, class Storage>
KernelStatus window_backward(const void* parameters, void* const* arrays) {
    const WindowBackwardParameters& p = *static_cast<const WindowBackwardParameters*>(parameters);
    if (try_adjacent_windows<Operator, Storage, 1, true>(p, &p.x, arrays)) {
        return kSuccess;
    }
    if (channels_last(p.geometry, p.x)) {
        return run_gradient(ChannelGradient<Operator, Storage>(p, arrays));
    }
    return run_gradient(RowGradient<Operator, Storage>(p, arrays));
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
