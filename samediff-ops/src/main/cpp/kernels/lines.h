// SPDX-License-Identifier: Apache-2.0
// Means and maxima along lines of the map: horizontal, vertical, diagonal or antidiagonal, of a given length (oriented
// pooling) or from border to border (strip and diagonal pooling). Elements outside the map are left out; every line has
// at least one inside.
#pragma once

#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr int kLineAxes = 2;    // rows, columns
constexpr int kMostLevels = 2;  // line pooling of two directions at once

// Where the results of a level stand.
struct LineArray {
    Index batch;
    Index channel;
    Index axes[kLineAxes];
    Index first;

    POOLING_FUNCTION Index offset(Index b, Index c, const Index* at) const {
        return first + b * batch + c * channel + at[0] * axes[0] + at[1] * axes[1];
    }
};

// The lines of one direction. Line o has the elements origin + o * stride + t * step for t in taps.
struct LineLevel {
    Index output[kLineAxes];
    Index origin[kLineAxes];
    Index stride[kLineAxes];
    Index step[kLineAxes];  // -1, 0 or 1
    Range taps;
    LineArray y;
    LineArray index;

    POOLING_FUNCTION Index start(int axis, Index o) const {
        return origin[axis] + o * stride[axis];
    }

    // Taps of a line that lie inside the map along an axis.
    POOLING_FUNCTION Range cut(Range range, int axis, Index size, Index o) const {
        Index begin = start(axis, o);
        if (step[axis] > 0) {
            return {maximum(range.begin, -begin), minimum(range.end, size - begin)};
        }
        if (step[axis] < 0) {
            return {maximum(range.begin, begin - size + 1), minimum(range.end, begin + 1)};
        }
        return range;
    }

    POOLING_FUNCTION Range inside(const Index* size, const Index* o) const {
        return cut(cut(taps, 0, size[0], o[0]), 1, size[1], o[1]);
    }

    // function(line) for the lines that contain a place.
    template <class Function>
    POOLING_FUNCTION void for_each_line_over(const Index* place, const Function& function) const {
        Range over = taps;
        for (int a = 0; a < kLineAxes; a++) {
            Index offset = place[a] - origin[a];
            Index last = (output[a] - 1) * stride[a];
            if (step[a] > 0) {
                over = {maximum(over.begin, offset - last), minimum(over.end, offset + 1)};
            } else if (step[a] < 0) {
                over = {maximum(over.begin, -offset), minimum(over.end, last - offset + 1)};
            } else if (offset < 0 || offset > last || remainder(offset, stride[a]) != 0) {
                return;
            }
        }
        for (Index t = over.begin; t < over.end; t++) {
            Index rows = place[0] - origin[0] - t * step[0];
            Index columns = place[1] - origin[1] - t * step[1];
            Index line[kLineAxes] = {quotient(rows, stride[0]), quotient(columns, stride[1])};
            if (line[0] * stride[0] == rows && line[1] * stride[1] == columns) {
                function(line);
            }
        }
    }
};

// Java fills it in (LineOp.java).
struct LineParameters {
    Index batch;
    Index channels;
    Index input[kLineAxes];
    Index levels;
    TensorStrides x;  // of the input, or of its gradient
    LineLevel level[kMostLevels];

    POOLING_FUNCTION Index offset(Index row, Index column) const {
        return row * x.axes[1] + column * x.axes[2];
    }

    POOLING_FUNCTION Index tap_offset(const LineLevel& lines, const Index* o, Index t) const {
        return offset(lines.start(0, o[0]) + t * lines.step[0], lines.start(1, o[1]) + t * lines.step[1]);
    }

    // Number of a tap's element in its plane, row by row.
    POOLING_FUNCTION Index tap_position(const LineLevel& lines, const Index* o, Index t) const {
        return (lines.start(0, o[0]) + t * lines.step[0]) * input[1] + lines.start(1, o[1]) + t * lines.step[1];
    }
};

// Mean of a line whose sum overflows, which the mean need not. element(offset) reads an element.
template <class Real, class Element>
POOLING_FUNCTION Real halved_line_mean(const LineParameters& p, const LineLevel& lines, const Index* o, Range taps,
                                       const Element& element) {
    typedef typename RealTraits<Real>::Element Number;
    Number scale = Number(0.5) / static_cast<Number>(taps.size());
    Real half = broadcast<Real>(0);
    for (Index t = taps.begin; t < taps.end; t++) {
        half += element(p.tap_offset(lines, o, t)) * scale;
    }
    return twice(half);
}

// The sum of a line while its elements come in; then the mean.
template <class Real>
struct LineMean {
    static constexpr int kResults = 1;

    Real sum;

    POOLING_FUNCTION static LineMean first(Real value, Index) {
        return {value};
    }

    POOLING_FUNCTION void take(Real value, Index) {
        sum += value;
    }
};

// The largest element of a line, and its tap, counted from the level's first one.
template <class Real>
struct LineMaximum {
    typedef typename RealTraits<Real>::Bits Bits;
    typedef typename RealTraits<typename RealTraits<Real>::Element>::Bits Place;
    static constexpr int kResults = 2;

    Largest<Real> largest;

    POOLING_FUNCTION static LineMaximum first(Real value, Index place) {
        return {{value, Bits{} + static_cast<Place>(place)}};
    }

    POOLING_FUNCTION void take(Real value, Index place) {
        largest.take(value, Bits{} + static_cast<Place>(place));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
