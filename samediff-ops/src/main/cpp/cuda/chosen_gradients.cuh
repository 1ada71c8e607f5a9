// SPDX-License-Identifier: Apache-2.0
// Gradients of window operators whose index says which element of a window was chosen.
#pragma once

#include "quad_window.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

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

// Where an index says which element of a window gets its gradient. Passes: elements one by one; or groups of channels;
// or groups of windows that are tiles.
template <class Operator>
struct ChosenBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        static constexpr int kIndex = WindowArrays<Operator>::kInputs;
        static constexpr int kArrays = kIndex + 2 + WindowArrays<Operator>::kDifferentiable;
        static constexpr int kPasses = 3;
        static constexpr int kGroup = kNeighbours<Storage>;
        typedef WindowParameters<kArrays> Parameters;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            const WindowGeometry& g = p.geometry;
            const Index* addresses = request.addresses;
            bool along_channels = has_channels_last(p.strides[0]);
            bool grouped = is_grouped<Index, kGroup>(addresses[kIndex], p.strides[kIndex], along_channels) &&
                           is_grouped<Storage, kGroup>(addresses[kGradient], p.strides[kGradient], along_channels) &&
                           is_grouped<Storage, kGroup>(addresses[kResult], p.strides[kResult], along_channels);
            plan.wide = is_wide(g);
            if (grouped && are_quads<kGroup>(g, along_channels) && are_tiles(g)) {
                plan.threads[2] = size_of_output(g) / kGroup;
            } else if (grouped && along_channels && g.channels % kGroup == 0) {
                plan.threads[1] = size_of_input(g) / kGroup;
            } else {
                plan.threads[0] = size_of_input(g);
            }
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            if constexpr (Pass == 0) {
                elements<1>(p, arrays, thread);
            } else if constexpr (Pass == 1) {
                elements<kGroup>(p, arrays, thread);
            } else {
                tiles(p, arrays, thread);
            }
        }

    private:
        static constexpr int kGradient = kIndex + 1;
        static constexpr int kResult = kIndex + 2;

        POOLING_DEVICE static Index position(const WindowGeometry& g, Index depth, Index height, Index width) {
            return (depth * g.axes[1].input + height) * g.axes[2].input + width;
        }

        template <int Count>
        POOLING_DEVICE static void elements(const Parameters& p, const GpuArrays& arrays, Index thread) {
            const WindowGeometry& g = p.geometry;
            MapPlace element = MapPlace::of(thread, g, &WindowAxis::input, has_channels_last(p.strides[0]), Count);
            Index of_element = position(g, element.axes[0], element.axes[1], element.axes[2]);
            Real sums[Count] = {};
            for_each_window_over(g, element, [&](const MapPlace& at) {
                Index chosen[Count];
                load_neighbours(arrays.at<const Index>(kIndex) + at.offset(p.strides[kIndex]), chosen);
                bool any = false;
                unrolled<Count>([&](int i) { any |= chosen[i] == of_element; });
                if (any) {
                    Storage gradients[Count];
                    load_neighbours(arrays.at<const Storage>(kGradient) + at.offset(p.strides[kGradient]), gradients);
                    unrolled<Count>([&](int i) {
                        if (chosen[i] == of_element) {
                            sums[i] += load(gradients + i);
                        }
                    });
                }
            });
            Storage results[Count];
            unrolled<Count>([&](int i) { store(results + i, sums[i]); });
            store_neighbours(arrays.at<Storage>(kResult) + element.offset(p.strides[kResult]), results);
        }

        POOLING_DEVICE static void tiles(const Parameters& p, const GpuArrays& arrays, Index thread) {
            const WindowGeometry& g = p.geometry;
            bool along_channels = has_channels_last(p.strides[0]);
            MapPlace at = MapPlace::of(thread, g, &WindowAxis::output, along_channels, kGroup);
            MapPlace first = QuadGroup<Storage>::first_of(at, g);
            Index chosen[kGroup];
            Storage gradients[kGroup];
            load_neighbours(arrays.at<const Index>(kIndex) + at.offset(p.strides[kIndex]), chosen);
            load_neighbours(arrays.at<const Storage>(kGradient) + at.offset(p.strides[kGradient]), gradients);
            QuadGroup<Storage> results;
            unrolled<kGroup>([&](int i) {
                Index column = first.axes[2] + (along_channels ? 0 : 2 * i);
                unrolled<kQuad>([&](int tap) {
                    Index element = position(g, first.axes[0], first.axes[1] + tap / 2, column + tap % 2);
                    Real gradient = chosen[i] == element ? load(gradients + i) : Real(0);
                    store(&results.elements[tap][i], Real(0) + gradient);
                });
            });
            const TensorStrides& s = p.strides[kResult];
            results.store_to(arrays.at<Storage>(kResult) + first.offset(s), s, along_channels);
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
