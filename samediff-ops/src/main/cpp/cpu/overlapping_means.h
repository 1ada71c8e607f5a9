// SPDX-License-Identifier: Apache-2.0
// Means of windows that overlap, weighted by the exponentials of logits: soft pooling, whose logits are the elements
// themselves, and local importance-based pooling. An exponential is computed once for every element, not for every
// window that it lies in:
//     E = exp(l),  F = E x,  Z = sum E,  R = sum F over a window,  y = R / Z
// and with a = g / Z, b = a R / Z summed over the windows of an element to A and B
//     dy/dx = E A,  dy/dl = F A - E B
// Sums of windows are sums along rows first, then over rows. Planes with numbers too large for that go the way that
// treats each window by itself.
#pragma once

#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include "threads.h"
#include "tile_of_means.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Whether windows overlap, so that sharing exponentials pays, and lanes run along rows.
inline bool shares_exponentials(const WindowGeometry& g, const TensorStrides& x, const TensorStrides& logit) {
    Index per_element = 1;
    for (int a = 0; a < kAxes; a++) {
        const WindowAxis& axis = g.axes[a];
        Index extent = (axis.kernel - 1) * axis.dilation + 1;
        if (extent < axis.stride || extent > axis.input) {
            return false;
        }
        per_element *= axis.stride;
    }
    return taps_per_window(g) > per_element && !channels_last(g, x) && !channels_last(g, logit);
}

template <class Storage>
class OverlappingMeansForward {
public:
    typedef TileOfMeans<Storage> Means;
    typedef typename Means::Real Real;

    OverlappingMeansForward(const OverlappingMeansArrays<Storage>& arrays, Storage* y, const TensorStrides& y_strides)
        : a_(arrays), y_(y), s_(y_strides) {}

    // The windows that begin in a tile.
    void tile(const Tiling& tiling, Index index, Index batch, Index channel, Means& means, bool* fits) const {
        const WindowGeometry& g = a_.geometry;
        Tile tile(g, tiling, index);
        Range own[kAxes];
        for (int a = 0; a < kAxes; a++) {
            own[a] = {windows_from(g.axes[a], tile.inputs[a].begin), tile.inputs[a].end == g.axes[a].input
                                                                         ? g.axes[a].output
                                                                         : windows_from(g.axes[a], tile.inputs[a].end)};
            if (own[a].size() <= 0) {
                return;
            }
        }
        if (!means.fill(batch, channel, own)) {
            *fits = false;
            return;
        }
        for (Index d = own[0].begin; d < own[0].end; d++) {
            for (Index h = own[1].begin; h < own[1].end; h++) {
                store_row(element_offset(s_, batch, channel, d, h, own[2].begin), own[2].size(), means.means(d, h));
            }
        }
    }

private:
    typedef typename Means::Vector Vector;

    const OverlappingMeansArrays<Storage>& a_;
    Storage* y_;
    const TensorStrides& s_;

    // The first window that begins at an input or later; those of the padding before belong to the first tile.
    static Index windows_from(const WindowAxis& axis, Index input) {
        return input == 0 ? 0 : minimum(axis.output, ceil_divide(input + axis.padding, axis.stride));
    }

    void store_row(Index offset, Index count, const Real* row) const {
        Index step = s_.axes[2];
        for_each_vector<Vector>(
            count, [&](Index i, int lanes) { store_lanes(y_ + offset + i * step, step, lanes, load_lanes(row + i)); });
    }
};

template <class Storage>
class OverlappingMeansBackward {
public:
    typedef TileOfMeans<Storage> Means;
    typedef typename Means::Real Real;

    // logit_gradient: the same as x_gradient in soft pooling.
    OverlappingMeansBackward(const OverlappingMeansArrays<Storage>& arrays, const Storage* y_gradient,
                             const TensorStrides& y_strides, Storage* x_gradient, const TensorStrides& x_strides,
                             Storage* logit_gradient, const TensorStrides& logit_strides)
        : a_(arrays),
          y_gradient_(y_gradient),
          y_strides_(y_strides),
          x_gradient_(x_gradient),
          x_strides_(x_strides),
          logit_gradient_(logit_gradient),
          logit_strides_(logit_strides) {}

    // For the sums of one row, before and behind which are zeros.
    Index scratch_size(const Tiling& tiling, const Means& means) const {
        Index windows = tiling.windows(a_.geometry.axes[0], 0) * tiling.windows(a_.geometry.axes[1], 1);
        return 2 * (windows * means.pitch() + row_size(means) + 2 * phases_size(tiling.extent[2]));
    }

    void tile(const Tiling& tiling, Index index, Index batch, Index channel, Means& means, Real* scratch,
              bool* fits) const {
        const WindowGeometry& g = a_.geometry;
        Tile tile(g, tiling, index);
        bool has_windows = true;
        for (int a = 0; a < kAxes; a++) {
            has_windows = has_windows && tile.windows[a].size() > 0;
        }
        if (has_windows && !means.fill(batch, channel, tile.windows)) {
            *fits = false;
            return;
        }
        // What holds zeros around the sums of a row has the same place in every tile.
        Real* of_row = scratch;
        Real* factors = scratch + 2 * (row_size(means) + 2 * phases_size(tiling.extent[2]));
        Rows rows = {factors, means.pitch(), tile.windows[0].size() * tile.windows[1].size() * means.pitch()};
        if (has_windows) {
            fill_factors(tile, batch, channel, means, rows);
        }
        for (Index d = tile.inputs[0].begin; d < tile.inputs[0].end; d++) {
            for (Index h = tile.inputs[1].begin; h < tile.inputs[1].end; h++) {
                gather_row(tile, batch, channel, d, h, means, rows, of_row);
            }
        }
    }

private:
    typedef typename Means::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    // a = g / Z of every window, and behind the plane of those b = a R / Z.
    struct Rows {
        Real* first;
        Index pitch;
        Index plane;
    };

    const OverlappingMeansArrays<Storage>& a_;
    const Storage* y_gradient_;
    const TensorStrides& y_strides_;
    Storage* x_gradient_;
    const TensorStrides& x_strides_;
    Storage* logit_gradient_;
    const TensorStrides& logit_strides_;

    Index reach() const {
        const WindowAxis& axis = a_.geometry.axes[2];
        return padded<Vector>((axis.kernel - 1) * axis.dilation / axis.stride + 1);
    }

    Index row_size(const Means& means) const {
        return means.pitch() + 2 * reach() + kLanes;
    }

    void fill_factors(const Tile& tile, Index batch, Index channel, const Means& means, const Rows& rows) const {
        Index step = y_strides_.axes[2];
        for (Index d = tile.windows[0].begin; d < tile.windows[0].end; d++) {
            for (Index h = tile.windows[1].begin; h < tile.windows[1].end; h++) {
                const Storage* gradient =
                    y_gradient_ + element_offset(y_strides_, batch, channel, d, h, tile.windows[2].begin);
                const Real* sums = means.sums(d, h);
                const Real* row_means = means.means(d, h);
                Real* factors = rows.first + tile.row_of(d, h) * rows.pitch;
                for_each_vector<Vector>(tile.windows[2].size(), [&](Index i, int lanes) {
                    Vector sum = load_lanes(sums + i);
                    Vector factor = sum == Real(0) ? sum : load_lanes<Vector>(gradient + i * step, step, lanes) / sum;
                    store_lanes(factors + i, 1, lanes, factor);
                    store_lanes(factors + rows.plane + i, 1, lanes, factor * load_lanes(row_means + i));
                });
                for (Index i = tile.windows[2].size(); i < rows.pitch; i++) {
                    factors[i] = factors[rows.plane + i] = 0;
                }
            }
        }
    }

    void gather_row(const Tile& tile, Index batch, Index channel, Index depth, Index height, const Means& means,
                    const Rows& rows, Real* scratch) const {
        const WindowGeometry& g = a_.geometry;
        Index size = row_size(means);
        Real* a_sums = scratch + reach();  // element i: of window i of the tile; zeros before and behind
        Real* b_sums = a_sums + size;
        Range depths = windows_over(g.axes[0], {depth, depth + 1});
        Range heights = windows_over(g.axes[1], {height, height + 1});
        bool is_covered = depths.size() > 0 && heights.size() > 0 && tile.windows[2].size() > 0;
        SumOfRows<Real> by_weight(a_sums, rows.pitch);
        SumOfRows<Real> by_mean(b_sums, rows.pitch);
        for (Index d = depths.begin; is_covered && d < depths.end; d++) {
            for (Index h = heights.begin; h < heights.end; h++) {
                if (window_contains(g.axes[0], d, depth) && window_contains(g.axes[1], h, height)) {
                    const Real* factors = rows.first + tile.row_of(d, h) * rows.pitch;
                    by_weight.add(factors);
                    by_mean.add(factors + rows.plane);
                }
            }
        }
        by_weight.finish();
        by_mean.finish();
        Index begin = tile.inputs[2].begin;
        Index columns = tile.inputs[2].size();
        Index covered = is_covered ? maximum(0, minimum(columns, means.end_of_columns() - begin)) : 0;
        Real* by_phase = scratch + 2 * size;
        Real* factors = by_phase + 2 * phases_size(columns);
        sum_windows(tile, covered, a_sums, by_phase, factors);
        sum_windows(tile, covered, b_sums, by_phase, factors + phases_size(columns));
        const Real* weights = covered > 0 ? means.weights(depth, height, begin) : nullptr;
        const Real* weighted = covered > 0 ? means.weighted(depth, height, begin) : nullptr;
        Row x = row(x_gradient_, x_strides_, batch, channel, depth, height, begin);
        Row logit = row(logit_gradient_, logit_strides_, batch, channel, depth, height, begin);
        for_each_vector<Vector>(covered, [&](Index i, int lanes) {
            Vector a = load_lanes(factors + i);
            Vector b = load_lanes(factors + phases_size(columns) + i);
            Vector e = load_lanes<Vector>(weights + i, 1, lanes);
            Vector by_element = e * a;
            Vector of_logit = load_lanes<Vector>(weighted + i, 1, lanes) * a - e * b;
            x.store(i, lanes, a_.is_soft ? by_element + of_logit : by_element);
            if (!a_.is_soft) {
                logit.store(i, lanes, of_logit);
            }
        });
        for (Index i = covered; i < columns; i++) {
            x.store(i, 1, Vector{});
            logit.store(i, 1, Vector{});
        }
    }

    struct Row {
        Storage* first;
        Index step;

        POOLING_FUNCTION void store(Index i, int lanes, Vector values) const {
            store_lanes(first + i * step, step, lanes, values);
        }
    };

    static Row row(Storage* array, const TensorStrides& s, Index batch, Index channel, Index depth, Index height,
                   Index column) {
        return {array + element_offset(s, batch, channel, depth, height, column), s.axes[2]};
    }

    // Columns that lie a stride apart form a phase.
    Index phase_size(Index columns) const {
        return padded<Vector>(ceil_divide(columns, a_.geometry.axes[2].stride));
    }

    Index phases_size(Index columns) const {
        return (phase_size(columns) + kLanes) * a_.geometry.axes[2].stride;
    }

    // target[i] = sum of what belongs to the windows that column i of the tile lies in.
    void sum_windows(const Tile& tile, Index columns, const Real* of_windows, Real* by_phase, Real* target) const {
        const WindowAxis& axis = a_.geometry.axes[2];
        Index pitch = phase_size(columns);
        for (Index phase = 0; phase < minimum(axis.stride, columns); phase++) {
            SumOfRows<Real> sum(axis.stride == 1 ? target : by_phase + phase * pitch,
                                ceil_divide(columns - phase, axis.stride));
            for (Index tap = 0; tap < axis.kernel; tap++) {
                Index start = tile.inputs[2].begin + phase + axis.padding - tap * axis.dilation;
                if (start % axis.stride == 0) {
                    sum.add(of_windows + start / axis.stride - tile.windows[2].begin);
                }
            }
            sum.finish();
        }
        if (axis.stride == 2) {
            for (Index i = 0; 2 * i < columns; i += kLanes) {
                store_lane_pair(target + 2 * i, kLanes, load_lanes(by_phase + i), load_lanes(by_phase + pitch + i));
            }
        } else if (axis.stride > 2) {
            for (Index i = 0; i < columns; i++) {
                target[i] = by_phase[i % axis.stride * pitch + i / axis.stride];
            }
        }
    }
};

// Runs pass(tile, batch, channel, means, scratch, fits) for all tiles of all planes, and single(batch, channel) for
// planes with numbers that are too large. Whether they are is a matter of the plane alone.
template <class Storage, class Size, class Pass, class Single>
KernelStatus for_each_tile_of_means(const OverlappingMeansArrays<Storage>& arrays, const Tiling& tiling,
                                    const Size& scratch_size, const Pass& pass, const Single& single) {
    typedef TileOfMeans<Storage> Means;
    typedef typename Means::Real Real;
    const WindowGeometry& g = arrays.geometry;
    Index planes = g.batch * g.channels;
    Index work = tiling.extent[0] * tiling.extent[1] * tiling.extent[2];
    Index sizes = Means(arrays, tiling, nullptr).scratch_size();
    Index further = scratch_size(Means(arrays, tiling, nullptr));
    Scratch<unsigned char> too_large(planes);
    if (!too_large) {
        return kOutOfMemory;
    }
    memset(too_large.get(), 0, static_cast<size_t>(planes));
    KernelStatus status = kSuccess;
    parallel_ranges(planes * tiling.total(), work, [&](Index begin, Index end) {
        Real* scratch = static_cast<Real*>(calloc(static_cast<size_t>(sizes + further), sizeof(Real)));
        if (scratch == nullptr) {
            status = kOutOfMemory;  // every thread writes the same value
            return;
        }
        Means means(arrays, tiling, scratch);
        for (Index item = begin; item < end; item++) {
            Index plane = item / tiling.total();
            bool fits = too_large.get()[plane] == 0;
            if (fits) {
                pass(item % tiling.total(), plane / g.channels, plane % g.channels, means, scratch + sizes, &fits);
            }
            if (!fits) {
                too_large.get()[plane] = 1;
            }
        }
        free(scratch);
    });
    parallel_ranges(status == kSuccess ? planes : 0, g.axes[0].input * g.axes[1].input * g.axes[2].input,
                    [&](Index begin, Index end) {
                        for (Index plane = begin; plane < end; plane++) {
                            if (too_large.get()[plane] != 0) {
                                KernelStatus result = single(plane / g.channels, plane % g.channels);
                                if (result != kSuccess) {
                                    status = result;
                                }
                            }
                        }
                    });
    return status;
}

// Makes tiles so small that weights, products and sums stay in the first-level cache.
constexpr Index kScratchPerWindowOfMeans = 120;

template <class Storage, class Single>
KernelStatus overlapping_means_forward(const OverlappingMeansArrays<Storage>& arrays, Storage* y,
                                       const TensorStrides& y_strides, const Single& single) {
    Tiling tiling(arrays.geometry, kScratchPerWindowOfMeans);
    OverlappingMeansForward<Storage> forward(arrays, y, y_strides);
    return for_each_tile_of_means(
        arrays, tiling, [](const TileOfMeans<Storage>&) { return Index(0); },
        [&](Index tile, Index batch, Index channel, TileOfMeans<Storage>& means, auto*, bool* fits) {
            forward.tile(tiling, tile, batch, channel, means, fits);
        },
        single);
}

template <class Storage, class Single>
KernelStatus overlapping_means_backward(const OverlappingMeansArrays<Storage>& arrays, const Storage* y_gradient,
                                        const TensorStrides& y_strides, Storage* x_gradient,
                                        const TensorStrides& x_strides, Storage* logit_gradient,
                                        const TensorStrides& logit_strides, const Single& single) {
    Tiling tiling(arrays.geometry, kScratchPerWindowOfMeans);
    OverlappingMeansBackward<Storage> backward(arrays, y_gradient, y_strides, x_gradient, x_strides, logit_gradient,
                                               logit_strides);
    return for_each_tile_of_means(
        arrays, tiling, [&](const TileOfMeans<Storage>& means) { return backward.scratch_size(tiling, means); },
        [&](Index tile, Index batch, Index channel, TileOfMeans<Storage>& means, auto* scratch, bool* fits) {
            backward.tile(tiling, tile, batch, channel, means, scratch, fits);
        },
        single);
}

// Calls a kernel on one plane of its arrays, whose strides stand in their order behind the header.
template <class Storage, int Arrays, class Kernel>
KernelStatus on_one_plane(const WindowHeader& header, const TensorStrides* strides, void* const* arrays, Index batch,
                          Index channel, const Kernel& kernel) {
    WindowParameters<Arrays> plane;
    static_cast<WindowHeader&>(plane) = header;
    plane.geometry.batch = plane.geometry.channels = 1;
    void* addresses[Arrays];
    for (int i = 0; i < Arrays; i++) {
        plane.strides[i] = strides[i];
        addresses[i] = static_cast<Storage*>(arrays[i]) + batch * strides[i].batch + channel * strides[i].channel;
    }
    return kernel(&plane, addresses);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
