// SPDX-License-Identifier: Apache-2.0
// What is computed of a cell. An operator has two forms:
//   lanes<N>  N vectors of channels of one cell
//   row       all cells of a row, of one channel; scratch has kScratchPerColumn numbers for each column of the map
#pragma once

#include "cell_columns.h"
#include "lane_shuffles.h"
#include "vector_parts.h"
#include "wide_numbers.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// An array of a map of that size.
template <class Element>
struct CellMap {
    const Element* x;
    const TensorStrides& strides;
    const Index* size;
};

// In scratch memory, which has whole vectors.
template <class Places, class Place>
POOLING_FUNCTION void store_positions(Place* p, Index, int, Places places, Index first) {
    store_unaligned(p, places + static_cast<Place>(first));
}

// Where the results of a row of cells go: steps from cell to cell, and from channel to channel.
template <class Value, class Position>
struct CellResults {
    Value* y;
    Index y_cell;
    Index y_channel;
    Position* index;
    Index index_cell;
    Index index_channel;

    template <class Vector>
    POOLING_FUNCTION void of_cells(Index o, int lanes, Vector v) const {
        store_lanes(y + o * y_cell, y_cell, lanes, v);
    }

    template <class Vector>
    POOLING_FUNCTION void of_channels(Index o, Index c, int lanes, Vector v) const {
        store_lanes(y + o * y_cell + c * y_channel, y_channel, lanes, v);
    }

    template <class Places>
    POOLING_FUNCTION void positions_of_cells(Index o, int lanes, Places places, Index first) const {
        store_positions(index + o * index_cell, index_cell, lanes, places, first);
    }

    template <class Places>
    POOLING_FUNCTION void positions_of_channels(Index o, Index c, int lanes, Places places, Index first) const {
        store_positions(index + o * index_cell + c * index_channel, index_channel, lanes, places, first);
    }
};

constexpr Index kPrefetchBytes = 2048;

template <class Element>
POOLING_FUNCTION void prefetch_rows(const Element* x) {
    prefetch(x, kPrefetchBytes / static_cast<Index>(sizeof(Element)));
}

template <class Element>
POOLING_FUNCTION void prefetch_pair(const Element* x) {
    prefetch_rows(x);
    prefetch_rows(x + lane_count<typename LanesOf<typename StorageTraits<Element>::Real>::Vector>());
}

// Mean of each cell.
template <class Real>
class CellAverage {
public:
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr bool kHasIndex = false;
    static constexpr Index kScratchPerColumn = 1;

    template <int N, class Element, class Results>
    POOLING_FUNCTION static void lanes(const CellMap<Element>& map, const CellRow& cells, Index o, Index c, int lanes,
                                       const Results& results) {
        Vector sums[N];
        unrolled<N>([&](int k) { sums[k] = broadcast<Vector>(0); });
        cells.for_each_row(map.strides, [&](Index offset, Index) POOLING_INLINE_LAMBDA {
            Vector row[N];
            unrolled<N>([&](int k) { row[k] = broadcast<Vector>(0); });
            for (Index w = cells.widths[o].begin; w < cells.widths[o].end; w++) {
                const Element* x = map.x + c + offset + w * map.strides.axes[2];
                unrolled<N>([&](int k) { row[k] += load_lanes<Vector>(x + k * kLanes, 1, N == 1 ? lanes : kLanes); });
            }
            unrolled<N>([&](int k) { sums[k] += row[k]; });
        });
        unrolled<N>([&](int k) POOLING_INLINE_LAMBDA {
            Vector mean = sums[k] / static_cast<Real>(cells.divisor(o));
            if (!all_finite(sums[k])) {
                Vector of_large = halved_mean<Vector>(cells, o, map.strides, [&](Index offset) {
                    return load_lanes<Vector>(map.x + c + k * kLanes + offset, 1, lanes);
                });
                mean = is_finite(sums[k]) ? mean : of_large;
            }
            results.of_channels(o, c + k * kLanes, lanes, mean);
        });
    }

    template <class Element, class Results>
    static void row(const CellMap<Element>& map, const CellRow& cells, const CellColumns<Real>& columns, Index count,
                    Real* sums, const Results& results) {
        if (columns.way() == CellColumns<Real>::kPairs) {
            for_each_whole_vector<Vector>(count, [&](Index o, int lanes) POOLING_INLINE_LAMBDA {
                Vector sum = broadcast<Vector>(0);
                const Element* x = map.x + columns.first() + 2 * o;
                cells.for_each_row(map.strides, [&](Index offset, Index) POOLING_INLINE_LAMBDA {
                    LanePair<Vector> pair = load_lane_pair<Vector>(x + offset, lanes);
                    prefetch_pair(x + offset);
                    sum += pair.even + pair.odd;
                });
                finish(map, cells, columns, o, lanes, sum, results);
            });
            return;
        }
        add_rows(map, cells, sums);
        if (columns.way() == CellColumns<Real>::kLanes) {
            for_each_whole_vector<Vector>(count, [&](Index o, int lanes) POOLING_INLINE_LAMBDA {
                Vector sum = broadcast<Vector>(0);
                for (Index tap = 0; tap < columns.widest(); tap++) {
                    Vector v = gather_lanes(sums, columns.column(o, tap));
                    sum += columns.has(o, tap) ? v : broadcast<Vector>(0);
                }
                finish(map, cells, columns, o, lanes, sum, results);
            });
            return;
        }
        for (Index o = 0; o < count; o++) {
            Range range = {cells.widths[o].begin, cells.widths[o].end};
            finish(map, cells, columns, o, 1, broadcast<Vector>(sum_of(sums + range.begin, range.size())), results);
        }
    }

private:
    static constexpr int kLanes = lane_count<Vector>();

    template <class Element>
    POOLING_FUNCTION static void add_rows(const CellMap<Element>& map, const CellRow& cells, Real* sums) {
        Index stride = map.strides.axes[2];
        for_each_vectors<Vector>(map.size[2], [&](auto several, Index i, int lanes) POOLING_INLINE_LAMBDA {
            constexpr int N = number_of(several);
            Vector columns[N];
            unrolled<N>([&](int k) { columns[k] = broadcast<Vector>(0); });
            cells.for_each_row(map.strides, [&](Index offset, Index) POOLING_INLINE_LAMBDA {
                const Element* x = map.x + offset + i * stride;
                unrolled<N>([&](int k) {
                    columns[k] += load_lanes<Vector>(x + k * kLanes * stride, stride, lanes);
                    prefetch_rows(x + k * kLanes * stride);
                });
            });
            unrolled<N>([&](int k) { store_lanes(sums + i + k * kLanes, columns[k]); });
        });
    }

    template <class Element, class Results>
    POOLING_FUNCTION static void finish(const CellMap<Element>& map, const CellRow& cells,
                                        const CellColumns<Real>& columns, Index o, int lanes, Vector sum,
                                        const Results& results) {
        Real rows = static_cast<Real>(cells.depth.divisor * cells.height.divisor);
        Vector mean = sum / (columns.divisors(o) * rows);
        if (!all_finite(sum)) {
            Real means[kLanes];
            store_lanes(means, mean);
            for (int lane = 0; lane < lanes; lane++) {
                if (!is_finite(sum[lane])) {
                    means[lane] = halved_mean<Real>(cells, o + lane, map.strides,
                                                    [&](Index offset) { return load(map.x + offset); });
                }
            }
            mean = load_lanes(means);
        }
        results.of_cells(o, lanes, mean);
    }
};

// Largest element of each cell, and its position. Places are distances from column 0 of the cell's first row.
template <class Real>
class CellMaximum {
public:
    typedef typename LanesOf<Real>::Vector Vector;
    typedef typename RealTraits<Real>::Bits Place;
    typedef typename RealTraits<Vector>::Bits Places;
    static constexpr bool kHasIndex = true;
    static constexpr Index kScratchPerColumn = 2;

    template <int N, class Element, class Results>
    POOLING_FUNCTION static void lanes(const CellMap<Element>& map, const CellRow& cells, Index o, Index c, int lanes,
                                       const Results& results) {
        Range columns = {cells.widths[o].begin, cells.widths[o].end};
        Largest<Vector> largest[N];
        auto load_part = [&](Index offset, Index w, int k) POOLING_INLINE_LAMBDA {
            return load_lanes<Vector>(map.x + c + k * kLanes + offset + w * map.strides.axes[2], 1,
                                      N == 1 ? lanes : kLanes);
        };
        Index first = cells.depth.begin * map.strides.axes[0] + cells.height.begin * map.strides.axes[1];
        unrolled<N>([&](int k) {
            largest[k] = {load_part(first, columns.begin, k), Places{} + static_cast<Place>(columns.begin)};
        });
        cells.for_each_place(map.strides, map.size, [&](Index offset, Index place) POOLING_INLINE_LAMBDA {
            for (Index w = columns.begin; w < columns.end; w++) {
                Places places = Places{} + static_cast<Place>(place + w);
                unrolled<N>([&](int k) { largest[k].take(load_part(offset, w, k), places); });
            }
        });
        unrolled<N>([&](int k) POOLING_INLINE_LAMBDA {
            results.of_channels(o, c + k * kLanes, lanes, largest[k].value);
            results.positions_of_channels(o, c + k * kLanes, lanes, largest[k].place, cells.position(0, map.size));
        });
    }

    template <class Element, class Results>
    static void row(const CellMap<Element>& map, const CellRow& cells, const CellColumns<Real>& columns, Index count,
                    Real* values, const Results& results) {
        Index first = cells.position(0, map.size);
        auto finish = [&](Index o, int lanes, const Largest<Vector>& largest) POOLING_INLINE_LAMBDA {
            results.of_cells(o, lanes, largest.value);
            results.positions_of_cells(o, lanes, largest.place, first);
        };
        if (columns.way() == CellColumns<Real>::kPairs) {
            for_each_whole_vector<Vector>(count, [&](Index o, int lanes) POOLING_INLINE_LAMBDA {
                finish(o, lanes, largest_of_pairs(map, cells, columns.first() + 2 * o, lanes));
            });
            return;
        }
        Place* places = reinterpret_cast<Place*>(values + padded<Vector>(map.size[2]));
        take_rows(map, cells, values, places);
        if (columns.way() == CellColumns<Real>::kLanes) {
            for_each_whole_vector<Vector>(count, [&](Index o, int lanes) POOLING_INLINE_LAMBDA {
                Largest<Vector> largest = column_of(columns.column(o, 0), values, places);
                for (Index tap = 1; tap < columns.widest(); tap++) {
                    Largest<Vector> other = column_of(columns.column(o, tap), values, places);
                    largest.take_unordered(other.value, other.place);
                }
                finish(o, lanes, largest);
            });
            return;
        }
        for (Index o = 0; o < count; o++) {
            Largest<Real> largest = largest_column({cells.widths[o].begin, cells.widths[o].end}, values, places);
            finish(o, 1, {broadcast<Vector>(largest.value), Places{} + largest.place});
        }
    }

private:
    static constexpr int kLanes = lane_count<Vector>();

    POOLING_FUNCTION static Places numbers() {
        Place n[kLanes];
        unrolled<kLanes>([&](int lane) { n[lane] = static_cast<Place>(lane); });
        return load_unaligned<Places>(n);
    }

    // Cells of two columns, side by side from a column on.
    template <class Element>
    POOLING_FUNCTION static Largest<Vector> largest_of_pairs(const CellMap<Element>& map, const CellRow& cells,
                                                             Index column, int lanes) {
        const Element* x = map.x + column;
        Index start = cells.depth.begin * map.strides.axes[0] + cells.height.begin * map.strides.axes[1];
        Largest<Vector> largest = {load_lane_pair<Vector>(x + start, lanes).even, Places{}};
        cells.for_each_place(map.strides, map.size, [&](Index offset, Index place) POOLING_INLINE_LAMBDA {
            LanePair<Vector> pair = load_lane_pair<Vector>(x + offset, lanes);
            prefetch_pair(x + offset);
            largest.take(pair.even, Places{} + static_cast<Place>(place));
            largest.take(pair.odd, Places{} + static_cast<Place>(place + 1));
        });
        largest.place += static_cast<Place>(column) + numbers() * 2;
        return largest;
    }

    // The largest element of each column; places of rows.
    template <class Element>
    POOLING_FUNCTION static void take_rows(const CellMap<Element>& map, const CellRow& cells, Real* values,
                                           Place* places) {
        Index stride = map.strides.axes[2];
        Index start = cells.depth.begin * map.strides.axes[0] + cells.height.begin * map.strides.axes[1];
        for_each_vectors<Vector>(map.size[2], [&](auto several, Index i, int lanes) POOLING_INLINE_LAMBDA {
            constexpr int N = number_of(several);
            Largest<Vector> largest[N];
            auto load_part = [&](Index offset, int k) POOLING_INLINE_LAMBDA {
                return load_lanes<Vector>(map.x + offset + (i + k * kLanes) * stride, stride, lanes);
            };
            unrolled<N>([&](int k) { largest[k] = {load_part(start, k), Places{}}; });
            cells.for_each_place(map.strides, map.size, [&](Index offset, Index place) POOLING_INLINE_LAMBDA {
                Places of_row = Places{} + static_cast<Place>(place);
                unrolled<N>([&](int k) {
                    largest[k].take(load_part(offset, k), of_row);
                    prefetch_rows(map.x + offset + (i + k * kLanes) * stride);
                });
            });
            unrolled<N>([&](int k) {
                store_lanes(values + i + k * kLanes, largest[k].value);
                store_unaligned(places + i + k * kLanes, largest[k].place);
            });
        });
    }

    POOLING_FUNCTION static Largest<Vector> column_of(Places column, const Real* values, const Place* places) {
        Vector place_bits = gather_lanes(reinterpret_cast<const Real*>(places), column);
        return {gather_lanes(values, column), bit_cast<Places>(place_bits) + column};
    }

    POOLING_FUNCTION static Largest<Real> largest_column(Range range, const Real* values, const Place* places) {
        Index i = range.begin;
        Largest<Real> result = {values[i], static_cast<Place>(places[i] + static_cast<Place>(i))};
        if (range.size() >= 2 * kLanes) {
            auto columns = [&]() {
                Places place = load_unaligned<Places>(places + i) + numbers() + static_cast<Place>(i);
                return Largest<Vector>{load_lanes(values + i), place};
            };
            Largest<Vector> largest = columns();
            for (i += kLanes; i + kLanes <= range.end; i += kLanes) {
                Largest<Vector> other = columns();
                largest.take_unordered(other.value, other.place);
            }
            for (int lane = 0; lane < kLanes; lane++) {
                result.take_unordered(largest.value[lane], largest.place[lane]);
            }
        }
        for (; i < range.end; i++) {
            result.take_unordered(values[i], static_cast<Place>(places[i] + static_cast<Place>(i)));
        }
        return result;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
