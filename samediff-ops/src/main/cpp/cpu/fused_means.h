// SPDX-License-Identifier: Apache-2.0
// Forward pass of means of windows that overlap (overlapping_means.h says which), where a row of windows is computed in
// one pass over its rows: exponentials of rows that the next windows share are kept, the others stay in registers.
#pragma once

#include "columns.h"
#include "lane_shuffles.h"
#include "scratch.h"
#include "threads.h"
#include "tile_of_means.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The rows of a row of windows.
template <class Storage>
struct RowsOfMeans : MapWidth {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    const OverlappingMeansArrays<Storage>& arrays;
    const Storage* x;      // column 0 of row 0 of the plane
    const Storage* logit;  // the same
    Index kept;            // rows before it are kept
    Range rows;
    Index keep;           // rows from it on are to be kept
    Real* const* memory;  // of each row: weights of the columns, and as many weighted elements
    Index pitch;
    LargestMagnitudes<Vector>* largest;

    POOLING_FUNCTION Real* memory_of(Index row, Index column) const {
        return memory[row - rows.begin] + column;
    }
};

template <class Storage>
struct MeansOfColumns {
    typedef RowsOfMeans<Storage> Rows;
    typedef typename Rows::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();

    Vector weight;
    Vector weighted;

    POOLING_FUNCTION static MeansOfColumns none() {
        return {broadcast<Vector>(0), broadcast<Vector>(0)};
    }

    POOLING_FUNCTION static MeansOfColumns all(const Rows& rows, Index column) {
        return sum(
            rows, column, [&](const Storage* p) POOLING_INLINE_LAMBDA { return load_lanes(p); },
            [](Vector v) POOLING_INLINE_LAMBDA { return v; });
    }

    POOLING_FUNCTION static MeansOfColumns some(const Rows& rows, Index column) {
        Range inside = rows.template lanes_inside<kLanes>(column);
        int begin = static_cast<int>(inside.begin);
        int end = static_cast<int>(inside.end);
        auto is_inside = lanes_between<Vector>(inside.begin, inside.end);
        return sum(
            rows, column,
            [&](const Storage* p) POOLING_INLINE_LAMBDA { return load_middle_lanes<Vector>(p, begin, end); },
            [&](Vector v) POOLING_INLINE_LAMBDA { return is_inside ? v : broadcast<Vector>(0); });
    }

    template <int Stride, int Tap>
    POOLING_FUNCTION static MeansOfColumns tap(const MeansOfColumns* columns) {
        Vector weights[Stride + 1];
        Vector products[Stride + 1];
        unrolled<Stride + 1>([&](int i) {
            weights[i] = columns[i].weight;
            products[i] = columns[i].weighted;
        });
        return {tap_of_columns<Stride, Tap>(weights), tap_of_columns<Stride, Tap>(products)};
    }

    POOLING_FUNCTION void take(const MeansOfColumns& other) {
        weight += other.weight;
        weighted += other.weighted;
    }

private:
    template <class Load, class Mask>
    POOLING_FUNCTION static MeansOfColumns sum(const Rows& rows, Index column, const Load& load, const Mask& mask) {
        MeansOfColumns result = none();
        Index row = rows.rows.begin;
        for (; row < rows.kept; row++) {
            const auto* p = rows.memory_of(row, column);
            result.take({load_lanes(p), load_lanes(p + rows.pitch)});
        }
        LargestMagnitudes<Vector> largest = *rows.largest;
        for (; row < rows.rows.end; row++) {
            Vector l = load(rows.logit + row * rows.arrays.logit_strides.axes[1] + column);
            Vector e = mask(scaled_exponential(l, typename RealTraits<Vector>::Bits{}));
            largest.take_logit(l);
            Vector v = l;
            if (!rows.arrays.is_soft) {
                v = load(rows.x + row * rows.arrays.x_strides.axes[1] + column);
                largest.take_element(v);
            }
            MeansOfColumns of_row = {e, e * v};
            result.take(of_row);
            if (row >= rows.keep) {
                auto* p = rows.memory_of(row, column);
                store_lanes(p, of_row.weight);
                store_lanes(p + rows.pitch, of_row.weighted);
            }
        }
        *rows.largest = largest;
        return result;
    }
};

// Whether rows of windows are computed in one pass.
template <class Storage>
bool fuses_means(const OverlappingMeansArrays<Storage>& a) {
    const WindowGeometry& g = a.geometry;
    return g.axes[0].kernel == 1 && g.axes[0].stride == 1 && g.axes[0].padding == 0 && g.axes[1].dilation == 1 &&
           a.x_strides.axes[2] == 1 && a.logit_strides.axes[2] == 1 && !channels_last(g, a.x_strides) &&
           are_windows_of_columns(g);
}

// Columns from the first window's first one on, in whole vectors, and what is read behind them.
template <class Vector>
Index pitch_of_kept_rows(const WindowAxis& axis) {
    return padded<Vector>(maximum(axis.input + axis.padding, axis.output * axis.stride)) + 3 * lane_count<Vector>();
}

// The rows of the windows of a plane, row of windows by row of windows.
template <class Storage>
class KeptRows : public RowsOfMeans<Storage> {
    typedef RowsOfMeans<Storage> Rows;
    typedef typename Rows::Real Real;

public:
    // first_row: of memory for as many rows as a window has.
    KeptRows(const OverlappingMeansArrays<Storage>& a, Index batch, Index channel, Index depth, Real* first_row,
             Index row_pitch, LargestMagnitudes<typename Rows::Vector>& magnitudes)
        : Rows{{a.geometry.axes[2].input},
               a,
               a.x + element_offset(a.x_strides, batch, channel, depth, 0, 0),
               a.logit + element_offset(a.logit_strides, batch, channel, depth, 0, 0),
               0,
               {0, 0},
               0,
               slots_,
               row_pitch,
               &magnitudes},
          axis_(a.geometry.axes[1]),
          memory_(first_row + a.geometry.axes[2].padding) {}

    KeptRows(const KeptRows&) = delete;
    KeptRows& operator=(const KeptRows&) = delete;

    // Goes on to the rows of a window, of which some are kept. False where there are none.
    bool next(Index window, Index keep_from) {
        this->kept = this->rows.end;
        Index first = window_start(axis_, window);
        Index begin = maximum(0, first);
        this->rows = {begin, maximum(begin, minimum(axis_.input, first + axis_.kernel))};
        this->keep = keep_from;
        Index slot = begin % axis_.kernel;
        for (Index row = 0; row < this->rows.size(); row++, slot = slot + 1 == axis_.kernel ? 0 : slot + 1) {
            slots_[row] = memory_ + slot * 2 * this->pitch;
        }
        return this->rows.size() > 0;
    }

private:
    const WindowAxis& axis_;
    Real* memory_;
    Real* slots_[InputRows::kMost];
};

template <class Storage>
class FusedMeansForward {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    FusedMeansForward(const OverlappingMeansArrays<Storage>& arrays, Storage* y, const TensorStrides& y_strides)
        : a_(arrays),
          g_(arrays.geometry),
          y_(y),
          s_(y_strides),
          pitch_(pitch_of_kept_rows<Vector>(arrays.geometry.axes[2])) {}

    bool applies() const {
        return fuses_means(a_);
    }

    // too_large: of each plane, whether its numbers are.
    KernelStatus run(unsigned char* too_large) const {
        return with_stride_and_taps(
            g_.axes[2], [&](auto stride, auto taps) { return planes<stride.value, taps.value>(too_large); });
    }

private:
    const OverlappingMeansArrays<Storage>& a_;
    const WindowGeometry& g_;
    Storage* y_;
    const TensorStrides& s_;
    Index pitch_;

    template <int Stride, int Taps>
    KernelStatus planes(unsigned char* too_large) const {
        Index rows = g_.axes[0].output * g_.axes[1].output;
        bool out_of_memory = false;
        parallel_ranges(g_.batch * g_.channels * rows, g_.axes[2].output * taps_per_window(g_),
                        [&](Index begin, Index end) {
                            Scratch<Real> memory(2 * pitch_ * g_.axes[1].kernel);
                            if (!memory) {
                                out_of_memory = true;  // every thread writes the same value
                                return;
                            }
                            for (Index i = begin; i < end;) {
                                Index count = minimum(end - i, rows - i % rows);
                                if (!plane<Stride, Taps>(i / rows, {i % rows, i % rows + count}, memory.get())) {
                                    too_large[i / rows] = 1;
                                }
                                i += count;
                            }
                        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // Rows of windows of a plane. False where a number is too large.
    template <int Stride, int Taps>
    bool plane(Index plane, Range windows, Real* memory) const {
        Index batch = plane / g_.channels;
        Index channel = plane % g_.channels;
        LargestMagnitudes<Vector> largest;
        for (Index i = windows.begin; i < windows.end;) {
            Index depth = i / g_.axes[1].output;
            KeptRows<Storage> rows(a_, batch, channel, depth, memory, pitch_, largest);
            for (Index height = i % g_.axes[1].output; height < g_.axes[1].output && i < windows.end; height++, i++) {
                Storage* y = y_ + element_offset(s_, batch, channel, depth, height, 0);
                if (!rows.next(height, window_start(g_.axes[1], height + 1))) {
                    for (Index window = 0; window < g_.axes[2].output; window++) {
                        store(y + window * s_.axes[2], Real(0));
                    }
                    continue;
                }
                for_each_window_of_columns<MeansOfColumns<Storage>, Stride, Taps>(
                    g_.axes[2], static_cast<const RowsOfMeans<Storage>&>(rows),
                    [&](Index window, int lanes, const MeansOfColumns<Storage>& of) POOLING_INLINE_LAMBDA {
                        Vector mean = of.weight == Real(0) ? of.weight : of.weighted / of.weight;
                        store_lanes(y + window * s_.axes[2], s_.axes[2], lanes, mean);
                    });
            }
        }
        return largest.fit();
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
