// SPDX-License-Identifier: Apache-2.0
// A thread has one result: neighbouring threads read neighbouring bytes.
#include "../kernels/quantized_pool.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Element>
POOLING_DEVICE int largest_code(const PoolCell& cell, const TensorStrides& s, const Element& element) {
    int largest = 0;
    cell.for_each(s, [&](Index offset) {
        int code = element(offset);
        largest = code > largest ? code : largest;
    });
    return largest;
}

struct QuantizedMaximumCell {
    template <class Element>
    POOLING_DEVICE static float steps(const PoolCell& cell, const QuantizedPoolParameters& p, const PoolGrids& grids,
                                      const Element& element) {
        return static_cast<float>(largest_code(cell, p.x, element) - static_cast<int>(grids.zero));
    }
};

struct QuantizedAverageCell {
    template <class Element>
    POOLING_DEVICE static float steps(const PoolCell& cell, const QuantizedPoolParameters& p, const PoolGrids& grids,
                                      const Element& element) {
        int sum = 0;
        int zero = static_cast<int>(grids.zero);
        cell.for_each(p.x, [&](Index offset) { sum += element(offset) - zero; });
        return static_cast<float>(sum) * share_of(p, cell.count(), cell.padded_count());
    }
};

struct QuantizedSoftCell {
    template <class Element>
    POOLING_DEVICE static float steps(const PoolCell& cell, const QuantizedPoolParameters& p, const PoolGrids& grids,
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

template <class Cell>
struct QuantizedPool {
    template <class Byte>
    struct Of {
        typedef QuantizedPoolParameters Parameters;
        static constexpr int kArrays = 3;
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
            PoolCell cell;
            for (int a = 0; a < kAxes; a++) {
                cell.axes[a] = AxisCell::of(p.geometry.axes[a], at.axes[a]);
            }
            PoolRounding rounding = PoolRounding::of(grids);
            float steps = 0;
            if (cell.count() > 0) {
                steps = Cell::steps(cell, p, grids, [&](Index offset) { return code_of(x[offset]); });
            }
            float code = rounded_code(steps, rounding.multiplier, rounding.output_zero);
            arrays.at<Byte>(2)[at.offset(p.y)] = byte_of<Byte>(static_cast<int>(code));
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_maximum, pooling::QuantizedPool<pooling::QuantizedMaximumCell>)
POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_average, pooling::QuantizedPool<pooling::QuantizedAverageCell>)
POOLING_GPU_BYTE_KERNEL(quantized_pool, quantized_soft, pooling::QuantizedPool<pooling::QuantizedSoftCell>)
