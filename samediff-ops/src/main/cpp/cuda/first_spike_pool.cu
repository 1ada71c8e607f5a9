// SPDX-License-Identifier: Apache-2.0
#include "chosen_gradients.cuh"
#include "spiking.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct FirstSpikeForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef FirstSpikeParameters Parameters;
        static constexpr int kArrays = 4;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            plan.threads[0] = spiking_windows(request.parameters.geometry);
            plan.wide = is_wide(request.parameters.geometry);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            SpikeWindow window(p.geometry, p.x, thread);
            const Storage* x =
                arrays.at<const Storage>(0) + window.at.batch * p.x.batch + window.at.channel * p.x.channel;
            Storage* y = arrays.at<Storage>(1) + window.at.offset(p.y);
            Index time = -1;
            Index winner = -1;
            for (Index t = 0; t < p.geometry.axes[0].input; t++) {
                Real result = 0;
                if (time < 0) {
                    FirstSpike<Real> first;
                    window.for_each(p.x, [&](Index offset, Index tap) { first.take(load(x + offset), tap); });
                    if (first.tap >= 0) {
                        result = first.element;
                        time = t;
                        winner = window.position(static_cast<Index>(first.tap));
                    }
                }
                store(y, result);
                x += p.x.axes[0];
                y += p.y.axes[0];
            }
            arrays.at<Index>(2)[window.at.offset(p.time)] = time;
            arrays.at<Index>(3)[window.at.offset(p.winner)] = winner;
        }
    };
};

// One thread an element, which looks at the windows over it.
struct FirstSpikeBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef FirstSpikeGradientParameters Parameters;
        static constexpr int kArrays = 4;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            plan.threads[0] = size_of_input(request.parameters.geometry);
            plan.wide = is_wide(request.parameters.geometry);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            const WindowGeometry& g = p.geometry;
            MapPlace element = MapPlace::of(thread, g, &WindowAxis::input, has_channels_last(p.x_gradient));
            Index position = element.axes[1] * g.axes[2].input + element.axes[2];
            Real sum = 0;
            for_each_window_over(g, element, [&](const MapPlace& at) {
                if (arrays.at<const Index>(1)[at.offset(p.time)] == element.axes[0] &&
                    arrays.at<const Index>(2)[at.offset(p.winner)] == position) {
                    sum += load(arrays.at<const Storage>(0) + at.offset(p.y_gradient));
                }
            });
            store(arrays.at<Storage>(3) + element.offset(p.x_gradient), sum);
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(first_spike_pool, first_spike_pool_forward, pooling::FirstSpikeForward, 1)
POOLING_GPU_KERNEL(first_spike_pool, first_spike_pool_backward, pooling::FirstSpikeBackward, 1)
