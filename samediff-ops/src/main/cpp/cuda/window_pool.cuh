// SPDX-License-Identifier: Apache-2.0
// Kernels of window operators, from the same mathematics as the CPU's: one thread a window, or an element for the
// gradient, which is gathered from the windows over it. The gradient so has no atomics and the same bits every time.
#pragma once

#include "../kernels/tap_gradients.h"
#include "chosen_gradients.cuh"
#include "window_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Passes: windows one by one; or groups of them.
template <class Operator>
struct WindowForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        static constexpr int kInputs = WindowArrays<Operator>::kInputs;
        static constexpr int kArrays = kInputs + (Operator::kHasIndex ? 2 : 1);
        static constexpr int kPasses = 2;
        static constexpr int kMaps = WindowArrays<Operator>::kMaps;
        static constexpr int kGroup = kNeighbours<Storage>;
        typedef WindowParameters<kArrays> Parameters;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            bool along_channels = has_channels_last(p.strides[0]);
            bool grouped = are_quads<kGroup>(p.geometry, along_channels) &&
                           is_grouped<Storage, kGroup>(request.addresses[kInputs], p.strides[kInputs], along_channels);
            for (int m = 0; m < kMaps; m++) {
                grouped &= is_grouped<Storage, kGroup>(request.addresses[m], p.strides[m], along_channels);
            }
            if constexpr (Operator::kHasIndex) {
                Index index = request.addresses[kInputs + 1];
                grouped &= index == 0 || is_grouped<Index, kGroup>(index, p.strides[kInputs + 1], along_channels);
            }
            plan.threads[grouped ? 1 : 0] = size_of_output(p.geometry) / (grouped ? kGroup : 1);
            plan.wide = is_wide(p.geometry);
        }

        struct Sink {
            Real chosen;

            POOLING_DEVICE void choose(Real tap) {
                chosen = tap;
            }
        };

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            if constexpr (Pass == 0) {
                one_window(p, arrays, thread);
            } else {
                group(p, arrays, thread);
            }
        }

    private:
        POOLING_DEVICE static void group(const Parameters& p, const GpuArrays& arrays, Index thread) {
            bool along_channels = has_channels_last(p.strides[0]);
            MapPlace at = MapPlace::of(thread, p.geometry, &WindowAxis::output, along_channels, kGroup);
            MapPlace first = QuadGroup<Storage>::first_of(at, p.geometry);
            QuadGroup<Storage> maps[kMaps];
            unrolled<kMaps>([&](int m) {
                const TensorStrides& s = p.strides[m];
                maps[m].load_from(arrays.at<const Storage>(m) + first.offset(s), s, p.geometry, along_channels);
            });
            Operator op(p.options);
            Storage results[kGroup];
            Index positions[kGroup];
            unrolled<kGroup>([&](int i) {
                MapPlace place = at.neighbour(i, along_channels);
                Sink sink = {Real(0)};
                QuadWindow<Operator, Storage, Sink> window(p, p.strides, arrays, place, maps, i, sink);
                store(results + i, op.forward(window));
                positions[i] = Operator::kHasIndex ? window.position(static_cast<Index>(sink.chosen)) : 0;
            });
            store_neighbours(arrays.at<Storage>(kInputs) + at.offset(p.strides[kInputs]), results);
            if constexpr (Operator::kHasIndex) {
                if (arrays.addresses[kInputs + 1] != nullptr) {  // who needs no gradient leaves it out
                    store_neighbours(arrays.at<Index>(kInputs + 1) + at.offset(p.strides[kInputs + 1]), positions);
                }
            }
        }

        POOLING_DEVICE static void one_window(const Parameters& p, const GpuArrays& arrays, Index thread) {
            MapPlace at = MapPlace::of(thread, p.geometry, &WindowAxis::output, has_channels_last(p.strides[0]));
            Sink sink = {Real(0)};
            DeviceWindow<Operator, Storage, Sink> window(p, p.strides, arrays, at, sink);
            bool empty = window.empty();
            Real y = empty ? Real(0) : Operator(p.options).forward(window);
            store(arrays.at<Storage>(kInputs) + at.offset(p.strides[kInputs]), y);
            if constexpr (Operator::kHasIndex) {
                if (arrays.addresses[kInputs + 1] != nullptr) {
                    Index* index = arrays.at<Index>(kInputs + 1) + at.offset(p.strides[kInputs + 1]);
                    *index = empty ? -1 : window.position(static_cast<Index>(sink.chosen));
                }
            }
        }
    };
};

// Passes: the windows, where anything is needed of them one by one; the gradients of the elements; parts of the
// parameters' sums; these sums; instead of the second, the gradients of the elements of groups of tiles.
template <class Operator>
struct WindowBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef WindowSums<Operator, Storage> Sums;
        static constexpr int kInputs = WindowArrays<Operator>::kInputs;
        static constexpr int kMaps = WindowArrays<Operator>::kMaps;
        static constexpr int kGradients = kInputs + 1;
        static constexpr int kArrays = kInputs + 1 + WindowArrays<Operator>::kDifferentiable;
        static constexpr int kPasses = 5;
        static constexpr int kGroup = kNeighbours<Storage>;
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
            bool tiles = has_tile_groups(p, request.addresses);
            plan.threads[1] = tiles ? 0 : size_of_input(p.geometry);
            plan.threads[2] = sums.parts();
            plan.threads[3] = sums.total();
            plan.threads[4] = tiles ? size_of_output(p.geometry) / kGroup : 0;
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
            } else if constexpr (Pass == 3) {
                scratch.sums.store_sum(p, arrays, thread);
            } else {
                tiles(p, arrays, thread);
            }
        }

    private:
        static bool has_tile_groups(const Parameters& p, const Index* addresses) {
            bool along_channels = has_channels_last(p.strides[0]);
            bool grouped = are_quads<kGroup>(p.geometry, along_channels) && are_tiles(p.geometry);
            auto require = [&](int array) {
                grouped &= addresses[array] == 0 ||
                           is_grouped<Storage, kGroup>(addresses[array], p.strides[array], along_channels);
            };
            require(kInputs);
            for (int m = 0; m < kMaps; m++) {
                require(m);
                require(kGradients + m);
            }
            return grouped;
        }

        struct Tile {
            Real of_result;
            Real sums[kMaps][kQuad];

            POOLING_DEVICE Real gradient() const {
                return of_result;
            }

            POOLING_DEVICE void element_gradient(int array, Index of, Real value) {
                unrolled<kMaps>([&](int m) {
                    unrolled<kQuad>([&](int tap) { sums[m][tap] += m == array && of == tap ? value : Real(0); });
                });
            }
        };

        POOLING_DEVICE static void tiles(const Parameters& p, const GpuArrays& arrays, Index thread) {
            bool along_channels = has_channels_last(p.strides[0]);
            MapPlace at = MapPlace::of(thread, p.geometry, &WindowAxis::output, along_channels, kGroup);
            MapPlace first = QuadGroup<Storage>::first_of(at, p.geometry);
            QuadGroup<Storage> maps[kMaps];
            QuadGroup<Storage> results[kMaps];
            unrolled<kMaps>([&](int m) {
                const TensorStrides& s = p.strides[m];
                maps[m].load_from(arrays.at<const Storage>(m) + first.offset(s), s, p.geometry, along_channels);
            });
            Storage gradients[kGroup];
            load_neighbours(arrays.at<const Storage>(kInputs) + at.offset(p.strides[kInputs]), gradients);
            Operator op(p.options);
            unrolled<kGroup>([&](int i) {
                MapPlace place = at.neighbour(i, along_channels);
                Tile sink = {load(gradients + i), {}};
                QuadWindow<Operator, Storage, Tile> window(p, p.strides, arrays, place, maps, i, sink);
                op.backward(window);
                unrolled<kMaps>([&](int m) {
                    unrolled<kQuad>([&](int tap) { store(&results[m].elements[tap][i], sink.sums[m][tap]); });
                });
            });
            unrolled<kMaps>([&](int m) {
                if (arrays.addresses[kGradients + m] != nullptr) {
                    const TensorStrides& s = p.strides[kGradients + m];
                    results[m].store_to(arrays.at<Storage>(kGradients + m) + first.offset(s), s, along_channels);
                }
            });
        }

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
            } else if (is_element<Operator, Storage>(p.strides, arrays, element.batch, element.axes[2])) {
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

// A kernel without its last passes, where the plan never asks for them.
template <class Kernel>
struct FirstPasses {
    template <int Passes>
    struct With {
        template <class Storage>
        struct Of : Kernel::template Of<Storage> {
            static constexpr int kPasses = Passes;
        };
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

// Windows of masked sequences are computed one by one: the last passes, of groups, are left out.
#define POOLING_GPU_MASKED_KERNELS(stem, name, Operator, Backward, passes)                                  \
    POOLING_GPU_KERNEL(stem, name##_masked_forward,                                                         \
                       pooling::FirstPasses<pooling::WindowForward<pooling::Masked<Operator>>>::With<1>, 1) \
    POOLING_GPU_KERNEL(stem, name##_masked_backward,                                                        \
                       pooling::FirstPasses<pooling::Backward<pooling::Masked<Operator>>>::With<passes>, passes)

#define POOLING_GPU_WINDOW_KERNELS(stem, name, Operator)                            \
    POOLING_GPU_KERNEL(stem, name##_forward, pooling::WindowForward<Operator>, 2)   \
    POOLING_GPU_KERNEL(stem, name##_backward, pooling::WindowBackward<Operator>, 5) \
    POOLING_GPU_MASKED_KERNELS(stem, name, Operator, WindowBackward, 4)

// For operators with an index.
#define POOLING_GPU_CHOICE_KERNELS(stem, name, Operator)                            \
    POOLING_GPU_KERNEL(stem, name##_forward, pooling::WindowForward<Operator>, 2)   \
    POOLING_GPU_KERNEL(stem, name##_backward, pooling::ChosenBackward<Operator>, 3) \
    POOLING_GPU_MASKED_KERNELS(stem, name, Operator, ChosenBackward, 2)
