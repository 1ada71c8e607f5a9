// SPDX-License-Identifier: Apache-2.0
// Pooling over cells that are products of ranges of the map, one range an axis (adaptive, pyramid and fractional
// pooling). Java makes the ranges (AxisRanges.java, CellOp.java) and passes them in an array of 64-bit words, the plan:
// one CellLevel a level, then the ranges.
#pragma once

#include "../core/real.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct CellParameters {
    Index batch;
    Index channels;
    Index input[kAxes];
    Index levels;
    Index plane_words;  // from the ranges of one plane to those of the next; 0 where all planes have the same
    Index cells;        // of a plane, in all levels
    Index cell_rows;    // rows of them
    TensorStrides x;    // of the input, or of its gradient
};

// Begins and ends ascend, so that the cells over an element are neighbours.
struct CellRange {
    Index begin;
    Index end;
    Index divisor;  // this axis' factor of what the sum of a cell is divided by
};

// Where the result of one level stands: strides of cells, and the place of its first one.
struct CellArray {
    TensorStrides strides;
    Index first;
};

struct CellLevel {
    Index output[kAxes];
    Index ranges[kAxes];  // word of the plan where the axis' ranges begin
    CellArray y;
    CellArray index;
};

// The plan of a kernel: levels, and ranges along an axis of one plane.
struct CellPlan {
    const Index* words;
    Index plane_words;

    POOLING_FUNCTION const CellLevel& level(Index number) const {
        return reinterpret_cast<const CellLevel*>(words)[number];
    }

    POOLING_FUNCTION const CellRange* ranges(const CellLevel& level, int axis, Index plane) const {
        return reinterpret_cast<const CellRange*>(words + level.ranges[axis] + plane * plane_words);
    }
};

// Cells that contain a position of an axis.
POOLING_FUNCTION Range cells_over(const CellRange* ranges, Index count, Index position) {
    Index begin = 0;
    for (Index rest = count; rest > 0;) {  // the first cell that ends behind the position
        Index half = rest / 2;
        bool skip = ranges[begin + half].end <= position;
        begin = skip ? begin + half + 1 : begin;
        rest = skip ? rest - half - 1 : half;
    }
    Index end = begin;
    while (end < count && ranges[end].begin <= position) {
        end++;
    }
    return {begin, end};
}

// The ranges of one row of cells.
struct CellRow {
    CellRange depth;
    CellRange height;
    const CellRange* widths;

    POOLING_FUNCTION CellRow(const CellPlan& plan, const CellLevel& level, Index plane, Index depth_of_row,
                             Index height_of_row)
        : depth(plan.ranges(level, 0, plane)[depth_of_row]),
          height(plan.ranges(level, 1, plane)[height_of_row]),
          widths(plan.ranges(level, 2, plane)) {}

    POOLING_FUNCTION Index rows() const {
        return (depth.end - depth.begin) * (height.end - height.begin);
    }

    POOLING_FUNCTION Index divisor(Index output) const {
        return depth.divisor * height.divisor * widths[output].divisor;
    }

    // function(offset of a row of the cells' elements, its number)
    template <class Function>
    POOLING_FUNCTION void for_each_row(const TensorStrides& s, const Function& function) const {
        Index number = 0;
        for (Index d = depth.begin; d < depth.end; d++) {
            for (Index h = height.begin; h < height.end; h++) {
                function(d * s.axes[0] + h * s.axes[1], number++);
            }
        }
    }

    // The same with the place of a row: its distance from the first one, in elements of a map of that size.
    template <class Function>
    POOLING_FUNCTION void for_each_place(const TensorStrides& s, const Index* size, const Function& function) const {
        for (Index d = depth.begin; d < depth.end; d++) {
            for (Index h = height.begin; h < height.end; h++) {
                function(d * s.axes[0] + h * s.axes[1], ((d - depth.begin) * size[1] + h - height.begin) * size[2]);
            }
        }
    }

    // Position, inside its map, of column 0 of a row of the cells.
    POOLING_FUNCTION Index position(Index number, const Index* size) const {
        Index heights = height.end - height.begin;
        Index of_depth = quotient(number, heights);
        return ((depth.begin + of_depth) * size[1] + height.begin + number - of_depth * heights) * size[2];
    }
};

template <class Real>
POOLING_FUNCTION auto is_finite(Real value) -> decltype(value == value) {
    return value - value == broadcast<Real>(0);
}

// 2 * half, which a rounding error must not make infinite.
template <class Real>
POOLING_FUNCTION Real twice(Real half) {
    constexpr typename RealTraits<Real>::Element kLargest = FloatFormat<typename RealTraits<Real>::Element>::kLargest;
    Real result = half + half;
    result = is_finite(half) & (result > kLargest) ? broadcast<Real>(kLargest) : result;
    return is_finite(half) & (result < -kLargest) ? broadcast<Real>(-kLargest) : result;
}

// Mean of a cell whose sum overflows, which the mean need not. element(offset) reads an element, or those of several
// planes.
template <class Real, class Element>
POOLING_FUNCTION Real halved_mean(const CellRow& cells, Index output, const TensorStrides& s, const Element& element) {
    typedef typename RealTraits<Real>::Element Number;
    Number scale = Number(0.5) / static_cast<Number>(cells.divisor(output));
    Real half = broadcast<Real>(0);
    cells.for_each_row(s, [&](Index offset, Index) {
        for (Index w = cells.widths[output].begin; w < cells.widths[output].end; w++) {
            half += element(offset + w * s.axes[2]) * scale;
        }
    });
    return twice(half);
}

// The largest element so far and where it stands: the first one of equals. A NaN beats everything, the first one stays.
template <class Real>
struct Largest {
    Real value;
    typename RealTraits<Real>::Bits place;

    POOLING_FUNCTION void take(Real other, typename RealTraits<Real>::Bits other_place) {
        auto replaces = ((other <= value) == 0) & (value == value);
        value = replaces ? other : value;
        place = replaces ? other_place : place;
    }

    // The same where elements do not come in the order of their places; whether it replaced the element.
    POOLING_FUNCTION auto take_unordered(Real other, typename RealTraits<Real>::Bits other_place) {
        auto same = (other == value) | ((other != other) & (value != value));
        auto larger = ((other <= value) == 0) & (value == value);
        auto replaces = larger | (same & (other_place < place));
        value = replaces ? other : value;
        place = replaces ? other_place : place;
        return replaces;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
