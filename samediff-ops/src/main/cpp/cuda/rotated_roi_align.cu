// SPDX-License-Identifier: Apache-2.0
#include "../kernels/rotated_roi_align.h"
#include "region_pool.cuh"

namespace pooling {
namespace {

// Samples of a cell are worked out once, in double, and listed for all channels, where they are not too many.
template <class Storage>
class RotatedCells {
    typedef typename StorageTraits<Storage>::Real Real;

public:
    static constexpr int kBlock = 4;

    POOLING_FUNCTION RotatedCells(const RegionParameters& p, GpuScratch& memory)
        : cells_(cells_of(p)), counts_(memory.take<int>(cells_)), samples_(memory.take<Sample>(cells_ * room(p))) {}

    POOLING_FUNCTION Index builders() const {
        return cells_;
    }

    POOLING_DEVICE void build(const RegionParameters& p, const GpuArrays& arrays, Index thread) const {
        Index rest = thread;
        Index j = take_last(rest, p.columns);
        Index i = take_last(rest, p.rows);
        RotatedRoiAlign align(p, arrays.addresses);
        align.select(arrays.at<const RegionBox>(kBoxes)[rest], 0);
        if (static_cast<double>(align.y.count) * static_cast<double>(align.x.count) > static_cast<double>(room(p))) {
            counts_[thread] = kTooMany;
            return;
        }
        Sample* list = samples_ + thread * room(p);
        int count = 0;
        align.samples(i, j, [&](const AxisSample& y, const AxisSample& x, double weight) {
            list[count++] = Sample::of(y, x, weight);
        });
        counts_[thread] = count;
    }

    POOLING_FUNCTION static bool has_rest(const RegionParameters& p) {
        Index samples = p.options.words[0];
        return samples == 0 || samples * samples > room(p);
    }

    template <bool kRest, class Block>
    POOLING_DEVICE void forward(const RegionParameters& p, const GpuArrays& arrays, const Block& block) const {
        if (kRest != (counts_[block.number(p)] == kTooMany)) {
            return;
        }
        const Storage* map = arrays.at<const Storage>(kInput) + block.image * p.input.batch;
        Index channels[kBlock];
        Real halves[kBlock];
        for (int c = 0; c < kBlock; c++) {
            channels[c] = block.input_channel(p, c) * p.input.channel;
            halves[c] = 0;
        }
        for_each<kRest>(p, arrays, block, [&](const Sample& sample) {
            sample.for_each_corner([&](Index row, Index column, Real weight) {
                const Storage* element = map + row * p.input.row + column * p.input.column;
                Real elements[kBlock];
                block.load_channels(element, channels, elements);
                for (int c = 0; c < kBlock; c++) {
                    halves[c] += elements[c] * (weight / 2);
                }
            });
        });
        Real results[kBlock];
        unrolled<kBlock>([&](int c) { results[c] = twice_within_range(halves[c]); });
        block.store_channels(arrays.at<Storage>(kOutput), p.output, results);
    }

    template <bool kRest, class Add>
    POOLING_DEVICE void backward(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block,
                                 const Add& add) const {
        if (kRest != (counts_[block.number(p)] == kTooMany)) {
            return;
        }
        Real gradients[kBlock];
        for (int c = 0; c < kBlock; c++) {
            gradients[c] = c < block.count ? load(arrays.at<const Storage>(kOutput) + block.at(p.output, c)) : Real(0);
        }
        for_each<kRest>(p, arrays, block, [&](const Sample& sample) {
            sample.for_each_corner([&](Index row, Index column, Real weight) {
                for (int c = 0; c < kBlock; c++) {
                    add(c, row, column, gradients[c] * weight);
                }
            });
        });
    }

private:
    static constexpr int kTooMany = -1;

    // Rows row, row + 1 and columns column, column + 1, with their weights.
    struct Sample {
        int row;
        int column;
        Real top;
        Real bottom;
        Real left;
        Real right;

        POOLING_DEVICE static Sample of(const AxisSample& y, const AxisSample& x, double weight) {
            return {static_cast<int>(y.low),
                    static_cast<int>(x.low),
                    static_cast<Real>(y.low_weight * weight),
                    static_cast<Real>(y.high_weight * weight),
                    static_cast<Real>(x.low_weight),
                    static_cast<Real>(x.high_weight)};
        }

        // What has weight 0 does not matter, and may lie outside.
        template <class Visit>
        POOLING_DEVICE void for_each_corner(const Visit& visit) const {
            auto corner = [&](int down, int along, Real row_weight, Real column_weight) {
                if (row_weight != 0 && column_weight != 0) {
                    visit(row + down, column + along, row_weight * column_weight);
                }
            };
            corner(0, 0, top, left);
            corner(0, 1, top, right);
            corner(1, 0, bottom, left);
            corner(1, 1, bottom, right);
        }
    };

    Index cells_;
    int* counts_;
    Sample* samples_;

    // Samples of a list.
    POOLING_FUNCTION static Index room(const RegionParameters& p) {
        constexpr Index kRoom = 16;
        Index samples = p.options.words[0];
        return samples > 0 && samples * samples < kRoom ? samples * samples : kRoom;
    }

    template <bool kRest, class Visit>
    POOLING_DEVICE void for_each(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block,
                                 const Visit& visit) const {
        if constexpr (kRest) {
            RotatedRoiAlign align(p, arrays.addresses);
            align.select(arrays.at<const RegionBox>(kBoxes)[block.box], 0);
            align.samples(block.row, block.column, [&](const AxisSample& y, const AxisSample& x, double weight) {
                visit(Sample::of(y, x, weight));
            });
        } else {
            Index number = block.number(p);
            const Sample* list = samples_ + number * room(p);
            int count = counts_[number];
            for (int i = 0; i < count; i++) {
                visit(list[i]);
            }
        }
    }
};

}  // namespace
}  // namespace pooling

POOLING_GPU_REGION_KERNELS(rotated_roi_align, rotated_roi_align, pooling::RotatedCells)
