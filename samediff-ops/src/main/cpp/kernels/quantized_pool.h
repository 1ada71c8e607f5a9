// SPDX-License-Identifier: Apache-2.0
// Pooling of bytes over windows, or over the cells of adaptive pooling. Sums are of codes and exact; the result is
// made a byte once, at the end.
#pragma once

#include "../core/bytes.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Grids of a channel. An array of them, one for each channel or one for all, is the second array of the kernels.
struct PoolGrids {
    double scale;       // of the input
    double zero;        // of the input, as a code
    double multiplier;  // scale of the input divided by that of the output
    double output_zero;
};

// Java fills it in (QuantizationArguments.java). Arrays: x, grids, y; of masked sequences x, grids, mask, y. An axis
// with kernel 0 is cut into adaptive cells.
struct QuantizedPoolParameters {
    WindowGeometry geometry;
    Index channel_step;  // from the grids of a channel to those of the next: 1, or 0 where all share them
    Index same_grids;    // whether every channel has the same grid before and after
    Index divisor_rule;  // average: 0 elements inside the map, 1 also those in the padding, 2 the divisor
    Index divisor;       // bits of a double
    TensorStrides x;
    TensorStrides y;
    Index mask_batch;  // strides of the mask
    Index mask_step;
};

// Elements of a cell along one axis.
struct AxisCell {
    Index begin;
    Index count;
    Index step;
    Index padded_count;

    POOLING_FUNCTION static AxisCell of(const WindowAxis& axis, Index output) {
        if (axis.kernel == 0) {
            Index begin = quotient(output * axis.input, axis.output);
            Index end = quotient((output + 1) * axis.input + axis.output - 1, axis.output);
            return {begin, end - begin, 1, end - begin};
        }
        Range taps = valid_taps(axis, output);
        Index start = window_start(axis, output);
        Index padded = minimum(axis.kernel, ceil_divide(axis.input + axis.trailing_padding - start, axis.dilation));
        return {start + taps.begin * axis.dilation, taps.size(), axis.dilation, maximum(0, padded)};
    }
};

// Elements of a cell.
struct PoolCell {
    AxisCell axes[kAxes];

    POOLING_FUNCTION Index count() const {
        return axes[0].count * axes[1].count * axes[2].count;
    }

    POOLING_FUNCTION Index padded_count() const {
        return axes[0].padded_count * axes[1].padded_count * axes[2].padded_count;
    }

    // function(offset of a row of elements)
    template <class Function>
    POOLING_FUNCTION void for_each_row(const TensorStrides& s, const Function& function) const {
        for (Index d = 0; d < axes[0].count; d++) {
            for (Index h = 0; h < axes[1].count; h++) {
                function((axes[0].begin + d * axes[0].step) * s.axes[0] +
                         (axes[1].begin + h * axes[1].step) * s.axes[1]);
            }
        }
    }

    // function(offset of an element)
    template <class Function>
    POOLING_FUNCTION void for_each(const TensorStrides& s, const Function& function) const {
        for_each_row(s, [&](Index row) {
            for (Index w = 0; w < axes[2].count; w++) {
                function(row + (axes[2].begin + w * axes[2].step) * s.axes[2]);
            }
        });
    }
};

// Elements of a cell of a sequence: those of its steps that the example's mask leaves.
template <class Byte>
struct MaskedCell {
    AxisCell steps;
    const Byte* mask;
    Index mask_step;
    Index kept;

    POOLING_FUNCTION MaskedCell(const QuantizedPoolParameters& p, Index output, const Byte* mask_of_example)
        : steps(AxisCell::of(p.geometry.axes[2], output)), mask(mask_of_example), mask_step(p.mask_step), kept(0) {
        for_each_step([&](Index) { kept++; });
    }

    template <class Function>
    POOLING_FUNCTION void for_each_step(const Function& function) const {
        for (Index w = 0; w < steps.count; w++) {
            Index step = steps.begin + w * steps.step;
            if (mask[step * mask_step].bits != 0) {
                function(step);
            }
        }
    }

    POOLING_FUNCTION bool is_whole() const {
        return kept == steps.count;
    }

    POOLING_FUNCTION Index count() const {
        return kept;
    }

    POOLING_FUNCTION Index padded_count() const {
        return steps.padded_count;
    }

    // function(offset of an element)
    template <class Function>
    POOLING_FUNCTION void for_each(const TensorStrides& s, const Function& function) const {
        for_each_step([&](Index step) { function(step * s.axes[2]); });
    }
};

// What turns the result of a cell into a code.
struct PoolRounding {
    float zero;        // code of the input's 0
    float multiplier;  // steps of the output for a step of the input
    float output_zero;

    POOLING_FUNCTION static PoolRounding of(const PoolGrids& grids) {
        return {static_cast<float>(grids.zero), static_cast<float>(grids.multiplier),
                static_cast<float>(grids.output_zero)};
    }
};

// steps: from the input's zero point.
template <class Real>
POOLING_FUNCTION Real rounded_code(Real steps, Real multiplier, Real output_zero) {
    return nearest_integer(limited_to(steps * multiplier, -output_zero, broadcast<Real>(255) - output_zero)) +
           output_zero;
}

// What an average multiplies its sum with, besides the grids' own factor.
POOLING_FUNCTION float share_of(const QuantizedPoolParameters& p, Index count, Index padded_count) {
    constexpr float kLarge = 1e15f;  // any sum but 0 leaves the grid
    return p.divisor_rule == 2 ? limited_to(static_cast<float>(1 / bit_cast<double>(p.divisor)), -kLarge, kLarge)
                               : 1.0f / static_cast<float>(maximum(1, p.divisor_rule == 1 ? padded_count : count));
}

// exp(scale * (code - largest)), for soft pooling, with an error of less than 3e-6: results are rounded to 256 steps.
template <class Real>
POOLING_FUNCTION Real weight_of(Real code, Real largest, Real scale) {
    typedef typename RealTraits<Real>::Element Element;
    typedef typename RealTraits<Real>::Bits Bits;
    constexpr Element kRounder = Element(1.5) * Element(UInt64(1) << 23);
    Real power = (code - largest) * (scale * Element(1.44269504f));
    power = power < Element(-126) ? broadcast<Real>(-126) : power;
    Real shifted = power + kRounder;  // the nearest integer stands in its low bits
    Real rest = (power - (shifted - kRounder)) * Element(0.69314718f);
    Real series = rest * Element(1.0f / 120) + Element(1.0f / 24);
    series = series * rest + Element(1.0f / 6);
    series = series * rest + Element(0.5);
    series = series * rest + Element(1);
    series = series * rest + Element(1);
    Bits exponent = (bit_cast<Bits>(shifted) + FloatFormat<float>::kExponentBias) << 23;
    return series * bit_cast<Real>(exponent);
}

template <class Cell, class Element>
POOLING_FUNCTION int largest_code(const Cell& cell, const TensorStrides& s, const Element& element) {
    int largest = 0;
    cell.for_each(s, [&](Index offset) {
        int code = element(offset);
        largest = code > largest ? code : largest;
    });
    return largest;
}

// The poolings for one cell, which is not empty: steps from the input's zero point. element(offset) gives a code.
struct QuantizedMaximumCell {
    template <class Cell, class Element>
    POOLING_FUNCTION static float steps(const Cell& cell, const QuantizedPoolParameters& p, const PoolGrids& grids,
                                        const Element& element) {
        return static_cast<float>(largest_code(cell, p.x, element) - static_cast<int>(grids.zero));
    }
};

struct QuantizedAverageCell {
    template <class Cell, class Element>
    POOLING_FUNCTION static float steps(const Cell& cell, const QuantizedPoolParameters& p, const PoolGrids& grids,
                                        const Element& element) {
        int sum = 0;
        int zero = static_cast<int>(grids.zero);
        cell.for_each(p.x, [&](Index offset) { sum += element(offset) - zero; });
        return static_cast<float>(sum) * share_of(p, cell.count(), cell.padded_count());
    }
};

struct QuantizedSoftCell {
    template <class Cell, class Element>
    POOLING_FUNCTION static float steps(const Cell& cell, const QuantizedPoolParameters& p, const PoolGrids& grids,
                                        const Element& element) {
        float most = static_cast<float>(largest_code(cell, p.x, element));
        float scale = static_cast<float>(grids.scale);
        float sum = 0;
        float weights = 0;
        cell.for_each(p.x, [&](Index offset) {
            float code = static_cast<float>(element(offset));
            float weight = weight_of(code, most, scale);
            sum += weight * code;
            weights += weight;
        });
        return sum / weights - static_cast<float>(grids.zero);
    }
};

// The result of a cell as a byte.
template <class Pool, class Byte, class Cell>
POOLING_FUNCTION Byte pooled_byte(const Cell& cell, const QuantizedPoolParameters& p, const PoolGrids& grids,
                                  const Byte* x) {
    PoolRounding rounding = PoolRounding::of(grids);
    float steps = 0;
    if (cell.count() > 0) {
        steps = Pool::steps(cell, p, grids, [&](Index offset) { return code_of(x[offset]); });
    }
    return byte_of<Byte>(static_cast<int>(rounded_code(steps, rounding.multiplier, rounding.output_zero)));
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
