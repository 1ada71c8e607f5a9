// SPDX-License-Identifier: Apache-2.0
// Kernels of deformable region operators: the cells, and the gradients of offsets and mask.
#pragma once

#include "region_cells.cuh"
#include "region_gradients.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Region: see kernels/deformable_region.h.
template <class Region, class Rule, bool kCountsSamples, bool kSlopes>
struct DeformableOperator {
    typedef Region Mathematics;
    typedef SampledTaps<Rule, kSlopes> Taps;
    static constexpr bool kCounts = kCountsSamples;
    static constexpr bool kHasMask = true;

    POOLING_FUNCTION static Index samples(const RegionParameters& p) {
        return p.options.words[0];
    }

    POOLING_DEVICE static Taps rows(const Region& region, Index i, Index j) {
        return Taps(region.cell_y(i, j));
    }

    POOLING_DEVICE static Taps columns(const Region& region, Index i, Index j) {
        return Taps(region.cell_x(i, j));
    }

    POOLING_DEVICE static int samples_inside(const Region& region, bool of_rows, Index i, Index j) {
        return static_cast<int>(Rule::divisor(of_rows ? region.cell_y(i, j) : region.cell_x(i, j)));
    }
};

// Operator<Storage>: a DeformableOperator with slopes. Passes: parts of the cells' sums, two; offsets and masks.
template <template <class> class Operator>
struct OffsetGradients {
    template <class Storage>
    struct Of {
        typedef RegionParameters Parameters;
        typedef typename StorageTraits<Storage>::Real Real;
        typedef typename Operator<Storage>::Mathematics Region;
        typedef CellGradients<Operator<Storage>, Storage> Sums;
        static constexpr int kArrays = 8;
        static constexpr int kPasses = 3;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            GpuScratch memory(nullptr);
            Sums sums(p, memory);
            Index offsets = request.addresses[kGradient] != 0 ? offsets_of(p) : 0;
            plan.scratch = memory.used();
            plan.wide = is_wide(p, offsets_of(p));
            plan.threads[0] = plan.threads[1] = sums.threads();
            plan.threads[2] = offsets + (request.addresses[kMaskGradient] != 0 ? cells_of(p) : 0);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Sums sums(p, memory);
            if constexpr (Pass < 2) {
                sums.template add_block<Pass == 1>(p, arrays, thread);
            } else {
                Index offsets = arrays.addresses[kGradient] != nullptr ? offsets_of(p) : 0;
                if (thread < offsets) {
                    store_offset(p, arrays, sums, thread);
                } else {
                    store_mask(p, arrays, sums, thread - offsets);
                }
            }
        }

    private:
        POOLING_FUNCTION static Index offset_rows(const Parameters& p) {
            return p.options.words[2];
        }

        POOLING_FUNCTION static Index offset_columns(const Parameters& p) {
            return p.options.words[3];
        }

        POOLING_FUNCTION static Index offsets_of(const Parameters& p) {
            return p.boxes * 2 * p.classes * offset_rows(p) * offset_columns(p);
        }

        POOLING_DEVICE static Index region_of(const GpuArrays& arrays, Index box) {
            return static_cast<Index>(arrays.at<const RegionBox>(kBoxes)[box].output);
        }

        // Cells along an axis that share an offset.
        POOLING_DEVICE static Range sharing(Index offset, Index offsets, Index cells) {
            return {ceil_of_parts(offset * cells, offsets), ceil_of_parts((offset + 1) * cells, offsets)};
        }

        POOLING_DEVICE static void store_offset(const Parameters& p, const GpuArrays& arrays, const Sums& sums,
                                                Index rest) {
            Index column = take_last(rest, offset_columns(p));
            Index row = take_last(rest, offset_rows(p));
            Index channel = take_last(rest, 2 * p.classes);
            Range rows = sharing(row, offset_rows(p), p.rows);
            Range columns = sharing(column, offset_columns(p), p.columns);
            Index offset_class = channel / 2;
            bool by_x = channel % 2 == 0;
            Region region(p, arrays.addresses);
            region.select(arrays.at<const RegionBox>(kBoxes)[rest], offset_class);
            double sum = 0;
            for (Index i = rows.begin; i < rows.end; i++) {
                for (Index j = columns.begin; j < columns.end; j++) {
                    Index cell = ((rest * p.classes + offset_class) * p.rows + i) * p.columns + j;
                    sum += sums.sum(cell, by_x ? 0 : 1) * (by_x ? region.reach_x() : region.reach_y()) *
                           region.factor(i, j);
                }
            }
            store(arrays.at<Storage>(kGradient) + p.gradient.at(region_of(arrays, rest), channel, row, column),
                  static_cast<Real>(sum));
        }

        POOLING_DEVICE static void store_mask(const Parameters& p, const GpuArrays& arrays, const Sums& sums,
                                              Index rest) {
            Index j = take_last(rest, p.columns);
            Index i = take_last(rest, p.rows);
            Region region(p, arrays.addresses);
            double sum = 0;
            for (Index k = 0; k < p.classes; k++) {
                region.select(arrays.at<const RegionBox>(kBoxes)[rest], k);
                sum += sums.sum(((rest * p.classes + k) * p.rows + i) * p.columns + j, 2) * region.known(i, j);
            }
            store(arrays.at<Storage>(kMaskGradient) + p.mask_gradient.at(region_of(arrays, rest), 0, i, j),
                  static_cast<Real>(sum));
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

// Region##Cells<Storage>, Region##Slopes<Storage>: the operator's MeanCells, and its DeformableOperator with slopes.
#define POOLING_GPU_DEFORMABLE_KERNELS(stem, Region)               \
    POOLING_GPU_REGION_KERNELS(stem, stem, pooling::Region##Cells) \
    POOLING_GPU_KERNEL(stem, stem##_offsets, pooling::OffsetGradients<pooling::Region##Slopes>, 3)
