// SPDX-License-Identifier: Apache-2.0
// Kernels of window operators, from the same mathematics as the CPU's: one thread a window, or an element for the
// gradient, which is gathered from the windows over it. The gradient so has no atomics and the same bits every time.
#pragma once

#include "../kernels/tap_gradients.h"
#include "window_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator>
struct WindowForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        static constexpr int kInputs = WindowArrays<Operator>::kInputs;
        static constexpr int kArrays = kInputs + (Operator::kHasIndex ? 2 : 1);
        static constexpr int kPasses = 1;
        typedef WindowParameters<kArrays> Parameters;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            plan.threads[0] = size_of_output(request.parameters.geometry);
            plan.wide = is_wide(request.parameters.geometry);
        }

        struct Sink {
            Real chosen;

            POOLING_DEVICE void choose(Real tap) {
                chosen = tap;
            }
        };

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            MapPlace at = MapPlace::of(thread, p.geometry, &WindowAxis::output, has_channels_last(p.strides[0]));
            Sink sink = {Real(0)};
            DeviceWindow<Operator, Storage, Sink> window(p, p.strides, arrays, at, sink);
            bool empty = window.empty();
            Real y = empty ? Real(0) : Operator(p.options).forward(window);
            store(arrays.at<Storage>(kInputs) + at.offset(p.strides[kInputs]), y);
            if constexpr (Operator::kHasIndex) {
                Index* index = arrays.at<Index>(kInputs + 1) + at.offset(p.strides[kInputs + 1]);
                *index = empty ? -1 : window.position(static_cast<Index>(sink.chosen));
            }
        }
    };
};

// Calls visit(place of a window) for the windows over an element.
template <class Visit>
POOLING_DEVICE void for_each_window_over(const WindowGeometry& g, const MapPlace& element, const Visit& visit) {
    Range windows[kAxes];
    for (int a = 0; a < kAxes; a++) {
        windows[a] = windows_over(g.axes[a], {element.axes[a], element.axes[a] + 1});
    }
    MapPlace at = element;
    for (Index d = windows[0].begin; d < windows[0].end; d++) {
        at.axes[0] = d;
        for (Index h = windows[1].begin; h < windows[1].end; h++) {
            at.axes[1] = h;
            for (Index w = windows[2].begin; w < windows[2].end; w++) {
                at.axes[2] = w;
                if (window_contains(g.axes[0], d, element.axes[0]) && window_contains(g.axes[1], h, element.axes[1]) &&
                    window_contains(g.axes[2], w, element.axes[2])) {
                    visit(at);
                }
            }
        }
    }
}

// Where an index says which element of a window gets its gradient.
template <class Operator>
struct ChosenBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        static constexpr int kIndex = WindowArrays<Operator>::kInputs;
        static constexpr int kArrays = 2 * kIndex + 2;
        static constexpr int kPasses = 1;
        typedef WindowParameters<kArrays> Parameters;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            plan.threads[0] = size_of_input(request.parameters.geometry);
            plan.wide = is_wide(request.parameters.geometry);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            const WindowGeometry& g = p.geometry;
            MapPlace element = MapPlace::of(thread, g, &WindowAxis::input, has_channels_last(p.strides[0]));
            Index position = (element.axes[0] * g.axes[1].input + element.axes[1]) * g.axes[2].input + element.axes[2];
            Real sum = 0;
            for_each_window_over(g, element, [&](const MapPlace& at) {
                if (arrays.at<const Index>(kIndex)[at.offset(p.strides[kIndex])] == position) {
                    sum += load(arrays.at<const Storage>(kIndex + 1) + at.offset(p.strides[kIndex + 1]));
                }
            });
            store(arrays.at<Storage>(kIndex + 2) + element.offset(p.strides[kIndex + 2]), sum);
        }
    };
};

// Passes: the windows, where anything is needed of them one by one; the gradients of the elements; parts of the
// parameters' sums; these sums.
template <class Operator>
struct WindowBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef WindowSums<Operator, Storage> Sums;
        static constexpr int kInputs = WindowArrays<Operator>::kInputs;
        static constexpr int kMaps = WindowArrays<Operator>::kMaps;
        static constexpr int kGradients = kInputs + 1;
        static constexpr int kArrays = 2 * kInputs + 1;
        static constexpr int kPasses = 4;
        typedef WindowParameters<kArrays> Parameters;

        // An element that is gathered computes its windows anew. Large windows that do not overlap are computed once,
        // and each adds to elements of its own.
        POOLING_FUNCTION static bool spreads(const WindowGeometry& g) {
            constexpr Index kMostGathered = 32;
            bool apart = true;
            Index taps = 1;
            for (int a = 0; a < kAxes; a++) {
                const WindowAxis& axis = g.axes[a];
                apart &= axis.output == 1 || axis.stride > (axis.kernel - 1) * axis.dilation;
                taps *= minimum(axis.kernel, axis.input);
            }
            return apart && taps > kMostGathered;
        }

        struct Scratch {
            Real* elements;
            Sums sums;

            POOLING_FUNCTION Scratch(const Parameters& p, const Sums& layout, GpuScratch& memory)
                : elements(memory.take<Real>(spreads(p.geometry) ? kMaps * size_of_input(p.geometry) : 0)),
                  sums(layout) {
                sums.take(memory);
            }
        };

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            Sums sums(p, [&](int array) { return request.addresses[array] != 0; });
            GpuScratch memory(nullptr);
            Scratch scratch(p, sums, memory);
            bool spread = spreads(p.geometry);
            plan.scratch = memory.used();
            plan.wide = is_wide(p.geometry) || is_wide(sums.parts());
            plan.zeroed = spread ? Index(sizeof(Real)) * kMaps * size_of_input(p.geometry) : 0;
            plan.threads[0] = spread || sums.any() ? size_of_output(p.geometry) : 0;
            plan.threads[1] = size_of_input(p.geometry);
            plan.threads[2] = sums.parts();
            plan.threads[3] = sums.total();
        }

        // Adds what the windows over one element give to it.
        struct Gather {
            Index tap;
            Real sums[kMaps];

            template <class Window>
            POOLING_DEVICE void element_gradient(const Window&, int array, Index of, Real value) {
                sums[array] += of == tap ? value : Real(0);
            }

            POOLING_DEVICE void parameter_gradient(int, Real) {}
            POOLING_DEVICE void mask_factor(int, Real) {}
        };

        struct Spread {
            const Parameters& p;
            const GpuArrays& arrays;
            const Scratch& scratch;
            const MapPlace& at;
            bool elements;

            template <class Window>
            POOLING_DEVICE void element_gradient(const Window& window, int array, Index tap, Real value) {
                if (elements) {
                    const WindowGeometry& g = p.geometry;
                    Index plane = at.batch * g.channels + at.channel;
                    Index size = g.axes[0].input * g.axes[1].input * g.axes[2].input;
                    scratch.elements[array * size_of_input(g) + plane * size + window.position(tap)] += value;
                }
            }

            POOLING_DEVICE void parameter_gradient(int i, Real value) {
                scratch.sums.put(i, at, value, p, arrays);
            }

            POOLING_DEVICE void mask_factor(int i, Real value) {
                scratch.sums.put(Operator::kParameters + i, at, value, p, arrays);
            }
        };

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* memory, Index thread) {
            GpuScratch parts(memory);
            Sums sums(p, [&](int array) { return arrays.addresses[array] != nullptr; });
            Scratch scratch(p, sums, parts);
            if constexpr (Pass == 0) {
                one_window(p, arrays, scratch, thread);
            } else if constexpr (Pass == 1) {
                one_element(p, arrays, scratch, thread);
            } else if constexpr (Pass == 2) {
                scratch.sums.add_part(p, arrays, thread);
            } else {
                scratch.sums.store_sum(p, arrays, thread);
            }
        }

    private:
        POOLING_DEVICE static void one_window(const Parameters& p, const GpuArrays& arrays, const Scratch& scratch,
                                              Index thread) {
            MapPlace at = MapPlace::of(thread, p.geometry, &WindowAxis::output, has_channels_last(p.strides[0]));
            Spread sink = {p, arrays, scratch, at, spreads(p.geometry)};
            DeviceWindow<Operator, Storage, Spread> window(p, p.strides, arrays, at, sink);
            if (window.empty()) {
                scratch.sums.put_nothing(at, p, arrays);
            } else {
                Operator(p.options).backward(window);
            }
        }

        POOLING_DEVICE static void one_element(const Parameters& p, const GpuArrays& arrays, const Scratch& scratch,
                                               Index thread) {
            const WindowGeometry& g = p.geometry;
            MapPlace element = MapPlace::of(thread, g, &WindowAxis::input, has_channels_last(p.strides[0]));
            Gather sink = {};
            if (spreads(g)) {
                for (int m = 0; m < kMaps; m++) {
                    sink.sums[m] = scratch.elements[m * size_of_input(g) + element.number(g, &WindowAxis::input)];
                }
            } else {
                Operator op(p.options);
                for_each_window_over(g, element, [&](const MapPlace& at) {
                    DeviceWindow<Operator, Storage, Gather> window(p, p.strides, arrays, at, sink);
                    sink.tap = window.tap_at(element.axes);
                    op.backward(window);
                });
            }
            for (int m = 0; m < kMaps; m++) {
                if (arrays.addresses[kGradients + m] != nullptr) {
                    store(arrays.at<Storage>(kGradients + m) + element.offset(p.strides[kGradients + m]), sink.sums[m]);
                }
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

#define POOLING_GPU_WINDOW_KERNELS(stem, name, Operator)                          \
    POOLING_GPU_KERNEL(stem, name##_forward, pooling::WindowForward<Operator>, 1) \
    POOLING_GPU_KERNEL(stem, name##_backward, pooling::WindowBackward<Operator>, 4)

// For operators with an index.
#define POOLING_GPU_CHOICE_KERNELS(stem, name, Operator)                          \
    POOLING_GPU_KERNEL(stem, name##_forward, pooling::WindowForward<Operator>, 1) \
    POOLING_GPU_KERNEL(stem, name##_backward, pooling::ChosenBackward<Operator>, 1)
