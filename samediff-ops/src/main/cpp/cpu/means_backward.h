// SPDX-License-Identifier: Apache-2.0
// Gradients of means of windows that overlap (overlapping_means.h says which), one tile of the input at a time.
#pragma once

#include "lane_shuffles.h"
#include "means_gradients.h"
#include "tile_of_means.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class OverlappingMeansBackward {
public:
    typedef TileOfMeans<Storage> Means;
    typedef typename Means::Real Real;

    OverlappingMeansBackward(const OverlappingMeansArrays<Storage>& arrays, const MeansGradients<Storage>& gradients)
        : a_(arrays), gradients_(gradients), heights_(arrays.geometry.axes[1]) {}

    // False where there is no memory.
    explicit operator bool() const {
        return static_cast<bool>(heights_);
    }

    Index scratch_size(const Tiling& tiling, const Means& means) const {
        Index windows = tiling.windows(a_.geometry.axes[0], 0) * tiling.windows(a_.geometry.axes[1], 1);
        return lists_size() + factors_size(means) * (windows + 2) + 2 * phases_size(tiling.extent[2], means);
    }

    void tile(const Tiling& tiling, Index index, Index batch, Range channels, Means& means, Real* scratch,
              bool* fits) const {
        const WindowGeometry& g = a_.geometry;
        Tile tile(g, tiling, index);
        bool has_windows = true;
        for (int a = 0; a < kAxes; a++) {
            has_windows = has_windows && tile.windows[a].size() > 0;
        }
        if (has_windows && !means.fill(batch, channels, tile.windows)) {
            *fits = false;
            return;
        }
        Work work = {means, batch, channels, reinterpret_cast<Index*>(scratch), nullptr, nullptr, nullptr};
        work.factors = scratch + lists_size();
        work.row_sums = work.factors + factors_size(means) * tile.windows[0].size() * tile.windows[1].size();
        work.phases = scratch + scratch_size(tiling, means) - 2 * phases_size(tiling.extent[2], means);
        if (has_windows) {
            list_windows(tile, work.lists);
            fill_factors(tile, work);
        }
        for (Index d = tile.inputs[0].begin; d < tile.inputs[0].end; d++) {
            for (Index h = tile.inputs[1].begin; h < tile.inputs[1].end; h++) {
                gather_row(tile, work, has_windows, d, h);
            }
        }
    }

private:
    typedef typename Means::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();
    static constexpr int kRowsAtOnce = 4;

    // Of a tile. The factors of a row of windows are a = g / Z, then b = a R / Z, each between zeros for the windows
    // that there are not.
    struct Work {
        const Means& means;
        Index batch;
        Range channels;
        Index* lists;
        Real* factors;
        Real* row_sums;  // of the factors of several rows
        Real* phases;
    };

    const OverlappingMeansArrays<Storage>& a_;
    const MeansGradients<Storage>& gradients_;
    WindowsOverPlaces heights_;

    const WindowAxis& axis() const {
        return a_.geometry.axes[2];
    }

    // Zeros before and behind the factors of a row.
    Index reach(const Means& means) const {
        return padded<Vector>(((axis().kernel - 1) * axis().dilation / axis().stride + 1) * means.lanes.unit());
    }

    Index plane(const Means& means) const {
        return means.pitch() + 2 * reach(means) + kLanes;
    }

    Index factors_size(const Means& means) const {
        return 2 * plane(means);
    }

    // Which windows the columns of each phase lie in, those that are a multiple of the stride apart: for each phase
    // where its list ends, then the lists of the first column's windows, from the first window of the tile.
    Index lists_size() const {
        return padded<Vector>((axis().stride + axis().kernel) * Index(sizeof(Index) / sizeof(Real)));
    }

    void list_windows(const Tile& tile, Index* lists) const {
        Index* next = lists + axis().stride;
        for (Index phase = 0; phase < axis().stride; phase++) {
            for (Index tap = 0; tap < axis().kernel; tap++) {
                Index start = tile.inputs[2].begin + phase + axis().padding - tap * axis().dilation;
                if (start % axis().stride == 0) {
                    *next++ = start / axis().stride - tile.windows[2].begin;
                }
            }
            lists[phase] = next - lists;
        }
    }

    void fill_factors(const Tile& tile, const Work& work) const {
        const Means& means = work.means;
        Index step = means.lanes.step(gradients_.y_strides);
        Index unit = means.lanes.unit();
        Index windows = tile.windows[2].size();
        for (Index d = tile.windows[0].begin; d < tile.windows[0].end; d++) {
            for (Index h = tile.windows[1].begin; h < tile.windows[1].end; h++) {
                const Storage* gradient =
                    gradients_.y +
                    element_offset(gradients_.y_strides, work.batch, work.channels.begin, d, h, tile.windows[2].begin);
                const Real* sums = means.sums(d, h);
                const Real* row_means = means.means(d, h);
                Real* row = work.factors + tile.row_of(d, h) * factors_size(means);
                Real* factors = row + reach(means);
                means.lanes.for_each(
                    windows, work.channels, [&](Index i, Index window, int count) POOLING_INLINE_LAMBDA {
                        Vector sum = load_lanes(sums + i);
                        Vector g = load_lanes<Vector>(gradient + window * gradients_.y_strides.axes[2], step, count);
                        Vector factor = sum == Real(0) ? sum : g / sum;
                        Vector product = factor * load_lanes(row_means + i);
                        if (unit == 1 && count < kLanes) {  // windows that there are not
                            auto is_window = lanes_between<Vector>(0, count);
                            factor = is_window ? factor : broadcast<Vector>(0);
                            product = is_window ? product : broadcast<Vector>(0);
                        }
                        store_lanes(factors + i, factor);
                        store_lanes(factors + plane(means) + i, product);
                    });
                Index end = reach(means) + padded<Vector>(windows * unit);
                for (Index part = 0; part < 2; part++, row += plane(means)) {
                    clear(row, row + reach(means));
                    clear(row + end, row + plane(means));
                }
            }
        }
    }

    // Whole vectors.
    POOLING_FUNCTION static void clear(Real* begin, Real* end) {
        for (; begin < end; begin += kLanes) {
            store_lanes(begin, broadcast<Vector>(0));
        }
    }

    typedef MeansFactors<Vector> Factors;
    typedef MeansGradientRow<Storage> Sink;

    // Sums of the factors of the windows that columns of a phase lie in.
    POOLING_FUNCTION static Factors gather(const Real* const* rows, int count, const Index* windows, const Index* end,
                                           Index unit, Index plane, Index offset) {
        Factors sum = {broadcast<Vector>(0), broadcast<Vector>(0)};
        for (int row = 0; row < count; row++) {
            for (const Index* window = windows; window < end; window++) {
                const Real* p = rows[row] + *window * unit + offset;
                sum.a += load_lanes(p);
                sum.b += load_lanes(p + plane);
            }
        }
        return sum;
    }

    void gather_row(const Tile& tile, const Work& work, bool has_windows, Index depth, Index height) const {
        const Means& means = work.means;
        const Real* rows[kRowsAtOnce];
        int count = has_windows ? find_rows(tile, work, depth, height, rows) : 0;
        Index begin = tile.inputs[2].begin;
        Index columns = tile.inputs[2].size();
        Index covered = count > 0 ? maximum(0, minimum(columns, means.end_of_columns() - begin)) : 0;
        if (covered > 0) {
            Sink sink =
                gradients_.row(a_.is_soft, means.weights(depth, height, begin), means.weighted(depth, height, begin),
                               means.lanes.along_channels, work.batch, work.channels.begin, depth, height, begin);
            if (means.lanes.along_channels) {
                along_channels(work, rows, count, covered, sink);
            } else if (axis().stride == 1) {
                along_row<1>(work, rows, count, covered, sink);
            } else if (axis().stride == 2) {
                along_row<2>(work, rows, count, covered, sink);
            } else {
                along_phases(work, rows, count, covered, sink);
            }
        }
        gradients_.clear(work.batch, work.channels, depth, height, {begin + covered, tile.inputs[2].end});
    }

    // The factors of the windows over a row of the input; of many rows the sums.
    int find_rows(const Tile& tile, const Work& work, Index depth, Index height, const Real** rows) const {
        const WindowGeometry& g = a_.geometry;
        const Means& means = work.means;
        Range depths = windows_over(g.axes[0], {depth, depth + 1});
        Range heights = heights_.at(height);
        bool sums_up = depths.size() * heights.size() > kRowsAtOnce;
        SumOfRows<Real> sum(work.row_sums, factors_size(means));
        int count = 0;
        for (Index d = depths.begin; d < depths.end; d++) {
            for (Index h = heights.begin; h < heights.end; h++) {
                if (window_contains(g.axes[0], d, depth) && window_contains(g.axes[1], h, height)) {
                    const Real* row = work.factors + tile.row_of(d, h) * factors_size(means);
                    if (sums_up) {
                        sum.add(row);
                        count = 1;
                    } else {
                        rows[count++] = row + reach(means);
                    }
                }
            }
        }
        if (sums_up && count > 0) {
            sum.finish();
            rows[0] = work.row_sums + reach(means);
        }
        return count;
    }

    void along_channels(const Work& work, const Real* const* rows, int count, Index columns, const Sink& sink) const {
        Index size = plane(work.means);
        int channels = static_cast<int>(work.channels.size());
        const Index* windows = work.lists + axis().stride;
        for (Index phase = 0; phase < axis().stride; phase++) {
            const Index* end = work.lists + work.lists[phase];
            Index offset = 0;
            for (Index column = phase; column < columns; column += axis().stride, offset += kLanes) {
                sink.store(column * kLanes, column, channels, gather(rows, count, windows, end, kLanes, size, offset));
            }
            windows = end;
        }
    }

    template <int Stride>
    void along_row(const Work& work, const Real* const* rows, int count, Index columns, const Sink& sink) const {
        Index size = plane(work.means);
        const Index* windows = work.lists + Stride;
        const Index* middle = work.lists + work.lists[0];
        const Index* end = work.lists + work.lists[Stride - 1];
        for (Index i = 0; i * Stride < columns; i += kLanes) {
            Factors even = gather(rows, count, windows, middle, 1, size, i);
            if constexpr (Stride == 1) {
                sink.store(i, i, static_cast<int>(minimum(kLanes, columns - i)), even);
            } else {
                Factors odd = gather(rows, count, middle, end, 1, size, i);
                Index column = 2 * i;
                sink.store(column, column, static_cast<int>(minimum(kLanes, columns - column)),
                           {interleaved_lanes<Vector, 0>(even.a, odd.a, AllLanes<Vector>()),
                            interleaved_lanes<Vector, 0>(even.b, odd.b, AllLanes<Vector>())});
                column += kLanes;
                if (column < columns) {
                    sink.store(column, column, static_cast<int>(minimum(kLanes, columns - column)),
                               {interleaved_lanes<Vector, 1>(even.a, odd.a, AllLanes<Vector>()),
                                interleaved_lanes<Vector, 1>(even.b, odd.b, AllLanes<Vector>())});
                }
            }
        }
    }

    Index phases_size(Index columns, const Means& means) const {
        bool needed = !means.lanes.along_channels && axis().stride > 2;
        return needed ? padded<Vector>(columns + (kLanes + 1) * axis().stride) : 0;
    }

    // Phase by phase, then column by column.
    void along_phases(const Work& work, const Real* const* rows, int count, Index columns, const Sink& sink) const {
        Real* a = work.phases;
        Real* b = a + phases_size(columns, work.means);
        const Index* windows = work.lists + axis().stride;
        for (Index phase = 0; phase < minimum(axis().stride, columns); phase++) {
            const Index* end = work.lists + work.lists[phase];
            for (Index i = 0; phase + i * axis().stride < columns; i += kLanes) {
                Factors sum = gather(rows, count, windows, end, 1, plane(work.means), i);
                Index lanes = minimum(kLanes, ceil_divide(columns - phase, axis().stride) - i);
                for (Index lane = 0; lane < lanes; lane++) {
                    a[phase + (i + lane) * axis().stride] = sum.a[lane];
                    b[phase + (i + lane) * axis().stride] = sum.b[lane];
                }
            }
            windows = end;
        }
        for_each_vector<Vector>(columns, [&](Index i, int lanes) {
            sink.store(i, i, lanes, {load_lanes(a + i), load_lanes(b + i)});
        });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
