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

    // Of the windows whose factors are kept, the last one's first.
    struct KeptFactors {
        Real* rows[InputRows::kMost];
        Index count;  // that there is memory for

        void next() {
            Real* oldest = rows[count - 1];
            for (Index i = count - 1; i > 0; i--) {
                rows[i] = rows[i - 1];
            }
            rows[0] = oldest;
        }
    };

    // False where a number is too large.
    template <int Stride, int Taps>
    bool plane(Index batch, Index channel, Real* memory) const {
        const WindowAxis& height = g_.axes[1];
        LargestMagnitudes<Vector> largest;
        KeptFactors factors = {{}, height.kernel};
        for (Index i = 0; i < height.kernel; i++) {
            factors.rows[i] = memory + kept_size() + i * 2 * factors_ + numbers_before_windows<Vector>(g_.axes[2]);
        }
        for (Index depth = 0; depth < g_.axes[0].input; depth++) {
            KeptRows<Storage> rows(a_, batch, channel, depth, memory, pitch_, largest);
            const Target first = gradients_.row(a_.is_soft, nullptr, nullptr, false, batch, channel, depth, 0, 0);
            Index done = 0;  // rows whose gradients are
            for (Index window = 0; window < height.output; window++) {
                factors.next();
                if (rows.next(window, 0)) {
                    fill_factors<Stride, Taps>(batch, channel, depth, window, rows, factors.rows[0]);
                }
                Index end = window + 1 < height.output ? window_start(height, window + 1) : rows.rows.end;
                for (; done < minimum(end, height.input); done++) {
                    Index over = windows_over(window, done);
                    Target target = gradients_.in_row(first, done);
                    if (over == 0) {
                        target.clear({0, g_.axes[2].input});
                        continue;
                    }
                    target.weights = rows.memory_of(done, 0);
                    target.weighted = target.weights + pitch_;
                    store_gradients<Stride, Taps>(factors.rows, over, target);
                }
            }
            for (; done < height.input; done++) {
                gradients_.in_row(first, done).clear({0, g_.axes[2].input});
            }
        }
        return largest.fit();
    }

    // How many of the windows up to the last a row lies in that is not before this one.
    Index windows_over(Index last, Index row) const {
        const WindowAxis& height = g_.axes[1];
        Index count = 0;
        for (Index tap = row - window_start(height, last); tap < height.kernel && count <= last; tap += height.stride) {
            count++;
        }
        return count;
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

    typedef MeansGradientRow<Storage> Target;

    // Of a row of the input, from the factors of the windows over it.
    template <int Stride, int Taps>
    void store_gradients(const Real* const* factors, Index rows, const Target& target) const {
        const WindowAxis& axis = g_.axes[2];
        Index covered = minimum(axis.input, window_start(axis, axis.output - 1) + axis.kernel);
        for (Index column = 0; column < covered; column += Stride * kLanes) {
            Index last_window = (column + axis.padding + Stride - 1) / Stride;
            Vector a[Stride];
            Vector b[Stride];
            sum<Stride, Taps>(factors, rows, last_window, a);
            sum<Stride, Taps>(factors, rows, factors_ + last_window, b);
            Index columns = covered - column;
            if constexpr (Stride == 1) {
                target.store(column, column, lanes(columns), {a[0], b[0]});
            } else {
                target.store(column, column, lanes(columns),
                             {interleaved_lanes<Vector, 0>(a[0], a[1], AllLanes<Vector>()),
                              interleaved_lanes<Vector, 0>(b[0], b[1], AllLanes<Vector>())});
                if (columns > kLanes) {
                    target.store(column + kLanes, column + kLanes, lanes(columns - kLanes),
                                 {interleaved_lanes<Vector, 1>(a[0], a[1], AllLanes<Vector>()),
                                  interleaved_lanes<Vector, 1>(b[0], b[1], AllLanes<Vector>())});
                }
            }
        }
        target.clear({covered, axis.input});
    }

    POOLING_FUNCTION static int lanes(Index columns) {
        return static_cast<int>(minimum(kLanes, columns));
    }

    // Numbers of the windows that columns lie in; where windows are two columns apart, of each second column, then of
    // those between. last: the last window of the first Stride columns.
    template <int Stride, int Taps>
    POOLING_FUNCTION void sum(const Real* const* numbers, Index rows, Index last, Vector* sums) const {
        auto of_window = [&](Index window) POOLING_INLINE_LAMBDA {
            Vector sum = load_lanes(numbers[0] + window);
            for (Index row = 1; row < rows; row++) {
                sum += load_lanes(numbers[row] + window);
            }
            return sum;
        };
        Vector of_last = of_window(last);
        Vector of_previous = of_window(last - 1);
        if constexpr (Stride == 1) {
            sums[0] = of_last + of_previous;
            if constexpr (Taps == 3) {
                sums[0] += of_window(last - 2);
            }
        } else {
            // A window begins with a column that is behind an even number of columns, padding among them.
            bool begins_between = g_.axes[2].padding % 2 == 1;
            Vector of_first = Taps == 3 ? of_last + of_previous : of_last;
            sums[0] = begins_between ? of_previous : of_first;
            sums[1] = begins_between ? of_first : of_last;
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
