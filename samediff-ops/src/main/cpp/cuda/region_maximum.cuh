// SPDX-License-Identifier: Apache-2.0
// Cells of RoIAlign with the maximum of the samples; see cpu/region_maximum.h for which one counts.
#pragma once

#include "../kernels/roi_align.h"
#include "region_pool.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class MaximumCells : public PlainCells {
    typedef typename StorageTraits<Storage>::Real Real;

public:
    static constexpr int kBlock = 2;

    POOLING_FUNCTION MaximumCells(const RegionParameters&, GpuScratch&) {}

    template <bool kRest, class Block>
    POOLING_DEVICE static void forward(const RegionParameters& p, const GpuArrays& arrays, const Block& block) {
        if constexpr (!kRest) {
            Maxima maxima(p, arrays, block);
            block.store_channels(arrays.at<Storage>(kOutput), p.output, maxima.values);
        }
    }

    template <bool kRest, class Add>
    POOLING_DEVICE static void backward(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block,
                                        const Add& add) {
        if constexpr (!kRest) {
            Maxima maxima(p, arrays, block);
            for (int c = 0; c < kBlock; c++) {
                if (c < block.count && maxima.rows[c] >= 0) {
                    Real gradient = load(arrays.at<const Storage>(kOutput) + block.at(p.output, c));
                    for_each_corner<Real>(
                        sample_of(maxima.y, maxima.rows[c]), sample_of(maxima.x, maxima.columns[c]),
                        [&](Index row, Index column, Real weight) { add(c, row, column, gradient * weight); });
                }
            }
        }
    }

private:
    POOLING_DEVICE static AxisSample sample_of(const CellAxis& cell, Index rank) {
        return sample_at(cell.position_of(rank), cell.size);
    }

    // Of the channels of a block.
    struct Maxima {
        CellAxis y;
        CellAxis x;
        Real values[kBlock];
        int rows[kBlock];  // ranks of the samples; -1: none, or a sample outside the map
        int columns[kBlock];

        template <class Block>
        POOLING_DEVICE Maxima(const RegionParameters& p, const GpuArrays& arrays, const Block& block)
            : values{}, any_(false) {
            RoiAlign align(p, arrays.addresses);
            align.select(arrays.at<const RegionBox>(kBoxes)[block.box], 0);
            y = align.region.y.cell(block.row, 0);
            x = align.region.x.cell(block.column, 0);
            const Storage* map = arrays.at<const Storage>(kInput) + block.image * p.input.batch;
            Index channels[kBlock];
            for (int c = 0; c < kBlock; c++) {
                rows[c] = columns[c] = -1;
                channels[c] = block.input_channel(p, c) * p.input.channel;
            }
            Range on_rows = on_map(y);
            Range on_columns = on_map(x);
            if (on_rows.size() == 0 || on_columns.size() == 0) {
                return;
            }
            take_outside(on_rows.begin > 0 || on_columns.begin > 0);
            for (Index i = on_rows.begin; i < on_rows.end; i++) {
                AxisSample row_sample = sample_of(y, i);
                for (Index j = on_columns.begin; j < on_columns.end; j++) {
                    Real halves[kBlock] = {};
                    for_each_corner<Real>(row_sample, sample_of(x, j), [&](Index row, Index column, Real weight) {
                        const Storage* element = map + row * p.input.row + column * p.input.column;
                        Real elements[kBlock];
                        block.load_channels(element, channels, elements);
                        for (int c = 0; c < kBlock; c++) {
                            halves[c] += elements[c] * (weight / 2);
                        }
                    });
                    for (int c = 0; c < kBlock; c++) {
                        take(c, twice_within_range(halves[c]), static_cast<int>(i), static_cast<int>(j));
                    }
                    any_ = true;
                }
                take_outside(on_columns.end < x.count);
            }
            take_outside(on_rows.end < y.count);
        }

    private:
        bool any_;

        // Ranks of the samples on the map, which follow each other.
        POOLING_DEVICE static Range on_map(const CellAxis& cell) {
            Range ranks = {0, 0};
            cell.for_each<AlignRule>([&](Index rank, const AxisSample&) {
                ranks.begin = ranks.end == 0 ? rank : ranks.begin;
                ranks.end = rank + 1;
            });
            return ranks;
        }

        POOLING_DEVICE void take(int c, Real value, int row, int column) {
            if (!any_ || is_beyond(value, values[c])) {
                values[c] = value;
                rows[c] = row;
                columns[c] = column;
            }
        }

        POOLING_DEVICE void take_outside(bool there) {
            if (there) {
                for (int c = 0; c < kBlock; c++) {
                    take(c, Real(0), -1, -1);
                }
                any_ = true;
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
