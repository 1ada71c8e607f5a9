// SPDX-License-Identifier: Apache-2.0
// A thread has one element.
#include "../kernels/quantization.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Run gets the place of the thread's element and the grid of its channel.
template <int Arrays, class Run>
struct QuantizationKernel {
    template <class Storage>
    struct Of {
        typedef QuantizationParameters Parameters;
        static constexpr int kArrays = Arrays;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const QuantizationParameters& p = request.parameters;
            plan.threads[0] = p.batch * p.channels * positions_of(p.size);
            plan.wide = is_wide(plan.threads[0]);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            MapPlace at = MapPlace::of(
                thread, p.channels, [&](int a) { return p.size[a]; }, has_channels_last(p.x));
            const GridRecord& grid = arrays.at<const GridRecord>(1)[at.channel * p.channel_step];
            Run::template run<Storage>(p, arrays, at, grid);
        }
    };
};

struct QuantizeElement {
    template <class Storage>
    POOLING_DEVICE static void run(const QuantizationParameters& p, const GpuArrays& arrays, const MapPlace& at,
                                   const GridRecord& grid) {
        typedef typename StorageTraits<Storage>::Real Real;
        Real code = Grid<Real>::of(grid).code(load(arrays.at<const Storage>(0) + at.offset(p.x)));
        if (p.type == 1) {
            arrays.at<SignedByte>(2)[at.offset(p.y)] = byte_of<SignedByte>(static_cast<int>(code));
        } else {
            arrays.at<UnsignedByte>(2)[at.offset(p.y)] = byte_of<UnsignedByte>(static_cast<int>(code));
        }
    }
};

struct DequantizeElement {
    template <class Byte>
    POOLING_DEVICE static void run(const QuantizationParameters& p, const GpuArrays& arrays, const MapPlace& at,
                                   const GridRecord& grid) {
        int code = code_of(arrays.at<const Byte>(0)[at.offset(p.x)]);
        Index place = at.offset(p.y);
        float value = Grid<float>::of(grid).value(static_cast<float>(code));
        if (p.type == 0) {
            store(arrays.at<float>(2) + place, value);
        } else if (p.type == 1) {
            store(arrays.at<double>(2) + place, Grid<double>::of(grid).value(static_cast<double>(code)));
        } else if (p.type == 2) {
            store(arrays.at<Half>(2) + place, value);
        } else {
            store(arrays.at<BFloat16>(2) + place, value);
        }
    }
};

struct FakeQuantizeElement {
    template <class Storage>
    POOLING_DEVICE static void run(const QuantizationParameters& p, const GpuArrays& arrays, const MapPlace& at,
                                   const GridRecord& grid) {
        typedef typename StorageTraits<Storage>::Real Real;
        Real x = load(arrays.at<const Storage>(0) + at.offset(p.x));
        store(arrays.at<Storage>(2) + at.offset(p.y), Grid<Real>::of(grid).nearest(x));
    }
};

struct FakeQuantizeGradient {
    template <class Storage>
    POOLING_DEVICE static void run(const QuantizationParameters& p, const GpuArrays& arrays, const MapPlace& at,
                                   const GridRecord& grid) {
        typedef typename StorageTraits<Storage>::Real Real;
        Real x = load(arrays.at<const Storage>(0) + at.offset(p.x));
        Real gradient = load(arrays.at<const Storage>(2) + at.offset(p.y));
        store(arrays.at<Storage>(3) + at.offset(p.x_gradient), Grid<Real>::of(grid).gradient(x, gradient));
    }
};

typedef QuantizationKernel<3, QuantizeElement> QuantizeKernel;
typedef QuantizationKernel<3, DequantizeElement> DequantizeKernel;
typedef QuantizationKernel<3, FakeQuantizeElement> FakeQuantizeKernel;
typedef QuantizationKernel<4, FakeQuantizeGradient> FakeQuantizeGradientKernel;

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(quantization, quantize, pooling::QuantizeKernel, 1)
POOLING_GPU_BYTE_KERNEL(quantization, dequantize, pooling::DequantizeKernel)
POOLING_GPU_KERNEL(quantization, fake_quantize_forward, pooling::FakeQuantizeKernel, 1)
POOLING_GPU_KERNEL(quantization, fake_quantize_backward, pooling::FakeQuantizeGradientKernel, 1)
