// SPDX-License-Identifier: Apache-2.0
// Means of windows that overlap, weighted by the exponentials of logits: soft pooling, whose logits are the elements
// themselves, and local importance-based pooling. An exponential is computed once for every element, not for every
// window that it lies in, relative to the largest logit of a tile:
//     E = exp(l - L),  F = E (x - X),  Z = sum E,  R = sum F over a window,  y = X + R / Z
// and with a = g / Z, b = a R / Z summed over the windows of an element to A and B
//     dy/dx = E A,  dy/dl = F A - E B
// Sums of windows are sums along rows first, then over rows. Where the logits of a tile lie so far apart that weights
// would lose digits, run() gives up and the caller takes the way that treats each window by itself.
#pragma once

#include <stdlib.h>

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
                store_row(means, element_offset(s_, batch, channel, d, h, own[2].begin), own[2].size(),
                          means.sums(d, h), means.means(d, h));
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

    void store_row(const Means& means, Index offset, Index count, const Real* sums, const Real* row) const {
        Index step = s_.axes[2];
        for_each_vector<Vector>(count, [&](Index i, int lanes) {
            Vector y = load_lanes(row + i) + means.base();
            store_lanes(y_ + offset + i * step, step, lanes, load_lanes(sums + i) == Real(0) ? Vector{} : y);
        });
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
        return 2 * windows * means.pitch() + 2 * row_size(means) + 4 * padded<Vector>(tiling.extent[2]);
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
        Rows rows = {scratch, means.pitch(), tile.windows[0].size() * tile.windows[1].size() * means.pitch()};
        if (has_windows) {
            fill_factors(tile, batch, channel, means, rows);
        }
        Real* next = scratch + 2 * rows.plane;
        for (Index d = tile.inputs[0].begin; d < tile.inputs[0].end; d++) {
            for (Index h = tile.inputs[1].begin; h < tile.inputs[1].end; h++) {
                gather_row(tile, batch, channel, d, h, means, rows, next);
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
        Real* a_sums = scratch + reach();  // element i: of window i of the tile
        Real* b_sums = a_sums + size;
        for (Index i = 0; i < 2 * size; i++) {
            scratch[i] = 0;
        }
        Range depths = windows_over(g.axes[0], {depth, depth + 1});
        Range heights = windows_over(g.axes[1], {height, height + 1});
        bool is_covered = depths.size() > 0 && heights.size() > 0 && tile.windows[2].size() > 0;
        for (Index d = depths.begin; is_covered && d < depths.end; d++) {
            for (Index h = heights.begin; h < heights.end; h++) {
                if (window_contains(g.axes[0], d, depth) && window_contains(g.axes[1], h, height)) {
                    const Real* factors = rows.first + tile.row_of(d, h) * rows.pitch;
                    for (Index i = 0; i < rows.pitch; i += kLanes) {
                        store_lanes(a_sums + i, load_lanes(a_sums + i) + load_lanes(factors + i));
                        store_lanes(b_sums + i, load_lanes(b_sums + i) + load_lanes(factors + rows.plane + i));
                    }
                }
            }
        }
        Index columns = tile.inputs[2].size();
        Index stride = g.axes[2].stride;
        Real* results = scratch + 2 * size;
        Index pitch = padded<Vector>(tile.inputs[2].size());
        for (Index first = 0; first < minimum(stride, columns); first++) {
            Index count = ceil_divide(columns - first, stride);
            bool at_once = stride == 2;
            Real* by_x = results + (at_once ? first * pitch : 0);
            Real* by_logit = by_x + 2 * pitch;
            Index covered = is_covered ? covered_columns(tile.inputs[2].begin + first, count, means) : 0;
            gather_phase(tile, depth, height, tile.inputs[2].begin + first, covered, means, a_sums, b_sums, by_x,
                         by_logit);
            for (Index i = covered; i < count; i++) {
                by_x[i] = by_logit[i] = 0;
            }
            if (!at_once || columns == 1) {
                store_phase(x_gradient_, x_strides_, batch, channel, depth, height, tile.inputs[2].begin + first, count,
                            by_x);
                if (!a_.is_soft) {
                    store_phase(logit_gradient_, logit_strides_, batch, channel, depth, height,
                                tile.inputs[2].begin + first, count, by_logit);
                }
            }
        }
        if (stride == 2 && columns > 1) {
            store_pairs(x_gradient_, x_strides_, batch, channel, depth, height, tile.inputs[2], results, pitch);
            if (!a_.is_soft) {
                store_pairs(logit_gradient_, logit_strides_, batch, channel, depth, height, tile.inputs[2],
                            results + 2 * pitch, pitch);
            }
        }
    }

    // How many of the columns from one on, a stride apart, lie before the end of the last window.
    Index covered_columns(Index column, Index count, const Means& means) const {
        Index end = count;
        while (end > 0 && !means.has_column(column + (end - 1) * a_.geometry.axes[2].stride)) {
            end--;
        }
        return end;
    }

    void gather_phase(const Tile& tile, Index depth, Index height, Index column, Index count, const Means& means,
                      const Real* a_sums, const Real* b_sums, Real* by_x, Real* by_logit) const {
        if (count == 0) {
            return;
        }
        const WindowAxis& axis = a_.geometry.axes[2];
        const Real* weights = means.weights(depth, height, column);
        const Real* weighted = means.weighted(depth, height, column);
        for (Index i = 0; i < count; i += kLanes) {
            Vector a = broadcast<Vector>(0);
            Vector b = broadcast<Vector>(0);
            for (Index tap = 0; tap < axis.kernel; tap++) {
                Index start = column + axis.padding - tap * axis.dilation;
                if (start % axis.stride == 0) {
                    Index window = start / axis.stride - tile.windows[2].begin;
                    a += load_lanes(a_sums + window + i);
                    b += load_lanes(b_sums + window + i);
                }
            }
            Vector e = load_lanes(weights + i);
            Vector by_element = e * a;
            Vector by_weight = load_lanes(weighted + i) * a - e * b;
            store_lanes(by_x + i, a_.is_soft ? by_element + by_weight : by_element);
            store_lanes(by_logit + i, by_weight);
        }
    }

    void store_phase(Storage* target, const TensorStrides& s, Index batch, Index channel, Index depth, Index height,
                     Index column, Index count, const Real* values) const {
        Storage* p = target + element_offset(s, batch, channel, depth, height, column);
        Index step = s.axes[2] * a_.geometry.axes[2].stride;
        for_each_vector<Vector>(
            count, [&](Index i, int lanes) { store_lanes(p + i * step, step, lanes, load_lanes(values + i)); });
    }

    static void store_pairs(Storage* target, const TensorStrides& s, Index batch, Index channel, Index depth,
                            Index height, Range columns, const Real* values, Index pitch) {
        Storage* p = target + element_offset(s, batch, channel, depth, height, columns.begin);
        Index step = s.axes[2];
        Index pairs = columns.size() / 2;
        for_each_vector<Vector>(pairs, [&](Index i, int lanes) {
            Vector even = load_lanes(values + i);
            Vector odd = load_lanes(values + pitch + i);
            if (step == 1) {
                store_lane_pair(p + 2 * i, lanes, even, odd);
            } else {
                store_lanes(p + 2 * i * step, 2 * step, lanes, even);
                store_lanes(p + (2 * i + 1) * step, 2 * step, lanes, odd);
            }
        });
        if (columns.size() % 2 != 0) {
            store(p + (columns.size() - 1) * step, values[pairs]);
        }
    }
};

// Runs pass(tile, batch, channel, means, scratch, fits) for all tiles of all planes. False where logits lie too far
// apart: what was written then has to be written again.
template <class Storage, class Size, class Pass>
KernelStatus for_each_tile_of_means(const OverlappingMeansArrays<Storage>& arrays, const Tiling& tiling,
                                    const Size& scratch_size, const Pass& pass, bool* fits) {
    typedef TileOfMeans<Storage> Means;
    typedef typename Means::Real Real;
    const WindowGeometry& g = arrays.geometry;
    bool all_fit = true;
    bool out_of_memory = false;
    Index planes = g.batch * g.channels;
    Index work = tiling.extent[0] * tiling.extent[1] * tiling.extent[2];
    Index sizes = Means(arrays, tiling, nullptr).scratch_size();
    Index further = scratch_size(Means(arrays, tiling, nullptr));
    parallel_ranges(planes * tiling.total(), work, [&](Index begin, Index end) {
        Real* scratch = static_cast<Real*>(calloc(static_cast<size_t>(sizes + further), sizeof(Real)));
        if (scratch == nullptr) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        Means means(arrays, tiling, scratch);
        bool mine_fit = true;
        for (Index item = begin; item < end && mine_fit; item++) {
            Index plane = item / tiling.total();
            pass(item % tiling.total(), plane / g.channels, plane % g.channels, means, scratch + sizes, &mine_fit);
        }
        if (!mine_fit) {
            all_fit = false;
        }
        free(scratch);
    });
    *fits = all_fit;
    return out_of_memory ? kOutOfMemory : kSuccess;
}

// Numbers that a window needs: weights and weighted elements of what it covers, and their sums.
constexpr Index kScratchPerWindowOfMeans = 20;

template <class Storage>
KernelStatus overlapping_means_forward(const OverlappingMeansArrays<Storage>& arrays, Storage* y,
                                       const TensorStrides& y_strides, bool* fits) {
    Tiling tiling(arrays.geometry, kScratchPerWindowOfMeans);
    OverlappingMeansForward<Storage> forward(arrays, y, y_strides);
    return for_each_tile_of_means(
        arrays, tiling, [](const TileOfMeans<Storage>&) { return Index(0); },
        [&](Index tile, Index batch, Index channel, TileOfMeans<Storage>& means, auto*, bool* tile_fits) {
            forward.tile(tiling, tile, batch, channel, means, tile_fits);
        },
        fits);
}

template <class Storage>
KernelStatus overlapping_means_backward(const OverlappingMeansArrays<Storage>& arrays, const Storage* y_gradient,
                                        const TensorStrides& y_strides, Storage* x_gradient,
                                        const TensorStrides& x_strides, Storage* logit_gradient,
                                        const TensorStrides& logit_strides, bool* fits) {
    Tiling tiling(arrays.geometry, kScratchPerWindowOfMeans);
    OverlappingMeansBackward<Storage> backward(arrays, y_gradient, y_strides, x_gradient, x_strides, logit_gradient,
                                               logit_strides);
    return for_each_tile_of_means(
        arrays, tiling, [&](const TileOfMeans<Storage>& means) { return backward.scratch_size(tiling, means); },
        [&](Index tile, Index batch, Index channel, TileOfMeans<Storage>& means, auto* scratch, bool* tile_fits) {
            backward.tile(tiling, tile, batch, channel, means, scratch, tile_fits);
        },
        fits);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
