// SPDX-License-Identifier: Apache-2.0
#include "spiking.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage, bool AnyMaximal>
class GateRule {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    static constexpr bool kCounts = true;

    GateRule(const SpikeGateParameters& p, void* const* arrays, const SpikePlan<Real>& plan, ScratchParts&)
        : p_(p),
          y_(static_cast<Storage*>(arrays[1])),
          index_(static_cast<Index*>(arrays[2])),
          along_channels_(plan.along_channels),
          positions_(plan.g.axes[1].input * plan.g.axes[2].input) {}

    void begin(const SpikeBlock&) {}

    void step(const SpikeBlock& at, const SpikeTaps<Real>& taps) {
        Index y_step = along_channels_ ? p_.y.channel : p_.y.axes[2];
        Index index_step = along_channels_ ? p_.index.channel : p_.index.axes[2];
        Storage* y = y_ + element_offset(p_.y, at.batch, at.channel, at.time, at.height, at.width);
        Index* index = index_ + element_offset(p_.index, at.batch, at.channel, at.time, at.height, at.width);
        for (Index lane = 0; lane < at.lanes; lane += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, at.lanes - lane));
            SpikeGate<Vector> gate;
            taps.for_each([&](Index offset, Index tap) {
                gate.template take<AnyMaximal>(load_lanes(taps.counts + offset + lane),
                                               load_lanes(taps.x + offset + lane), tap);
            });
            store_lanes(y + lane * y_step, y_step, lanes, gate.result());
            Real chosen[kLanes];
            store_unaligned(chosen, gate.tap);
            for (int i = 0; i < lanes; i++) {
                Index tap = static_cast<Index>(chosen[i]);
                index[(lane + i) * index_step] = tap < 0 ? -1 : at.time * positions_ + taps.position(tap, lane + i);
            }
        }
    }

private:
    const SpikeGateParameters& p_;
    Storage* y_;
    Index* index_;
    bool along_channels_;
    Index positions_;  // of a step
};

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    const auto& p = *static_cast<const SpikeGateParameters*>(parameters);
    return p.any_maximal != 0 ? run_spikes<Storage, GateRule<Storage, true>>(p, arrays)
                              : run_spikes<Storage, GateRule<Storage, false>>(p, arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(spike_gate_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(spike_gate_pool)[] = {
    POOLING_KERNEL("spike_gate_pool_forward", SpikeGateParameters, 3, forward),
    {},
};

}  // namespace pooling
