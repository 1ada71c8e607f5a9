// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ada_unpool.h"
#include "device_cells.cuh"
#include "ordered_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: x, beta, masks, plan.
template <class Storage>
POOLING_DEVICE UnpoolWeights<Storage> unpool_weights(const AdaUnpoolParameters& p, const GpuArrays& arrays,
                                                     const CellPlan& plan) {
    const CellLevel& level = plan.level(0);
    return {p,
            plan.ranges(level, 1, 0),
            plan.ranges(level, 2, 0),
            arrays.at<const Storage>(1),
            {arrays.at<const Storage>(2), arrays.at<const Storage>(3)}};
}

struct AdaUnpoolForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef AdaUnpoolParameters Parameters;
        static constexpr int kArrays = 6;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CellParameters& map = request.parameters.map;
            plan.wide = is_wide(map);
            plan.threads[0] = planes_of(map) * map.cells;
        }

        // At half the size neither the sum nor the result of finite elements overflows.
        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            CellPlan plan = {arrays.at<const Index>(4), 0};
            CellOfThread at = CellOfThread::of(thread, p.map, plan, 0);
            UnpoolWeights<Storage> weights = unpool_weights<Storage>(p, arrays, plan);
            CellRange rows = weights.heights[at.place.axes[1]];
            CellRange columns = weights.widths[at.place.axes[2]];
            const TensorStrides& s = p.map.x;
            const Storage* x = arrays.at<const Storage>(0) + at.batch * s.batch + at.channel * s.channel;
            Real half = 0;
            for (Index h = rows.begin; h < rows.end; h++) {
                for (Index w = columns.begin; w < columns.end; w++) {
                    Real weight = weights.of(at.batch, h, w, at.place.axes[1], at.place.axes[2]).value;
                    half += load(x + h * s.axes[1] + w * s.axes[2]) * (weight / 2);
                }
            }
            store(arrays.at<Storage>(5) + at.offset(plan.level(0).y), twice(half));
        }
    };
};

// Passes: a thread has a place of the map in some planes, computes their gradients and adds up its part of beta's
// gradient; these parts.
struct AdaUnpoolBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef AdaUnpoolBackwardParameters Parameters;
        static constexpr int kArrays = 8;
        static constexpr int kPasses = 2;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CellParameters& map = request.parameters.unpool.map;
            plan.threads[0] = positions_of(map.input) * parts(map);
            plan.threads[1] = positions_of(map.input);
            GpuScratch memory(nullptr);
            memory.take<double>(plan.threads[0]);
            plan.scratch = memory.used();
            plan.wide = is_wide(map);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            const CellParameters& map = p.unpool.map;
            double* sums = GpuScratch(scratch).take<double>(0);
            Index positions = positions_of(map.input);
            if constexpr (Pass == 0) {
                bool channels_last = has_channels_last(map.x);
                Index part = channels_last ? take_last(thread, parts(map)) : 0;
                Index position = take_last(thread, positions);
                part = channels_last ? part : thread;
                Index rest = position;
                Index width = take_last(rest, map.input[2]);
                sums[part * positions + position] = add_part(p, arrays, rest, width, part);
            } else {
                double sum = sum_of_parts(sums + thread, parts(map), positions);
                Index width = take_last(thread, map.input[2]);
                store(arrays.at<Storage>(7) + thread * p.beta_gradient[0] + width * p.beta_gradient[1],
                      static_cast<Real>(sum));
            }
        }

    private:
        // Planes part, part + parts, ... belong to a part.
        POOLING_FUNCTION static Index parts(const CellParameters& map) {
            constexpr Index kShare = 8;
            return parts_of_sum(planes_of(map), kShare);
        }

        POOLING_DEVICE static double add_part(const Parameters& p, const GpuArrays& arrays, Index height, Index width,
                                              Index part) {
            const CellParameters& map = p.unpool.map;
            CellPlan plan = {arrays.at<const Index>(4), 0};
            const CellLevel& level = plan.level(0);
            const TensorStrides& s = level.y.strides;
            UnpoolWeights<Storage> weights = unpool_weights<Storage>(p.unpool, arrays, plan);
            Range rows = cells_over(weights.heights, level.output[1], height);
            Range columns = cells_over(weights.widths, level.output[2], width);
            Index count = parts(map);
            double sum = 0;
            for (Index plane = part; plane < planes_of(map); plane += count) {
                Index batch = plane;
                Index channel = take_last(batch, map.channels);
                MapPlace at = {batch, channel, {0, height, width}};
                const Storage* gradient =
                    arrays.at<const Storage>(5) + level.y.first + batch * s.batch + channel * s.channel;
                Real of_element = 0;
                Real by_beta = 0;
                for (Index h = rows.begin; h < rows.end; h++) {
                    for (Index w = columns.begin; w < columns.end; w++) {
                        UnpoolWeight<Real> weight = weights.of(batch, height, width, h, w);
                        Real g = load(gradient + h * s.axes[1] + w * s.axes[2]);
                        of_element += g * weight.value;
                        by_beta += g * weight.by_beta;
                    }
                }
                store(arrays.at<Storage>(6) + at.offset(p.x_gradient), of_element);
                sum += static_cast<double>(load(arrays.at<const Storage>(0) + at.offset(map.x))) *
                       static_cast<double>(by_beta);
            }
            return sum;
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(ada_unpool, ada_unpool_forward, pooling::AdaUnpoolForward, 1)
POOLING_GPU_KERNEL(ada_unpool, ada_unpool_backward, pooling::AdaUnpoolBackward, 2)
