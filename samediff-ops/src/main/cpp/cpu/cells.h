// SPDX-License-Identifier: Apache-2.0
// Loops over cells that are products of ranges (kernels/cells.h). Where the columns of a row lie side by side, the rows
// of a cell are first put together column by column, in vectors along the whole width, then the columns of each cell;
// where the channels do, vectors run along the channels.
#pragma once

#include "../kernels/cells.h"
#include "kernel_table.h"
#include "lanes.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Sizes of a map and how to step through an array of it.
struct MapView {
    Index batch;
    Index channels;
    const Index* size;
    const TensorStrides& strides;

    bool channels_last() const {
        return strides.channel == 1 && channels > 1 && (strides.axes[2] != 1 || size[2] == 1);
    }

    Index positions() const {
        return size[0] * size[1] * size[2];
    }
};

// One row of a map or of the cells over it.
struct MapRow {
    Index batch, channel, depth, height;

    // Rows are counted with the height fastest, or with the channels, whose elements may share cache lines.
    MapRow(const Index* size, Index channels, Index row, bool channels_fastest = false) {
        if (channels_fastest) {
            channel = row % channels;
            row /= channels;
        }
        height = row % size[1];
        row /= size[1];
        depth = row % size[0];
        row /= size[0];
        if (!channels_fastest) {
            channel = row % channels;
            row /= channels;
        }
        batch = row;
    }

    Index offset(const TensorStrides& s) const {
        return batch * s.batch + channel * s.channel + depth * s.axes[0] + height * s.axes[1];
    }

    Index offset(const CellArray& cells) const {
        return cells.first + offset(cells.strides);
    }

    CellRow cells(const CellPlan& plan, const CellLevel& level, Index channels) const {
        return {plan, level, batch * channels + channel, depth, height};
    }
};

// Calls function(first lane, number of lanes) for vectors that cover [0, count).
template <class Vector, class Function>
POOLING_FUNCTION void for_each_vector(Index count, const Function& function) {
    constexpr int kLanes = lane_count<Vector>();
    for (Index i = 0; i < count; i += kLanes) {
        function(i, static_cast<int>(minimum(kLanes, count - i)));
    }
}

// Size of an array that is read and written in whole vectors.
template <class Vector>
POOLING_FUNCTION Index padded(Index count) {
    return ceil_divide(count, lane_count<Vector>()) * lane_count<Vector>();
}

// The sum, in an order that depends on the count alone.
template <class Real>
POOLING_FUNCTION Real sum_of(const Real* values, Index count) {
    typedef typename LanesOf<Real>::Vector Vector;
    constexpr int kLanes = lane_count<Vector>();
    Real sum = 0;
    Index i = 0;
    if (count >= 2 * kLanes) {
        Vector sums = load_lanes(values);
        for (i = kLanes; i + kLanes <= count; i += kLanes) {
            sums += load_lanes(values + i);
        }
        for (int lane = 0; lane < kLanes; lane++) {
            sum += sums[lane];
        }
    }
    for (; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

template <class Vector>
POOLING_FUNCTION bool all_finite(Vector v, int lanes) {
    bool result = true;
    for (int lane = 0; lane < lanes; lane++) {
        result &= is_finite(v[lane]);
    }
    return result;
}

// Mean of each cell.
template <class Storage>
class CellAverage {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kScratchPerColumn = 1;

    explicit CellAverage(void* const* results) : y_(static_cast<Storage*>(results[0])) {}

    void row(const CellParameters& p, const CellLevel& level, const MapRow& at, const CellRow& cells, const Storage* x,
             Real* sums) const {
        Index stride = p.x.axes[2];
        cells.for_each_row(p.x, [&](Index offset, Index number) {
            for_each_vector<Vector>(p.input[2], [&](Index i, int lanes) {
                Vector v = load_lanes<Vector>(x + offset + i * stride, stride, lanes);
                store_lanes(sums + i, number == 0 ? v : load_lanes(sums + i) + v);
            });
        });
        Storage* y = y_ + at.offset(level.y);
        for (Index o = 0; o < level.output[2]; o++, y += level.y.strides.axes[2]) {
            Range columns = {cells.widths[o].begin, cells.widths[o].end};
            Real sum = sum_of(sums + columns.begin, columns.size());
            Real mean = sum / static_cast<Real>(cells.divisor(o));
            if (!is_finite(sum)) {
                mean = halved_mean<Real>(cells, o, p.x, [&](Index offset) { return load(x + offset); });
            }
            store(y, mean);
        }
    }

    void channels(const CellParameters& p, const CellLevel& level, const MapRow& at, const CellRow& cells, Index o,
                  const Storage* x) const {
        Storage* y = y_ + at.offset(level.y) + o * level.y.strides.axes[2];
        for_each_vector<Vector>(p.channels, [&](Index c, int lanes) {
            Vector sum = broadcast<Vector>(0);
            cells.for_each_row(p.x, [&](Index offset, Index) {
                Vector row = broadcast<Vector>(0);
                for (Index w = cells.widths[o].begin; w < cells.widths[o].end; w++) {
                    row += load_lanes<Vector>(x + c + offset + w * p.x.axes[2], 1, lanes);
                }
                sum += row;
            });
            Vector mean = sum / static_cast<Real>(cells.divisor(o));
            if (!all_finite(sum, lanes)) {
                mean = halved_mean<Vector>(cells, o, p.x,
                                           [&](Index offset) { return load_lanes<Vector>(x + c + offset, 1, lanes); });
            }
            store_lanes(y + c * level.y.strides.channel, level.y.strides.channel, lanes, mean);
        });
    }

private:
    Storage* y_;
};

// Largest element of each cell, and its position.
template <class Storage>
class CellMaximum {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef typename RealTraits<Real>::Bits Place;
    typedef typename RealTraits<Vector>::Bits Places;
    static constexpr Index kScratchPerColumn = 2;

    explicit CellMaximum(void* const* results)
        : y_(static_cast<Storage*>(results[0])), index_(static_cast<Index*>(results[1])) {}

    void row(const CellParameters& p, const CellLevel& level, const MapRow& at, const CellRow& cells, const Storage* x,
             Real* values) const {
        Index stride = p.x.axes[2];
        Place* places = reinterpret_cast<Place*>(values + padded<Vector>(p.input[2]));  // their rows
        cells.for_each_row(p.x, [&](Index offset, Index number) {
            for_each_vector<Vector>(p.input[2], [&](Index i, int lanes) {
                Vector v = load_lanes<Vector>(x + offset + i * stride, stride, lanes);
                Largest<Vector> column = {v, Places{}};
                if (number > 0) {
                    column = {load_lanes(values + i), load_unaligned<Places>(places + i)};
                    column.take(v, Places{} + static_cast<Place>(number));
                }
                store_lanes(values + i, column.value);
                store_unaligned(places + i, column.place);
            });
        });
        Storage* y = y_ + at.offset(level.y);
        Index* index = index_ + at.offset(level.index);
        for (Index o = 0; o < level.output[2]; o++) {
            Index best = cells.widths[o].begin;
            Largest<Real> largest = {values[best], places[best]};
            for (Index i = best + 1; i < cells.widths[o].end; i++) {
                best = largest.take_unordered(values[i], places[i]) ? i : best;
            }
            store(y + o * level.y.strides.axes[2], largest.value);
            index[o * level.index.strides.axes[2]] = cells.position(largest.place, p.input) + best;
        }
    }

    void channels(const CellParameters& p, const CellLevel& level, const MapRow& at, const CellRow& cells, Index o,
                  const Storage* x) const {
        Storage* y = y_ + at.offset(level.y) + o * level.y.strides.axes[2];
        Index* index = index_ + at.offset(level.index) + o * level.index.strides.axes[2];
        Range columns = {cells.widths[o].begin, cells.widths[o].end};
        for_each_vector<Vector>(p.channels, [&](Index c, int lanes) {
            Largest<Vector> largest = {};
            cells.for_each_row(p.x, [&](Index offset, Index number) {
                for (Index w = columns.begin; w < columns.end; w++) {
                    Vector v = load_lanes<Vector>(x + c + offset + w * p.x.axes[2], 1, lanes);
                    if (number == 0 && w == columns.begin) {
                        largest.value = v;
                    } else {
                        Index place = number * columns.size() + w - columns.begin;
                        largest.take(v, Places{} + static_cast<Place>(place));
                    }
                }
            });
            store_lanes(y + c * level.y.strides.channel, level.y.strides.channel, lanes, largest.value);
            for (int lane = 0; lane < lanes; lane++) {
                Index place = largest.place[lane];
                index[(c + lane) * level.index.strides.channel] =
                    cells.position(place / columns.size(), p.input) + columns.begin + place % columns.size();
            }
        });
    }

private:
    Storage* y_;
    Index* index_;
};

// Arrays: x, plan, results of the operator.
template <template <class> class Operator, class Storage>
KernelStatus cell_forward(const void* parameters, void* const* arrays) {
    const CellParameters& p = *static_cast<const CellParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    CellPlan plan = {static_cast<const Index*>(arrays[1]), p.plane_words};
    Operator<Storage> op(arrays + 2);
    MapView map = {p.batch, p.channels, p.input, p.x};
    bool along_channels = map.channels_last() && p.plane_words == 0;
    Index planes = along_channels ? 1 : p.channels;
    bool out_of_memory = false;
    for (Index l = 0; l < p.levels; l++) {
        const CellLevel& level = plan.level(l);
        Index rows = level.output[0] * level.output[1];
        Index work = map.positions() / rows * p.channels / planes + 1;
        parallel_ranges(p.batch * planes * rows, work, [&](Index begin, Index end) {
            typedef Operator<Storage> Op;
            Scratch<typename Op::Real> columns(padded<typename Op::Vector>(p.input[2]) * Op::kScratchPerColumn);
            if (!columns) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                MapRow at(level.output, planes, i, map.channels_last());
                CellRow cells = at.cells(plan, level, planes);
                const Storage* plane = x + at.batch * p.x.batch + at.channel * p.x.channel;
                if (along_channels) {
                    for (Index o = 0; o < level.output[2]; o++) {
                        op.channels(p, level, at, cells, o, plane);
                    }
                } else {
                    op.row(p, level, at, cells, plane, columns.get());
                }
            }
        });
    }
    return out_of_memory ? kOutOfMemory : kSuccess;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
