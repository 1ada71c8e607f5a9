// SPDX-License-Identifier: Apache-2.0
// Numbers that windows of columns (columns.h) give to all their elements.
#pragma once

#include <string.h>

#include "columns.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Of a row of windows.
template <class Real>
class NumbersOfWindows {
    typedef typename LanesOf<Real>::Vector Vector;

public:
    explicit NumbersOfWindows(const WindowAxis& axis) : axis_(axis), numbers_(numbers_of_windows<Vector>(axis)) {
        if (*this) {
            memset(numbers_.get(), 0, static_cast<size_t>(numbers_of_windows<Vector>(axis)) * sizeof(Real));
        }
    }

    explicit operator bool() const {
        return static_cast<bool>(numbers_);
    }

    POOLING_FUNCTION void set(Index window, int lanes, Vector numbers) {
        store_first_lanes(numbers_.get() + numbers_before_windows<Vector>(axis_) + window, lanes, numbers);
    }

    // sums: of the elements of a plane.
    template <int Stride>
    void add_to_rows(const InputRows& rows, Real* sums) const {
        const Real* numbers = numbers_.get() + numbers_before_windows<Vector>(axis_);
        spread_numbers<Stride>(axis_, numbers, [&](Index column, int lanes, Vector added) POOLING_INLINE_LAMBDA {
            for (Index row = 0; row < rows.count; row++) {
                Real* target = sums + rows.place + rows.places[row] + column;
                store_lanes(target, 1, lanes, load_lanes<Vector>(target, 1, lanes) + added);
            }
        });
    }

private:
    WindowAxis axis_;
    Scratch<Real> numbers_;  // between zeros
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
