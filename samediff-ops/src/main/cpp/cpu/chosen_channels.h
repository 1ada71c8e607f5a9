// SPDX-License-Identifier: Apache-2.0
// Gradient that goes from each window to one element of its map, where channels lie side by side: an element asks the
// windows over it whether they chose it, for a vector of channels at once.
#pragma once

#include <atomic>

#include "cells.h"
#include "kernel_table.h"
#include "threads.h"
#include "tiles.h"
#include "wide_numbers.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: x, index, gradient of y, gradient of x.
template <class Storage>
class ChosenChannels {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef typename RealTraits<Vector>::Bits Places;
    typedef typename RealTraits<Real>::Bits Place;
    typedef WindowParameters<4> Parameters;

public:
    ChosenChannels(const void* parameters, void* const* arrays)
        : p_(*static_cast<const Parameters*>(parameters)),
          g_(p_.geometry),
          index_(static_cast<const Index*>(arrays[1])),
          gradient_(static_cast<const Storage*>(arrays[2])),
          x_gradient_(static_cast<Storage*>(arrays[3])) {}

    bool applies() const {
        constexpr Index kMostPlaces = 1LL << 31;
        return channels_last(g_, p_.strides[3]) && p_.strides[1].channel == 1 && p_.strides[2].channel == 1 &&
               g_.axes[0].input * g_.axes[1].input * g_.axes[2].input < kMostPlaces &&
               windows_over_most(0) * windows_over_most(1) * windows_over_most(2) <= kMostWindows;
    }

    // False if a window chose no element of its own, as an index from elsewhere may say: the results are then wrong.
    bool run() const {
        WindowGeometry inputs = rows_of_input(g_);
        std::atomic<Index> found(0);
        std::atomic<bool> wide(false);
        Index rows = g_.batch * g_.axes[0].input * g_.axes[1].input;
        parallel_ranges(rows, g_.axes[2].input * g_.channels, [&](Index begin, Index end) {
            Index found_here = 0;
            RowCursor at(inputs, 1, begin);
            for (Index i = begin; i < end; i++, at.next(inputs, 1)) {
                RowsOfWindows over(*this, at);
                Seen seen = {};
                row(over, at, seen);
                for (int lane = 0; lane < lane_count<Vector>(); lane++) {
                    found_here += static_cast<Index>(seen.hits[lane]);
                }
                if (any_lane(seen.places >> 31 != 0)) {
                    wide = true;
                }
            }
            found += found_here;
        });
        return found == windows_with_elements() && !wide;
    }

private:
    static constexpr Index kMostWindows = 32;
    static constexpr Index kNoPlace = 0x7fffffff;

    struct Seen {
        Places hits;         // of each lane
        UInt64Lanes places;  // all their bits
    };

    // Rows of windows over a row of the input.
    struct RowsOfWindows {
        Index count = 0;
        const Index* index[kMostWindows];
        const Storage* gradient[kMostWindows];

        RowsOfWindows(const ChosenChannels& c, const RowCursor& at) {
            Range heights = windows_over(c.g_.axes[1], {at.height, at.height + 1});
            for_each_row_of_windows_over(c.g_, at.depth, at.height, heights, [&](Index d, Index h) {
                index[count] = c.index_ + element_offset(c.p_.strides[1], at.batch, 0, d, h, 0);
                gradient[count++] = c.gradient_ + element_offset(c.p_.strides[2], at.batch, 0, d, h, 0);
            });
        }
    };

    const Parameters& p_;
    const WindowGeometry& g_;
    const Index* index_;
    const Storage* gradient_;
    Storage* x_gradient_;

    Index windows_over_most(int axis) const {
        const WindowAxis& a = g_.axes[axis];
        return ceil_divide((a.kernel - 1) * a.dilation + 1, a.stride);
    }

    Index windows_with_elements() const {
        Index windows = g_.batch * g_.channels;
        for (const WindowAxis& axis : g_.axes) {
            Index count = 0;
            for (Index output = 0; output < axis.output; output++) {
                count += valid_taps(axis, output).size() > 0 ? 1 : 0;
            }
            windows *= count;
        }
        return windows;
    }

    void row(const RowsOfWindows& over, const RowCursor& at, Seen& seen) const {
        Storage* target = x_gradient_ + element_offset(p_.strides[3], at.batch, 0, at.depth, at.height, 0);
        Index place = (at.depth * g_.axes[1].input + at.height) * g_.axes[2].input;
        for (Index column = 0; column < g_.axes[2].input; column++, target += p_.strides[3].axes[2]) {
            const Index* index[kMostWindows];
            const Storage* gradient[kMostWindows];
            Index count = 0;
            Range windows = windows_over(g_.axes[2], {column, column + 1});
            for (Index r = 0; r < over.count; r++) {
                for (Index w = windows.begin; w < windows.end; w++) {
                    if (window_contains(g_.axes[2], w, column)) {
                        index[count] = over.index[r] + w * p_.strides[1].axes[2];
                        gradient[count++] = over.gradient[r] + w * p_.strides[2].axes[2];
                    }
                }
            }
            Places wanted = Places{} + static_cast<Place>(place + column);
            for_each_vector<Vector>(g_.channels, [&](Index c, int lanes) POOLING_INLINE_LAMBDA {
                Vector sum = broadcast<Vector>(0);
                for (Index i = 0; i < count; i++) {
                    Places places = load_narrow<Places>(index[i] + c, lanes, kNoPlace, seen.places);
                    auto chosen = places == wanted;
                    seen.hits += chosen ? Places{} + 1 : Places{};
                    sum += chosen ? load_lanes<Vector>(gradient[i] + c, 1, lanes) : broadcast<Vector>(0);
                }
                store_lanes(target + c, 1, lanes, sum);
            });
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
