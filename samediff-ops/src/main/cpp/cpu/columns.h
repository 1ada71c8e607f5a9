// SPDX-License-Identifier: Apache-2.0
// Windows of two or three columns, one or two columns apart, over rows whose elements lie side by side. The rows of the
// windows are brought together first, a vector of columns at a time, then the columns, which shuffles bring to the
// windows' lanes: each row is read once. Columns outside the map count for nothing, so that borders need no care.
#pragma once

#include <new>
#include <type_traits>

#include "../kernels/cells.h"
#include "../kernels/window_parameters.h"
#include "cells.h"
#include "lane_shuffles.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Rows that the windows of a row of outputs have inside the map.
struct InputRows {
    static constexpr Index kMost = 9;

    Index depth;  // of the outputs
    Index height;
    Index count;
    Index place;  // in the map, of the first row
    Index offsets[kMost];
    Index places[kMost];  // from the first row on

    InputRows(const WindowGeometry& g, const TensorStrides& s, Index output_depth, Index output_height)
        : depth(output_depth), height(output_height), count(0), place(0) {
        Range depths = valid_taps(g.axes[0], depth);
        Range heights = valid_taps(g.axes[1], height);
        for (Index d = depths.begin; d < depths.end; d++) {
            Index input_depth = window_start(g.axes[0], depth) + d * g.axes[0].dilation;
            for (Index h = heights.begin; h < heights.end; h++) {
                Index input_height = window_start(g.axes[1], height) + h * g.axes[1].dilation;
                Index input_place = (input_depth * g.axes[1].input + input_height) * g.axes[2].input;
                place = count == 0 ? input_place : place;
                offsets[count] = input_depth * s.axes[0] + input_height * s.axes[1];
                places[count++] = input_place - place;
            }
        }
    }
};

// The same for all rows of outputs of a plane.
class PlaneInputRows {
public:
    PlaneInputRows(const WindowGeometry& g, const TensorStrides& s)
        : count_(g.axes[0].output * g.axes[1].output), rows_(count_) {
        for (Index i = 0; rows_ && i < count_; i++) {
            new (rows_.get() + i) InputRows(g, s, i / g.axes[1].output, i % g.axes[1].output);
        }
    }

    explicit operator bool() const {
        return static_cast<bool>(rows_);
    }

    Index count() const {
        return count_;
    }

    const InputRows& row(Index number) const {
        return rows_.get()[number];
    }

private:
    Index count_;
    Scratch<InputRows> rows_;
};

struct MapWidth {
    Index width;

    // Whether the columns of a vector are inside the map: 0 none, 1 some, 2 all.
    template <int Lanes>
    POOLING_FUNCTION int inside(Index column) const {
        return column >= 0 && column + Lanes <= width ? 2 : column < width && column + Lanes > 0 ? 1 : 0;
    }

    // Which of them.
    template <int Lanes>
    POOLING_FUNCTION Range lanes_inside(Index column) const {
        return {maximum(-column, 0), minimum(width - column, Lanes)};
    }
};

// Elements of the rows, from a column on.
template <class Storage>
struct ColumnsOfRows : MapWidth {
    const Storage* map;
    const InputRows& rows;

    POOLING_FUNCTION ColumnsOfRows(const Storage* map_of_rows, const InputRows& rows_of_windows, Index width_of_map)
        : MapWidth{width_of_map}, map(map_of_rows), rows(rows_of_windows) {}

    POOLING_FUNCTION const Storage* at(Index row, Index column) const {
        return map + rows.offsets[row] + column;
    }

    // Of a window. It does not overflow where the sum does.
    typename StorageTraits<Storage>::Real sum_of_shares(const WindowAxis& axis, Index window,
                                                        typename StorageTraits<Storage>::Real share) const {
        Range taps = valid_taps(axis, window);
        typename StorageTraits<Storage>::Real sum = 0;
        for (Index row = 0; row < rows.count; row++) {
            for (Index tap = taps.begin; tap < taps.end; tap++) {
                sum += load(at(row, window_start(axis, window) + tap)) * share;
            }
        }
        return sum;
    }

    // Means of windows from their sums.
    template <class Vector>
    POOLING_FUNCTION Vector means(const WindowAxis& axis, Index window, int lanes, Vector sums,
                                  const typename StorageTraits<Storage>::Real* shares) const {
        Vector means = sums * load_lanes(shares + window);
        if (any_lane(means - means != typename StorageTraits<Storage>::Real(0))) {
            for (int lane = 0; lane < lanes; lane++) {
                if (!is_finite(means[lane])) {
                    means[lane] = sum_of_shares(axis, window + lane, shares[window + lane]);
                }
            }
        }
        return means;
    }
};

// All windows have a column inside the map at least; places in it have 32 bits.
inline bool are_windows_of_columns(const WindowGeometry& g) {
    const WindowAxis& axis = g.axes[2];
    constexpr Index kMostPlace = 1LL << 30;
    return (axis.kernel == 2 || axis.kernel == 3) && (axis.stride == 1 || axis.stride == 2) && axis.dilation == 1 &&
           axis.padding < axis.kernel && axis.input < kMostPlace && window_start(axis, axis.output - 1) < axis.input &&
           g.axes[0].kernel * g.axes[1].kernel <= InputRows::kMost;
}

// Calls function(stride, taps) with the columns of such windows as constants of the compiler.
template <class Function>
KernelStatus with_stride_and_taps(const WindowAxis& axis, const Function& function) {
    std::integral_constant<int, 1> one;
    std::integral_constant<int, 2> two;
    std::integral_constant<int, 3> three;
    if (axis.stride == 1) {
        return axis.kernel == 2 ? function(one, two) : function(one, three);
    }
    return axis.kernel == 2 ? function(two, two) : function(two, three);
}

struct Sum {
    template <class Real>
    POOLING_FUNCTION static Real of_none() {
        return broadcast<Real>(0);
    }

    template <class Real>
    POOLING_FUNCTION static Real join(Real a, Real b) {
        return a + b;
    }
};

// NaN where one is NaN.
struct LargestValue {
    template <class Real>
    POOLING_FUNCTION static Real of_none() {
        return broadcast<Real>(-2 * FloatFormat<typename RealTraits<Real>::Element>::kLargest);
    }

    template <class Real>
    POOLING_FUNCTION static Real join(Real a, Real b) {
        return (b > a) | (b != b) ? b : a;
    }
};

// One number of each column, whatever the order of its elements.
template <class Storage, class Fold>
struct FoldedColumns {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();

    Vector value;

    POOLING_FUNCTION static FoldedColumns all(const ColumnsOfRows<Storage>& columns, Index column) {
        Vector value = load_lanes(columns.at(0, column));
        for (Index row = 1; row < columns.rows.count; row++) {
            value = Fold::join(value, load_lanes(columns.at(row, column)));
        }
        return {value};
    }

    POOLING_FUNCTION static FoldedColumns none() {
        return {Fold::template of_none<Vector>()};
    }

    POOLING_FUNCTION static FoldedColumns some(const ColumnsOfRows<Storage>& columns, Index column) {
        Range inside = columns.template lanes_inside<kLanes>(column);
        auto is_inside = lanes_between<Vector>(inside.begin, inside.end);
        Vector value = none().value;
        for (Index row = 0; row < columns.rows.count; row++) {
            Vector v = load_middle_lanes<Vector>(columns.at(row, column), static_cast<int>(inside.begin),
                                                 static_cast<int>(inside.end));
            value = Fold::join(value, is_inside ? v : none().value);
        }
        return {value};
    }

    template <int Stride, int Tap>
    POOLING_FUNCTION static FoldedColumns tap(const FoldedColumns* columns) {
        Vector values[Stride + 1];
        unrolled<Stride + 1>([&](int i) { values[i] = columns[i].value; });
        return {tap_of_columns<Stride, Tap>(values)};
    }

    POOLING_FUNCTION void take(const FoldedColumns& other) {
        value = Fold::join(value, other.value);
    }
};

// Places are counted from the first column of the first row.
template <class Storage>
struct LargestOfColumns {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    typedef typename RealTraits<Vector>::Bits Places;
    typedef typename RealTraits<typename StorageTraits<Storage>::Real>::Bits Place;
    static constexpr int kLanes = lane_count<Vector>();

    Largest<Vector> largest;

    POOLING_FUNCTION static LargestOfColumns all(const ColumnsOfRows<Storage>& columns, Index column) {
        Places places = lane_numbers<Vector>() + static_cast<Place>(column);
        Largest<Vector> largest = {load_lanes(columns.at(0, column)), places};
        for (Index row = 1; row < columns.rows.count; row++) {
            largest.take(load_lanes(columns.at(row, column)), places + static_cast<Place>(columns.rows.places[row]));
        }
        return {largest};
    }

    // Columns outside the map: behind all others, and smaller.
    POOLING_FUNCTION static LargestOfColumns none() {
        return {{broadcast<Vector>(-2 * FloatFormat<typename StorageTraits<Storage>::Real>::kLargest), Places{} - 1}};
    }

    POOLING_FUNCTION static LargestOfColumns some(const ColumnsOfRows<Storage>& columns, Index column) {
        Range inside = columns.template lanes_inside<kLanes>(column);
        Largest<Vector> outside = none().largest;
        auto is_inside = lanes_between<Vector>(inside.begin, inside.end);
        Places places = lane_numbers<Vector>() + static_cast<Place>(column);
        Largest<Vector> largest = outside;
        for (Index row = 0; row < columns.rows.count; row++) {
            Vector v = load_middle_lanes<Vector>(columns.at(row, column), static_cast<int>(inside.begin),
                                                 static_cast<int>(inside.end));
            v = is_inside ? v : outside.value;
            Places at = is_inside ? places + static_cast<Place>(columns.rows.places[row]) : outside.place;
            if (row == 0) {
                largest = {v, at};
            } else {
                largest.take(v, at);
            }
        }
        return {largest};
    }

    template <int Stride, int Tap>
    POOLING_FUNCTION static LargestOfColumns tap(const LargestOfColumns* columns) {
        Vector values[Stride + 1];
        Vector places[Stride + 1];  // as bits
        unrolled<Stride + 1>([&](int i) {
            values[i] = columns[i].largest.value;
            places[i] = bit_cast<Vector>(columns[i].largest.place);
        });
        return {{tap_of_columns<Stride, Tap>(values), bit_cast<Places>(tap_of_columns<Stride, Tap>(places))}};
    }

    POOLING_FUNCTION void take(const LargestOfColumns& other) {
        largest.take_unordered(other.largest.value, other.largest.place);
    }
};

// Elements of two kinds of columns.
template <class First, class Second>
struct PairedElements : MapWidth {
    First first;
    Second second;
};

template <class Elements>
POOLING_FUNCTION const Elements& first_of(const Elements& of_both) {
    return of_both;
}

template <class Elements>
POOLING_FUNCTION const Elements& second_of(const Elements& of_both) {
    return of_both;
}

template <class First, class Second>
POOLING_FUNCTION const First& first_of(const PairedElements<First, Second>& elements) {
    return elements.first;
}

template <class First, class Second>
POOLING_FUNCTION const Second& second_of(const PairedElements<First, Second>& elements) {
    return elements.second;
}

// Columns of two kinds at once, of elements of their own or of the same.
template <class First, class Second>
struct PairedColumns {
    static_assert(First::kLanes == Second::kLanes, "as many of each");
    static constexpr int kLanes = First::kLanes;

    First first;
    Second second;

    template <class Elements>
    POOLING_FUNCTION static PairedColumns all(const Elements& elements, Index column) {
        return {First::all(first_of(elements), column), Second::all(second_of(elements), column)};
    }

    POOLING_FUNCTION static PairedColumns none() {
        return {First::none(), Second::none()};
    }

    template <class Elements>
    POOLING_FUNCTION static PairedColumns some(const Elements& elements, Index column) {
        return {First::some(first_of(elements), column), Second::some(second_of(elements), column)};
    }

    template <int Stride, int Tap>
    POOLING_FUNCTION static PairedColumns tap(const PairedColumns* columns) {
        First first_columns[Stride + 1];
        Second second_columns[Stride + 1];
        unrolled<Stride + 1>([&](int i) {
            first_columns[i] = columns[i].first;
            second_columns[i] = columns[i].second;
        });
        return {First::template tap<Stride, Tap>(first_columns), Second::template tap<Stride, Tap>(second_columns)};
    }

    POOLING_FUNCTION void take(const PairedColumns& other) {
        first.take(other.first);
        second.take(other.second);
    }
};

// function(first window, number of windows, their columns) for vectors of the windows of a row. Columns are made of the
// elements, which say which of them are inside the map.
template <class Columns, int Stride, int Taps, class Elements, class Function>
POOLING_FUNCTION void for_each_window_of_columns(const WindowAxis& axis, const Elements& elements,
                                                 const Function& function) {
    constexpr int kLanes = Columns::kLanes;
    constexpr int kVectors = Taps > Stride ? Stride + 1 : Stride;
    auto load = [&](Index column) POOLING_INLINE_LAMBDA {
        int inside = elements.template inside<kLanes>(column);
        return inside == 2   ? Columns::all(elements, column)
               : inside == 1 ? Columns::some(elements, column)
                             : Columns::none();
    };
    Columns columns[Stride + 1] = {};
    columns[0] = load(-axis.padding);
    for (Index window = 0; window < axis.output; window += kLanes) {
        Index first = window * Stride - axis.padding;
        if (kVectors == Stride && window > 0) {  // neighbouring windows share no column
            columns[0] = load(first);
        }
        unrolled<kVectors - 1>([&](int i) POOLING_INLINE_LAMBDA { columns[i + 1] = load(first + (i + 1) * kLanes); });
        Columns of_windows = Columns::template tap<Stride, 0>(columns);
        of_windows.take(Columns::template tap<Stride, 1>(columns));
        if constexpr (Taps == 3) {
            of_windows.take(Columns::template tap<Stride, 2>(columns));
        }
        function(window, static_cast<int>(minimum(kLanes, axis.output - window)), of_windows);
        columns[0] = columns[kVectors - 1];
    }
}

// Numbers of the windows of a row, between zeros for the windows that there are not: how many before, and in all.
template <class Vector>
POOLING_FUNCTION Index numbers_before_windows(const WindowAxis& axis) {
    return padded<Vector>((axis.kernel - 1) * axis.dilation / axis.stride + 1);
}

template <class Vector>
POOLING_FUNCTION Index numbers_of_windows(const WindowAxis& axis) {
    Index last = maximum(axis.output, (axis.input + axis.padding) / axis.stride);
    return numbers_before_windows<Vector>(axis) + padded<Vector>(last) + 2 * lane_count<Vector>();
}

// The windows that the first column lies in, and those that are a multiple of the stride behind it: their last one, and
// how many.
template <int Stride>
struct WindowsOfColumns {
    Index last;
    Index count;

    WindowsOfColumns(const WindowAxis& axis, Index column)
        : last((column + axis.padding) / Stride),
          count((axis.kernel - (column + axis.padding) % Stride + Stride - 1) / Stride) {}

    // Of a vector of columns, the sum of their windows' numbers.
    template <class Vector, class Real>
    POOLING_FUNCTION Vector sum(const Real* numbers) const {
        Vector sum = broadcast<Vector>(0);
        for (Index i = 0; i < count; i++) {
            sum += load_lanes(numbers + last - i);
        }
        return sum;
    }
};

// store(first column, number of columns, sums of their windows' numbers) for vectors of the columns of a row.
template <int Stride, class Real, class Store>
POOLING_FUNCTION void spread_numbers(const WindowAxis& axis, const Real* numbers, const Store& store) {
    typedef typename LanesOf<Real>::Vector Vector;
    constexpr int kLanes = lane_count<Vector>();
    WindowsOfColumns<Stride> even(axis, 0);
    WindowsOfColumns<Stride> odd(axis, 1);
    for (Index column = 0; column < axis.input; column += Stride * kLanes, numbers += kLanes) {
        Index columns = axis.input - column;
        int lanes = static_cast<int>(minimum(kLanes, columns));
        Vector sum = even.template sum<Vector>(numbers);
        if constexpr (Stride == 1) {
            store(column, lanes, sum);
        } else {
            Vector of_odd = odd.template sum<Vector>(numbers);
            store(column, lanes, interleaved_lanes<Vector, 0>(sum, of_odd, AllLanes<Vector>()));
            if (columns > kLanes) {
                store(column + kLanes, static_cast<int>(minimum(kLanes, columns - kLanes)),
                      interleaved_lanes<Vector, 1>(sum, of_odd, AllLanes<Vector>()));
            }
        }
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
