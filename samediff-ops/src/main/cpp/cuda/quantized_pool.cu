// SPDX-License-Identifier: Apache-2.0
// A thread has one result: neighbouring threads read neighbouring bytes.
#include "../kernels/quantized_pool.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Pool, class Byte, bool Masked>
struct QuantizedPoolKernel {
    typedef QuantizedPoolParameters Parameters;
    static constexpr int kArrays = Masked ? 4 : 3;
    static constexpr int kPasses = 1;

    static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
        const WindowGeometry& g = request.parameters.geometry;
        plan.threads[0] = g.batch * g.channels * g.axes[0].output * g.axes[1].output * g.axes[2].output;
        plan.wide = is_wide(plan.threads[0]);
        for (const WindowAxis& axis : g.axes) {
            plan.wide = plan.wide != 0 || is_wide((axis.output + 1) * axis.input + axis.output) ||
                        is_wide(axis.output * axis.stride + axis.kernel * axis.dilation + axis.padding);
        }
    }

    template <int Pass>
    POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
        MapPlace at = MapPlace::of(thread, p.geometry, &WindowAxis::output, has_channels_last(p.x));
        const Byte* x = arrays.at<const Byte>(0) + at.batch * p.x.batch + at.channel * p.x.channel;
        const PoolGrids& grids = arrays.at<const PoolGrids>(1)[at.channel * p.channel_step];
        Byte* y = arrays.at<Byte>(kArrays - 1) + at.offset(p.y);
        if constexpr (Masked) {
            MaskedCell<Byte> cell(p, at.axes[2], arrays.at<const Byte>(2) + at.batch * p.mask_batch);
            *y = pooled_byte<Pool>(cell, p, grids, x);
        } else {
            PoolCell cell;
            for (int a = 0; a < kAxes; a++) {
                cell.axes[a] = AxisCell::of(p.geometry.axes[a], at.axes[a]);
            }
            *y = pooled_byte<Pool>(cell, p, grids, x);
        }
    }
};

template <class Pool>
struct QuantizedPool {
    template <class Byte>
    using Of = QuantizedPoolKernel<Pool, Byte, false>;
};

template <class Pool>
struct QuantizedSequencePool {
    template <class Byte>
    using Of = QuantizedPoolKernel<Pool, Byte, true>;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_maximum, pooling::QuantizedPool<pooling::QuantizedMaximumCell>)
POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_average, pooling::QuantizedPool<pooling::QuantizedAverageCell>)
POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_soft, pooling::QuantizedPool<pooling::QuantizedSoftCell>)
POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_maximum_masked,
                        pooling::QuantizedSequencePool<pooling::QuantizedMaximumCell>)
POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_average_masked,
                        pooling::QuantizedSequencePool<pooling::QuantizedAverageCell>)
POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_soft_masked,
                        pooling::QuantizedSequencePool<pooling::QuantizedSoftCell>)
