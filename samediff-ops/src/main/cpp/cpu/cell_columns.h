// SPDX-License-Identifier: Apache-2.0
// The columns of a row of cells, for vectors whose lanes are neighbouring cells.
#pragma once

#include "cells.h"
#include "growing_array.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Real>
class CellColumns {
public:
    typedef typename LanesOf<Real>::Vector Vector;
    typedef typename RealTraits<Real>::Bits Place;
    typedef typename RealTraits<Vector>::Bits Places;

    // How cells read the numbers of their columns: two columns side by side, in vectors of cells, or one cell after the
    // other in vectors of its columns.
    enum Way { kPairs, kLanes, kAlone };

    // False: out of memory. columns: of the map; column_stride: of the array.
    bool set(const CellRange* widths, Index count, Index columns, Index column_stride) {
        constexpr Index n = lane_count<Vector>();
        Index size = padded<Vector>(count);
        Index behind_last = size + n - 1;  // a cell alone is divided as the first of a vector
        if (!begins_.reserve(size) || !lasts_.reserve(size) || !divisors_.reserve(behind_last)) {
            return false;
        }
        bool pairs = column_stride == 1;
        widest_ = 0;
        for (Index o = 0; o < size; o++) {
            Range range = o < count ? Range{widths[o].begin, widths[o].end} : Range{0, 1};
            begins_[o] = static_cast<Place>(range.begin);
            lasts_[o] = static_cast<Place>(range.size() - 1);
            divisors_[o] = o < count ? static_cast<Real>(widths[o].divisor) : Real(1);
            if (o < count) {
                widest_ = maximum(widest_, range.size());
                pairs = pairs && range.size() == 2 && range.begin == widths[0].begin + 2 * o;
            }
        }
        for (Index o = size; o < behind_last; o++) {
            divisors_[o] = 1;
        }
        first_ = count > 0 ? widths[0].begin : 0;
        // Cells alone pay for putting lanes together at the end, vectors of cells for lanes that stand far apart.
        bool in_lanes = size / n * widest_ <= 4 * count && columns < kMostColumns;
        way_ = pairs ? kPairs : in_lanes ? kLanes : kAlone;
        return true;
    }

    Way way() const {
        return way_;
    }

    // First column of all cells.
    Index first() const {
        return first_;
    }

    // Column number `tap` of the cells from number o on; the last one of those that are not so wide.
    POOLING_FUNCTION Places column(Index o, Index tap) const {
        Places last = load_unaligned<Places>(&lasts_[o]);
        Places taps = Places{} + static_cast<Place>(tap);
        return load_unaligned<Places>(&begins_[o]) + (taps < last ? taps : last);
    }

    // Which of the cells have a column of that number.
    POOLING_FUNCTION auto has(Index o, Index tap) const {
        return (Places{} + static_cast<Place>(tap)) <= load_unaligned<Places>(&lasts_[o]);
    }

    Index widest() const {
        return widest_;
    }

    POOLING_FUNCTION Vector divisors(Index o) const {
        return load_lanes(&divisors_[o]);
    }

private:
    static constexpr Index kMostColumns = 1LL << 31;  // vectors of indices have signs

    GrowingArray<Place> begins_;
    GrowingArray<Place> lasts_;
    GrowingArray<Real> divisors_;
    Index widest_ = 0;
    Index first_ = 0;
    Way way_ = kAlone;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
