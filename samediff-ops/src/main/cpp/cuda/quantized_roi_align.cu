// SPDX-License-Identifier: Apache-2.0
// A thread has one cell of one channel.
#include "../kernels/quantized_roi_align.h"
#include "region_pool.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <bool Largest>
struct QuantizedRoiAlign {
    template <class Byte>
    struct Of {
        typedef RegionParameters Parameters;
        static constexpr int kArrays = 6;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            plan.threads[0] = size_of_regions(request.parameters);
            plan.wide = is_wide(plan.threads[0]) || is_wide(size_of_maps(request.parameters));
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            CellBlock block = CellBlock::of(thread, p, arrays, 1);
            RoiAlign align(p, arrays.addresses);
            align.select(arrays.at<const RegionBox>(kBoxes)[block.box], 0);
            PoolRounding rounding = rounding_of(p, arrays.addresses[kGrids], block.first);
            const Byte* x = arrays.at<const Byte>(kInput) + block.image * p.input.batch +
                            block.input_channel(p, 0) * p.input.channel;
            auto element = [&](Index row, Index column) {
                return load(x + row * p.input.row + column * p.input.column);
            };
            float steps = 0;
            if constexpr (Largest) {
                steps = largest_sample(align.region.y.cell(block.row, 0), align.region.x.cell(block.column, 0),
                                       rounding.zero, element);
            } else {
                align.rows(block.row, 0, [&](Index row, double row_weight) {
                    float of_row = 0;
                    align.columns(0, block.column, [&](Index column, double weight) {
                        of_row += (element(row, column) - rounding.zero) * static_cast<float>(weight);
                    });
                    steps += of_row * static_cast<float>(row_weight);
                });
            }
            float code = rounded_code(steps, rounding.multiplier, rounding.output_zero);
            arrays.at<Byte>(kOutput)[block.at(p.output, 0)] = byte_of<Byte>(static_cast<int>(code));
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_BYTE_KERNEL(quantized_roi_align, quantized_roi_align_forward, pooling::QuantizedRoiAlign<false>)
POOLING_GPU_BYTE_KERNEL(quantized_roi_align, quantized_roi_align_max_forward, pooling::QuantizedRoiAlign<true>)
