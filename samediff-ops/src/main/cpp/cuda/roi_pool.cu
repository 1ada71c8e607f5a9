// SPDX-License-Identifier: Apache-2.0
#include "../kernels/roi_pool.h"
#include "region_pool.cuh"

namespace pooling {
namespace {

// Elements of the cells along both axes are worked out once.
template <class Storage>
class RoiPoolCells {
    typedef typename StorageTraits<Storage>::Real Real;

public:
    static constexpr int kBlock = 1;

    POOLING_FUNCTION RoiPoolCells(const RegionParameters& p, GpuScratch& memory)
        : rows_(p.boxes * p.rows), columns_(p.boxes * p.columns), ranges_(memory.take<Elements>(rows_ + columns_)) {}

    POOLING_FUNCTION Index builders() const {
        return rows_ + columns_;
    }

    POOLING_DEVICE void build(const RegionParameters& p, const GpuArrays& arrays, Index thread) const {
        bool of_rows = thread < rows_;
        Index rest = of_rows ? thread : thread - rows_;
        Index cell = take_last(rest, of_rows ? p.rows : p.columns);
        ElementRegion region = RoiPool::region(p, arrays.at<const RegionBox>(kBoxes)[rest]);
        Range range = of_rows ? region.y.cell(cell) : region.x.cell(cell);
        ranges_[thread] = {static_cast<int>(range.begin), static_cast<int>(range.end)};
    }

    POOLING_FUNCTION static bool has_rest(const RegionParameters&) {
        return false;
    }

    template <bool kRest, class Block>
    POOLING_DEVICE void forward(const RegionParameters& p, const GpuArrays& arrays, const Block& block) const {
        if constexpr (!kRest) {
            Elements rows = ranges_[block.box * p.rows + block.row];
            Elements columns = ranges_[rows_ + block.box * p.columns + block.column];
            const Storage* map = arrays.at<const Storage>(kInput) + block.image * p.input.batch +
                                 block.input_channel(p, 0) * p.input.channel;
            RoiPool::Maximum<Real> maximum = {0, -1};
            for (int i = rows.begin; i < rows.end; i++) {
                for (int j = columns.begin; j < columns.end; j++) {
                    RoiPool::take(maximum, load(map + i * p.input.row + j * p.input.column), i * p.width + j);
                }
            }
            store(arrays.at<Storage>(kOutput) + block.at(p.output, 0), maximum.value);
            arrays.at<Index>(kExtra)[block.at(p.extra, 0)] = maximum.index;
        }
    }

private:
    struct Elements {
        int begin;
        int end;
    };

    Index rows_;
    Index columns_;
    Elements* ranges_;
};

// The index says where the gradient goes.
template <class Storage>
struct RoiPoolChoices : PlainCells {
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr int kBlock = 1;

    POOLING_FUNCTION RoiPoolChoices(const RegionParameters&, GpuScratch&) {}

    template <bool kRest, class Add>
    POOLING_DEVICE static void backward(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block,
                                        const Add& add) {
        Index index = arrays.at<const Index>(kExtra)[block.at(p.extra, 0)];
        if (!kRest && index >= 0 && index < p.height * p.width) {
            Index column = take_last(index, p.width);
            add(0, index, column, load(arrays.at<const Storage>(kOutput) + block.at(p.output, 0)));
        }
    }
};

}  // namespace
}  // namespace pooling

POOLING_GPU_REGION_FORWARD(roi_pool, roi_pool, pooling::RoiPoolCells)
POOLING_GPU_REGION_BACKWARD(roi_pool, roi_pool, pooling::RoiPoolChoices)
