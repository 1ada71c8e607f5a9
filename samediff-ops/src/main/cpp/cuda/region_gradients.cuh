// SPDX-License-Identifier: Apache-2.0
// Gradients of what shifts cells: offsets, masks, coordinates. A thread adds up some channels of a cell, later passes
// these parts, all in a fixed order: the same bits every time.
#pragma once

#include "region_pool.cuh"
#include "region_taps.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A sum of products with the accuracy of about twice the digits of Real: derivatives are differences of such sums.
template <class Real>
class ProductSum;

template <>
class ProductSum<double> {
public:
    POOLING_DEVICE void add(double a, double b) {
        sum_ += a * b;
    }

    POOLING_DEVICE double value() const {
        return sum_;
    }

private:
    double sum_ = 0;
};

// Devices for games have few units for double: the rounding errors are kept in a second float.
template <>
class ProductSum<float> {
public:
    POOLING_DEVICE void add(float a, float b) {
#if defined(__CUDA_ARCH__)
        float product = __fmul_rn(a, b);
        float sum = __fadd_rn(sum_, product);
        float of_sum = __fadd_rn(sum, -sum_);
        float lost = __fadd_rn(__fadd_rn(sum_, -__fadd_rn(sum, -of_sum)), __fadd_rn(product, -of_sum));
        rest_ += lost + __fmaf_rn(a, b, -product);
        sum_ = sum;
#else
        exact_ += static_cast<double>(a) * static_cast<double>(b);
#endif
    }

    POOLING_DEVICE double value() const {
#if defined(__CUDA_ARCH__)
        bool finite = sum_ - sum_ == 0;
        return static_cast<double>(sum_) + (finite ? static_cast<double>(rest_) : 0);
#else
        return exact_;
#endif
    }

private:
#if defined(__CUDA_ARCH__)
    float sum_ = 0;
    float rest_ = 0;
#else
    double exact_ = 0;
#endif
};

// A number that the compiler knows nothing of: what depends on it is worked out anew rather than kept in registers.
POOLING_DEVICE Index forgotten(Index number) {
#if defined(__CUDA_ARCH__)
    asm volatile("" : "+l"(number));
#endif
    return number;
}

// Sums over the channels of a cell: of gradient * d(cell) by x, by y, once for each of the taps' derivatives, and of
// where there is a mask, kHasMask, of gradient * cell. Operator: as for MeanCells, its taps with derivatives.
template <class Operator, class Storage>
class CellGradients {
    typedef typename Operator::Mathematics Mathematics;
    typedef typename Operator::Taps Taps;
    typedef typename StorageTraits<Storage>::Real Real;

public:
    static constexpr int kBlock = 32;  // channels of a thread
    static constexpr int kSums = 2 * Taps::kDerivatives + (Operator::kHasMask ? 1 : 0);

    POOLING_FUNCTION CellGradients(const RegionParameters& p, GpuScratch& memory)
        : cells_(cells_of(p) * p.classes),
          parts_(CellBlock::blocks_of_class(p, kBlock)),
          sums_(memory.take<double>(cells_ * parts_ * kSums)) {}

    POOLING_FUNCTION Index threads() const {
        return cells_ * parts_;
    }

    // One of threads(). Infinity times a sum is not the sum of infinite products: blocks whose gradients are not all
    // finite are left for another pass, kInfinite, which takes their channels one by one.
    template <bool kInfinite>
    POOLING_DEVICE void add_block(const RegionParameters& p, const GpuArrays& arrays, Index thread) const {
        CellBlock block = CellBlock::of(thread, p, arrays, kBlock);
        const Storage* gradient = arrays.at<const Storage>(kOutput) + block.at(p.output, 0);
        Index step = block.step * p.output.channel;
        bool infinite = false;
        for (int c = 0; c < block.count; c++) {
            Real of_channel = load(gradient + c * step);
            infinite |= !(of_channel - of_channel == 0);
        }
        if (infinite != kInfinite) {
            return;
        }
        double* result = sums_ + (block.number(p) * parts_ + block.part) * kSums;
        Index x_step = block.step * p.groups() * p.input.channel;
        if constexpr (kInfinite) {
            for (int i = 0; i < kSums; i++) {
                result[i] = 0;
            }
            int count = block.count;
            for (int c = 0; c < count; c++) {
                CellBlock channel = CellBlock::of(forgotten(thread), p, arrays, kBlock);
                channel.first += c * channel.step;
                double sums[kSums] = {};
                add_elements(p, arrays, channel, sums,
                             [&](const Storage* element) { return static_cast<double>(load(element)); });
                double of_channel =
                    static_cast<double>(load(arrays.at<const Storage>(kOutput) + channel.at(p.output, 0)));
                for (int i = 0; i < kSums; i++) {
                    result[i] += of_channel * sums[i];
                }
            }
        } else {
            double sums[kSums] = {};
            add_elements(p, arrays, block, sums, [&](const Storage* element) {
                ProductSum<Real> products;
                for (int c = 0; c < block.count; c++) {
                    products.add(load(gradient + c * step), load(element + c * x_step));
                }
                return products.value();
            });
            for (int i = 0; i < kSums; i++) {
                result[i] = sums[i];
            }
        }
    }

    // One of the sums over all channels of a cell (and a class of offsets).
    POOLING_DEVICE double sum(Index cell, int i) const {
        double result = 0;
        for (Index part = 0; part < parts_; part++) {
            result += sums_[(cell * parts_ + part) * kSums + i];
        }
        return result;
    }

private:
    Index cells_;
    Index parts_;
    double* sums_;

    // value(element of the block's first channel)
    template <class Value>
    POOLING_DEVICE static void add_elements(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block,
                                            double (&sums)[kSums], const Value& value) {
        Mathematics mathematics(p, arrays.addresses);
        mathematics.select(arrays.at<const RegionBox>(kBoxes)[block.box], block.offset_class);
        const Storage* x = arrays.at<const Storage>(kInput) + block.image * p.input.batch +
                           block.input_channel(p, 0) * p.input.channel;
        Taps rows = Operator::rows(mathematics, block.row, block.column);
        const Taps all_columns = Operator::columns(mathematics, block.row, block.column);
        while (rows.next()) {
            Taps columns = all_columns;
            while (columns.next()) {
                double of_element = value(x + rows.element * p.input.row + columns.element * p.input.column);
                for (int d = 0; d < Taps::kDerivatives; d++) {
                    sums[2 * d] += part(rows.weight * columns.derivative(d), of_element);
                    sums[2 * d + 1] += part(rows.derivative(d) * columns.weight, of_element);
                }
                if constexpr (Operator::kHasMask) {
                    sums[kSums - 1] += part(rows.weight * columns.weight, of_element);
                }
            }
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
