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
          planes_(planes_at_once(p.geometry.channels)),
          before_(numbers_before_windows<Vector>(axis_)),
          sums_size_(numbers_of_windows<Vector>(axis_)),
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
        Index blocks = along_channels_ ? 1 : g_.channels / planes_;
        Index rows = g_.batch * blocks * g_.axes[0].input * g_.axes[1].input;
        bool out_of_memory = false;
        parallel_ranges(rows, g_.axes[2].input * (g_.channels / blocks) * kOverlap, [&](Index begin, Index end) {
            Scratch<Real> sums(planes_ * sums_size_);
            Scratch<WindowsOverRow> over(g_.axes[0].kernel * g_.axes[1].kernel);
            if (!sums || !over) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            memset(sums.get(), 0, static_cast<size_t>(planes_ * sums_size_) * sizeof(Real));
            RowCursor at(inputs, blocks, begin);
            for (Index i = begin; i < end; i++, at.next(inputs, blocks)) {
                Index channel = at.channel * planes_;
                Index count = windows_over_row(at, channel, heights.at(at.height), shares, over.get());
                Storage* target =
                    x_gradient_ + element_offset(p_.strides[2], at.batch, channel, at.depth, at.height, 0);
                if (along_channels_) {
                    all_channels(over.get(), count, target);
                } else {
                    some_planes(over.get(), count, sums.get() + before_, target);
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
    Index planes_;  // whose rows are worked on together, as the same windows are over them
    Index before_;  // of the sums of a row, zeros for the windows that there are not
    Index sums_size_;
    const Storage* y_gradient_;
    Storage* x_gradient_;

    static Index planes_at_once(Index channels) {
        return channels % 8 == 0 ? 8 : channels % 4 == 0 ? 4 : channels % 2 == 0 ? 2 : 1;
    }

    Index windows_over_row(const RowCursor& at, Index channel, Range heights,
                           const WindowShares<Operator, Real>& shares, WindowsOverRow* over) const {
        Index count = 0;
        for_each_row_of_windows_over(g_, at.depth, at.height, heights, [&](Index d, Index h) {
            over[count++] = {y_gradient_ + element_offset(p_.strides[1], at.batch, channel, d, h, 0),
                             shares.of_row(d, h)};
        });
        return count;
    }

    // The sums of all planes first: what has just been stored is slow to load from other places.
    void some_planes(const WindowsOverRow* over, Index count, Real* sums, Storage* target) const {
        for (Index c = 0; c < planes_; c++) {
            bring_together(over, count, c * p_.strides[1].channel, sums + c * sums_size_);
        }
        for (Index c = 0; c < planes_; c++) {
            if (axis_.stride == 1) {
                along_row<1>(sums + c * sums_size_, target + c * p_.strides[2].channel);
            } else {
                along_row<2>(sums + c * sums_size_, target + c * p_.strides[2].channel);
            }
        }
    }

    void bring_together(const WindowsOverRow* over, Index count, Index plane, Real* sums) const {
        Index step = p_.strides[1].axes[2];
        for (Index i = 0; i < axis_.output; i += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, axis_.output - i));
            Vector sum = broadcast<Vector>(0);
            for (Index row = 0; row < count; row++) {
                const Storage* gradient = over[row].gradient + plane + i * step;
                sum += load_lanes<Vector>(gradient, step, lanes) * load_lanes(over[row].shares + i);
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
