// SPDX-License-Identifier: Apache-2.0
#include "spiking.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct SpikeGateForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef SpikeGateParameters Parameters;
        static constexpr int kArrays = 3;
        static constexpr int kPasses = 1;

        // A thread has counts of its own, and takes several windows where there are many.
        POOLING_FUNCTION static Index threads(const WindowGeometry& g) {
            return minimum(spiking_windows(g), 1 << 17);
        }

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const WindowGeometry& g = request.parameters.geometry;
            GpuScratch memory(nullptr);
            Index taps = minimum(g.axes[1].kernel, g.axes[1].input) * minimum(g.axes[2].kernel, g.axes[2].input);
            memory.take<Real>(threads(g) * taps);
            plan.scratch = memory.used();
            plan.threads[0] = threads(g);
            plan.wide = is_wide(g) || is_wide(threads(g) * taps);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* memory, Index thread) {
            Real* counts = reinterpret_cast<Real*>(memory) + thread;
            Index step = threads(p.geometry);
            for (Index number = thread; number < spiking_windows(p.geometry); number += step) {
                SpikeWindow window(p.geometry, p.x, number);
                if (p.any_maximal != 0) {
                    one_window<true>(p, arrays, window, counts, step);
                } else {
                    one_window<false>(p, arrays, window, counts, step);
                }
            }
        }

    private:
        template <bool AnyMaximal>
        POOLING_DEVICE static void one_window(const Parameters& p, const GpuArrays& arrays, const SpikeWindow& window,
                                              Real* counts, Index step) {
            const Storage* x =
                arrays.at<const Storage>(0) + window.at.batch * p.x.batch + window.at.channel * p.x.channel;
            Storage* y = arrays.at<Storage>(1) + window.at.offset(p.y);
            Index* index = arrays.at<Index>(2) + window.at.offset(p.index);
            const WindowGeometry& g = p.geometry;
            for (Index t = 0; t < g.axes[0].input; t++) {
                SpikeGate<Real> gate;
                window.for_each(p.x, [&](Index offset, Index tap) {
                    Real element = load(x + offset);
                    Real* fired = counts + tap * step;
                    *fired = count_spike(t == 0 ? Real(0) : *fired, element);
                    gate.template take<AnyMaximal>(*fired, element, tap);
                });
                store(y, gate.result());
                *index = gate.tap < 0
                             ? -1
                             : t * g.axes[1].input * g.axes[2].input + window.position(static_cast<Index>(gate.tap));
                x += p.x.axes[0];
                y += p.y.axes[0];
                index += p.index.axes[0];
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(spike_gate_pool, spike_gate_pool_forward, pooling::SpikeGateForward, 1)
