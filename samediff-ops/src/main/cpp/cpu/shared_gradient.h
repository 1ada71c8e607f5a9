// SPDX-License-Identifier: Apache-2.0
// Gradient of sums and means over windows of any size, which may overlap: every element of a window gets the same share
// of its gradient. The gradients of the windows over a row of the input are brought together first, then along the row.
#pragma once

#include <string.h>

#include "columns.h"
#include "lane_shuffles.h"
#include "threads.h"
#include "tiles.h"
#include "window_rows.h"
#include "window_shares.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: x, gradient of y, gradient of x.
template <class Operator, class Storage>
class OverlappingSharedGradient {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    typedef WindowParameters<3> Parameters;

    OverlappingSharedGradient(const Parameters& p, void* const* arrays)
        : p_(p),
          g_(p.geometry),
          axis_(p.geometry.axes[2]),
          along_channels_(channels_last(p.geometry, p.strides[2]) && p.strides[1].channel == 1),
          y_gradient_(static_cast<const Storage*>(arrays[1])),
          x_gradient_(static_cast<Storage*>(arrays[2])) {}

    bool applies() const {
        return along_channels_ || (axis_.stride <= 2 && axis_.dilation == 1);
    }

    KernelStatus run() const {
        WindowGeometry inputs = rows_of_input(g_);
        WindowShares<Operator, Real> shares(g_, p_.options);
        WindowsOverPlaces heights(g_.axes[1]);
        if (!shares || !heights) {
            return kOutOfMemory;
        }
        Index channels = along_channels_ ? 1 : g_.channels;
        Index rows = g_.batch * channels * g_.axes[0].input * g_.axes[1].input;
        bool out_of_memory = false;
        parallel_ranges(rows, g_.axes[2].input * (g_.channels / channels) * kOverlap, [&](Index begin, Index end) {
            Scratch<Real> sums(sums_size());
            Scratch<WindowsOverRow> over(g_.axes[0].kernel * g_.axes[1].kernel);
            if (!sums || !over) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            memset(sums.get(), 0, static_cast<size_t>(sums_size()) * sizeof(Real));
            RowCursor at(inputs, channels, begin);
            for (Index i = begin; i < end; i++, at.next(inputs, channels)) {
                Index count = windows_over_row(at, heights.at(at.height), shares, over.get());
                Storage* target =
                    x_gradient_ + element_offset(p_.strides[2], at.batch, at.channel, at.depth, at.height, 0);
                if (along_channels_) {
                    all_channels(over.get(), count, target);
                    continue;
                }
                bring_together(over.get(), count, sums.get() + before());
                if (axis_.stride == 1) {
                    along_row<1>(sums.get() + before(), target);
                } else {
                    along_row<2>(sums.get() + before(), target);
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    static constexpr Index kOverlap = 4;  // for the estimate of the work

    // Windows whose elements a row of the input are.
    struct WindowsOverRow {
        const Storage* gradient;
        const Real* shares;
    };

    const Parameters& p_;
    const WindowGeometry& g_;
    const WindowAxis& axis_;
    bool along_channels_;
    const Storage* y_gradient_;
    Storage* x_gradient_;

    // The sums of a row stand between zeros, for the windows that there are not.
    Index before() const {
        return numbers_before_windows<Vector>(axis_);
    }

    Index sums_size() const {
        return numbers_of_windows<Vector>(axis_);
    }

    Index windows_over_row(const RowCursor& at, Range heights, const WindowShares<Operator, Real>& shares,
                           WindowsOverRow* over) const {
        Index count = 0;
        for_each_row_of_windows_over(g_, at.depth, at.height, heights, [&](Index d, Index h) {
            over[count++] = {y_gradient_ + element_offset(p_.strides[1], at.batch, at.channel, d, h, 0),
                             shares.of_row(d, h)};
        });
        return count;
    }

    void bring_together(const WindowsOverRow* over, Index count, Real* sums) const {
        Index step = p_.strides[1].axes[2];
        for (Index i = 0; i < axis_.output; i += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, axis_.output - i));
            Vector sum = broadcast<Vector>(0);
            for (Index row = 0; row < count; row++) {
                sum +=
                    load_lanes<Vector>(over[row].gradient + i * step, step, lanes) * load_lanes(over[row].shares + i);
            }
            store_lanes(sums + i, sum);
        }
    }

    template <int Stride>
    void along_row(const Real* sums, Storage* target) const {
        Index step = p_.strides[2].axes[2];
        spread_numbers<Stride>(axis_, sums, [&](Index column, int lanes, Vector numbers) POOLING_INLINE_LAMBDA {
            store_lanes(target + column * step, step, lanes, numbers);
        });
    }

    void all_channels(const WindowsOverRow* over, Index count, Storage* target) const {
        for (Index column = 0; column < axis_.input; column++, target += p_.strides[2].axes[2]) {
            Range windows = windows_over(axis_, {column, column + 1});
            for_each_vector<Vector>(g_.channels, [&](Index c, int lanes) {
                Vector sum = broadcast<Vector>(0);
                for (Index w = windows.begin; w < windows.end; w++) {
                    if (window_contains(axis_, w, column)) {
                        for (Index row = 0; row < count; row++) {
                            const Storage* gradient = over[row].gradient + w * p_.strides[1].axes[2] + c;
                            sum += load_lanes<Vector>(gradient, 1, lanes) * over[row].shares[w];
                        }
                    }
                }
                store_lanes(target + c, 1, lanes, sum);
            });
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
