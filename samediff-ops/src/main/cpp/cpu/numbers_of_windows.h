// SPDX-License-Identifier: Apache-2.0
// Numbers that windows of columns (columns.h) give to all their elements.
#pragma once

#include <string.h>

#include "columns.h"
#include "lane_shuffles.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Of a row of windows.
template <class Real>
class NumbersOfWindows {
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();
    static constexpr Index kMostStride = 2;

public:
    explicit NumbersOfWindows(const WindowAxis& axis)
        : axis_(axis),
          numbers_(numbers_of_windows<Vector>(axis)),
          row_(padded<Vector>(axis.input) + kMostStride * kLanes) {
        if (*this) {
            memset(numbers_.get(), 0, static_cast<size_t>(numbers_of_windows<Vector>(axis)) * sizeof(Real));
        }
    }

    explicit operator bool() const {
        return numbers_ && row_;
    }

    POOLING_FUNCTION void set(Index window, int lanes, Vector numbers) {
        store_first_lanes(numbers_.get() + numbers_before_windows<Vector>(axis_) + window, lanes, numbers);
    }

    // sums: of the elements of a plane.
    template <int Stride>
    void add_to_rows(const InputRows& rows, Real* sums) {
        spread<Stride>();
        for (Index row = 0; row < rows.count; row++) {
            Real* target = sums + rows.place + rows.places[row];
            for_each_vector<Vector>(axis_.input, [&](Index column, int lanes) {
                store_lanes(target + column, 1, lanes,
                            load_lanes<Vector>(target + column, 1, lanes) + load_lanes(row_.get() + column));
            });
        }
    }

private:
    WindowAxis axis_;
    Scratch<Real> numbers_;  // between zeros
    Scratch<Real> row_;      // their sums, column by column

    template <int Stride>
    void spread() {
        WindowsOfColumns<Stride> even(axis_, 0);
        WindowsOfColumns<Stride> odd(axis_, 1);
        const Real* numbers = numbers_.get() + numbers_before_windows<Vector>(axis_);
        Real* row = row_.get();
        for (Index column = 0; column < axis_.input; column += Stride * kLanes, numbers += kLanes) {
            Vector sum = even.template sum<Vector>(numbers);
            if constexpr (Stride == 1) {
                store_lanes(row + column, sum);
            } else {
                Vector of_odd = odd.template sum<Vector>(numbers);
                store_lanes(row + column, interleaved_lanes<Vector, 0>(sum, of_odd, AllLanes<Vector>()));
                store_lanes(row + column + kLanes, interleaved_lanes<Vector, 1>(sum, of_odd, AllLanes<Vector>()));
            }
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
