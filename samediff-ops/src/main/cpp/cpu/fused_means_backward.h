// SPDX-License-Identifier: Apache-2.0
// Gradients of means of windows that overlap (overlapping_means.h says which), where a plane is passed once: when the
// last window over a row is done, so are the gradients of the row.
#pragma once

#include <string.h>

#include "fused_means.h"
#include "lane_shuffles.h"
#include "means_gradients.h"
#include "planes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class FusedMeansBackward {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    FusedMeansBackward(const OverlappingMeansArrays<Storage>& arrays, const MeansGradients<Storage>& gradients)
        : a_(arrays),
          g_(arrays.geometry),
          gradients_(gradients),
          pitch_(pitch_of_kept_rows<Vector>(arrays.geometry.axes[2])),
          factors_(numbers_of_windows<Vector>(arrays.geometry.axes[2])) {}

    // A plane is the work of one thread.
    bool applies() const {
        return fuses_means(a_) && g_.batch * g_.channels >= kLeastPlanes;
    }

    // too_large: of each plane, whether its numbers are.
    KernelStatus run(unsigned char* too_large) const {
        return with_stride_and_taps(
            g_.axes[2], [&](auto stride, auto taps) { return planes<stride.value, taps.value>(too_large); });
    }

private:
    static constexpr int kLanes = lane_count<Vector>();

    const OverlappingMeansArrays<Storage>& a_;
    const WindowGeometry& g_;
    const MeansGradients<Storage>& gradients_;
    Index pitch_;
    Index factors_;  // of a row of windows, and as many again: a = g / Z, then b = a R / Z

    Index kept_size() const {
        return 2 * pitch_ * g_.axes[1].kernel;
    }

    Index size() const {
        return kept_size() + 2 * factors_ * g_.axes[1].kernel;
    }

    template <int Stride, int Taps>
    KernelStatus planes(unsigned char* too_large) const {
        bool out_of_memory = false;
        Index work = g_.axes[1].output * g_.axes[2].output * taps_per_window(g_);
        parallel_ranges(g_.batch * g_.channels, work, [&](Index begin, Index end) {
            Scratch<Real> memory(size());
            if (!memory) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            memset(memory.get(), 0, static_cast<size_t>(size()) * sizeof(Real));
            for (Index plane = begin; plane < end; plane++) {
                if (!this->plane<Stride, Taps>(plane / g_.channels, plane % g_.channels, memory.get())) {
                    too_large[plane] = 1;
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // False where a number is too large.
    template <int Stride, int Taps>
    bool plane(Index batch, Index channel, Real* memory) const {
        const WindowAxis& height = g_.axes[1];
        LargestMagnitudes<Vector> largest;
        for (Index depth = 0; depth < g_.axes[0].input; depth++) {
            KeptRows<Storage> rows(a_, batch, channel, depth, memory, pitch_, largest);
            Index done = 0;  // rows whose gradients are
            for (Index window = 0; window < height.output; window++) {
                if (rows.next(window, 0)) {
                    fill_factors<Stride, Taps>(batch, channel, depth, window, rows, factors_of(memory, window));
                }
                Index end = window + 1 < height.output ? window_start(height, window + 1) : rows.rows.end;
                for (; done < minimum(end, height.input); done++) {
                    store_gradients<Stride>(batch, channel, depth, done, rows, memory);
                }
            }
            for (; done < height.input; done++) {
                gradients_.clear(batch, {channel, channel + 1}, depth, done, {0, g_.axes[2].input});
            }
        }
        return largest.fit();
    }

    Real* factors_of(Real* memory, Index window) const {
        return memory + kept_size() + window % g_.axes[1].kernel * 2 * factors_ +
               numbers_before_windows<Vector>(g_.axes[2]);
    }

    template <int Stride, int Taps>
    void fill_factors(Index batch, Index channel, Index depth, Index height, const RowsOfMeans<Storage>& rows,
                      Real* factors) const {
        const Storage* gradient = gradients_.y + element_offset(gradients_.y_strides, batch, channel, depth, height, 0);
        Index step = gradients_.y_strides.axes[2];
        for_each_window_of_columns<MeansOfColumns<Storage>, Stride, Taps>(
            g_.axes[2], rows, [&](Index window, int lanes, const MeansOfColumns<Storage>& of) POOLING_INLINE_LAMBDA {
                Vector g = load_lanes<Vector>(gradient + window * step, step, lanes);
                Vector inverse = Real(1) / of.weight;
                Vector a = of.weight == Real(0) ? of.weight : g * inverse;
                Vector b = of.weight == Real(0) ? of.weight : a * (of.weighted * inverse);
                if (lanes < kLanes) {  // windows that there are not
                    auto is_window = lanes_between<Vector>(0, lanes);
                    a = is_window ? a : broadcast<Vector>(0);
                    b = is_window ? b : broadcast<Vector>(0);
                }
                store_lanes(factors + window, a);
                store_lanes(factors + factors_ + window, b);
            });
    }

    // Of a row of the input, whose windows are all done.
    template <int Stride>
    void store_gradients(Index batch, Index channel, Index depth, Index row, const KeptRows<Storage>& rows,
                         Real* memory) const {
        const WindowAxis& axis = g_.axes[2];
        Index last = minimum(g_.axes[1].output - 1, (row + g_.axes[1].padding) / g_.axes[1].stride);
        const Real* factors[InputRows::kMost];
        int count = 0;
        for (Index w = last; w >= 0 && window_start(g_.axes[1], w) + g_.axes[1].kernel > row; w--) {
            factors[count++] = factors_of(memory, w);
        }
        Index covered = count == 0 ? 0 : minimum(axis.input, window_start(axis, axis.output - 1) + axis.kernel);
        const Real* weights = rows.memory_of_row(row);
        MeansGradientRow<Storage> target =
            gradients_.row(a_.is_soft, weights, weights + pitch_, false, batch, channel, depth, row, 0);
        WindowsOfColumns<Stride> even(axis, 0);
        WindowsOfColumns<Stride> odd(axis, 1);
        for (Index column = 0, i = 0; column < covered; column += Stride * kLanes, i += kLanes) {
            Index columns = covered - column;
            Factors of_even = sum(factors, count, even, i);
            if constexpr (Stride == 1) {
                target.store(column, column, lanes(columns), of_even);
            } else {
                Factors of_odd = sum(factors, count, odd, i);
                target.store(column, column, lanes(columns),
                             {interleaved_lanes<Vector, 0>(of_even.a, of_odd.a, AllLanes<Vector>()),
                              interleaved_lanes<Vector, 0>(of_even.b, of_odd.b, AllLanes<Vector>())});
                if (columns > kLanes) {
                    target.store(column + kLanes, column + kLanes, lanes(columns - kLanes),
                                 {interleaved_lanes<Vector, 1>(of_even.a, of_odd.a, AllLanes<Vector>()),
                                  interleaved_lanes<Vector, 1>(of_even.b, of_odd.b, AllLanes<Vector>())});
                }
            }
        }
        gradients_.clear(batch, {channel, channel + 1}, depth, row, {covered, axis.input});
    }

    typedef MeansFactors<Vector> Factors;

    POOLING_FUNCTION static int lanes(Index columns) {
        return static_cast<int>(minimum(kLanes, columns));
    }

    template <int Stride>
    POOLING_FUNCTION Factors sum(const Real* const* factors, int rows, const WindowsOfColumns<Stride>& windows,
                                 Index first) const {
        Factors sum = {broadcast<Vector>(0), broadcast<Vector>(0)};
        for (int row = 0; row < rows; row++) {
            sum.a += windows.template sum<Vector>(factors[row] + first);
            sum.b += windows.template sum<Vector>(factors[row] + factors_ + first);
        }
        return sum;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
