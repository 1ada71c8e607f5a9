// SPDX-License-Identifier: Apache-2.0
// Kernels of window operators, from the same mathematics as the CPU's: one thread per output, or per input for the
// gradient, which is gathered.
#pragma once

#include "../core/storage.h"
#include "../kernels/window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A position (batch, channel, depth, height, width) of a map with the given sizes.
struct Position {
    Index batch;
    Index channel;
    Index axes[kAxes];

    __device__ Position(Index index, const WindowGeometry& g, Index WindowAxis::*size) {
        for (int a = kAxes - 1; a >= 0; a--) {
            axes[a] = index % (g.axes[a].*size);
            index /= g.axes[a].*size;
        }
        channel = index % g.channels;
        batch = index / g.channels;
    }

    __device__ Index offset(const TensorStrides& s) const {
        return batch * s.batch + channel * s.channel + axes[0] * s.axes[0] + axes[1] * s.axes[1] + axes[2] * s.axes[2];
    }
};

template <class Storage>
struct DeviceWindow {
    typedef typename StorageTraits<Storage>::Real Real;
    const Storage* channel;
    Index starts[kAxes];  // offset of tap 0, which may lie outside the map
    Index steps[kAxes];
    Range taps[kAxes];
    Index kernel[kAxes];

    __device__ DeviceWindow(const WindowGeometry& g, const TensorStrides& s, const Storage* x, Index batch,
                            Index channel_index, const Index* output)
        : channel(x + batch * s.batch + channel_index * s.channel) {
        for (int a = 0; a < kAxes; a++) {
            starts[a] = window_start(g.axes[a], output[a]) * s.axes[a];
            steps[a] = g.axes[a].dilation * s.axes[a];
            taps[a] = valid_taps(g.axes[a], output[a]);
            kernel[a] = g.axes[a].kernel;
        }
    }

    __device__ bool empty() const {
        return taps[0].size() == 0 || taps[1].size() == 0 || taps[2].size() == 0;
    }

    __device__ Real at(Index d, Index h, Index w) const {
        return load(channel + starts[0] + d * steps[0] + starts[1] + h * steps[1] + starts[2] + w * steps[2]);
    }

    __device__ Real first() const {
        return at(taps[0].begin, taps[1].begin, taps[2].begin);
    }

    __device__ Index count() const {
        return taps[0].size() * taps[1].size() * taps[2].size();
    }

    template <class Function>
    __device__ void for_each(const Function& function) const {
        for (Index d = taps[0].begin; d < taps[0].end; d++) {
            for (Index h = taps[1].begin; h < taps[1].end; h++) {
                for (Index w = taps[2].begin; w < taps[2].end; w++) {
                    function(at(d, h, w), (d * kernel[1] + h) * kernel[2] + w);
                }
            }
        }
    }
};

template <class Operator, class Storage>
__device__ void window_forward(const WindowForwardParameters& p, const Storage* x, Storage* y, Index index) {
    typedef typename StorageTraits<Storage>::Real Real;
    Position at(index, p.geometry, &WindowAxis::output);
    DeviceWindow<Storage> window(p.geometry, p.x, x, at.batch, at.channel, at.axes);
    store(y + at.offset(p.y), window.empty() ? Real(0) : Operator(p.options).template forward<Real>(window));
}

template <class Operator, class Storage>
__device__ void window_backward(const WindowBackwardParameters& p, const Storage* x, const Storage* y_gradient,
                                Storage* x_gradient, Index index) {
    typedef typename StorageTraits<Storage>::Real Real;
    const WindowGeometry& g = p.geometry;
    Position at(index, g, &WindowAxis::input);
    Real value = load(x + at.offset(p.x));
    Operator op(p.options);
    Real sum = 0;
    Range windows[kAxes];
    for (int a = 0; a < kAxes; a++) {
        windows[a] = windows_over(g.axes[a], {at.axes[a], at.axes[a] + 1});
    }
    for (Index d = windows[0].begin; d < windows[0].end; d++) {
        for (Index h = windows[1].begin; h < windows[1].end; h++) {
            for (Index w = windows[2].begin; w < windows[2].end; w++) {
                if (window_contains(g.axes[0], d, at.axes[0]) && window_contains(g.axes[1], h, at.axes[1]) &&
                    window_contains(g.axes[2], w, at.axes[2])) {
                    const Index output[kAxes] = {d, h, w};
                    DeviceWindow<Storage> window(g, p.x, x, at.batch, at.channel, output);
                    const TensorStrides& s = p.y_gradient;
                    Index source =
                        at.batch * s.batch + at.channel * s.channel + d * s.axes[0] + h * s.axes[1] + w * s.axes[2];
                    Real coefficients[Operator::kCoefficients];
                    op.coefficients(window, load(y_gradient + source), coefficients);
                    sum += op.gradient(value, coefficients, Real(tap_number(g, output, at.axes)));
                }
            }
        }
    }
    store(x_gradient + at.offset(p.x_gradient), sum);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

#define POOLING_WINDOW_KERNELS_OF_TYPE(stem, Operator, Storage, suffix)                                        \
    extern "C" __global__ void stem##_forward_##suffix(pooling::WindowForwardParameters p, const Storage* x,   \
                                                       Storage* y, pooling::Index total) {                     \
        pooling::Index index = pooling::Index(blockIdx.x) * blockDim.x + threadIdx.x;                          \
        if (index < total) {                                                                                   \
            pooling::window_forward<Operator>(p, x, y, index);                                                 \
        }                                                                                                      \
    }                                                                                                          \
    extern "C" __global__ void stem##_backward_##suffix(pooling::WindowBackwardParameters p, const Storage* x, \
                                                        const Storage* y_gradient, Storage* x_gradient,        \
                                                        pooling::Index total) {                                \
        pooling::Index index = pooling::Index(blockIdx.x) * blockDim.x + threadIdx.x;                          \
        if (index < total) {                                                                                   \
            pooling::window_backward<Operator>(p, x, y_gradient, x_gradient, index);                           \
        }                                                                                                      \
    }

#define POOLING_WINDOW_KERNELS(stem, Operator)                         \
    POOLING_WINDOW_KERNELS_OF_TYPE(stem, Operator, float, f32)         \
    POOLING_WINDOW_KERNELS_OF_TYPE(stem, Operator, double, f64)        \
    POOLING_WINDOW_KERNELS_OF_TYPE(stem, Operator, pooling::Half, f16) \
    POOLING_WINDOW_KERNELS_OF_TYPE(stem, Operator, pooling::BFloat16, bf16)
