// SPDX-License-Identifier: Apache-2.0
#include "scratch.h"
#include "spiking.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
class FirstSpikeRule {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    static constexpr bool kCounts = false;

    FirstSpikeRule(const FirstSpikeParameters& p, void* const* arrays, const SpikePlan<Real>& plan,
                   ScratchParts& scratch)
        : p_(p),
          y_(static_cast<Storage*>(arrays[1])),
          time_(static_cast<Index*>(arrays[2])),
          winner_(static_cast<Index*>(arrays[3])),
          along_channels_(plan.along_channels),
          block_lanes_(plan.block_lanes()),
          silent_(scratch.take<Real>(plan.most_blocks() * plan.block_lanes())),
          windows_(scratch.take<Index>(plan.most_blocks())) {}

    void begin(const SpikeBlock& at) {
        for (Index lane = 0; lane < at.lanes; lane++) {
            *of_lane(time_, p_.time, at, lane) = -1;
            *of_lane(winner_, p_.winner, at, lane) = -1;
        }
        for (Index lane = 0; lane < block_lanes_; lane++) {
            silent_[at.number * block_lanes_ + lane] = lane < at.lanes ? Real(1) : Real(0);
        }
        windows_[at.number] = at.lanes;
    }

    void step(const SpikeBlock& at, const SpikeTaps<Real>& taps) {
        Index y_step = along_channels_ ? p_.y.channel : p_.y.axes[2];
        Storage* y = y_ + element_offset(p_.y, at.batch, at.channel, at.time, at.height, at.width);
        for (Index lane = 0; lane < at.lanes; lane += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, at.lanes - lane));
            Vector result = broadcast<Vector>(0);
            if (windows_[at.number] > 0) {
                FirstSpike<Vector> first;
                taps.for_each([&](Index offset, Index tap) { first.take(load_lanes(taps.x + offset + lane), tap); });
                Real* silent = silent_ + at.number * block_lanes_ + lane;
                result = (load_lanes(silent) > Real(0)) & (first.tap >= Real(0)) ? first.element : result;
                fire(at, taps, lane, lanes, silent, first.tap);
            }
            store_lanes(y + lane * y_step, y_step, lanes, result);
        }
    }

private:
    const FirstSpikeParameters& p_;
    Storage* y_;
    Index* time_;
    Index* winner_;
    bool along_channels_;
    Index block_lanes_;
    Real* silent_;    // 1 for windows that have not fired
    Index* windows_;  // so many of each block have not

    Index* of_lane(Index* array, const TensorStrides& s, const SpikeBlock& at, Index lane) const {
        return array + element_offset(s, at.batch, at.channel, 0, at.height, at.width) +
               lane * (along_channels_ ? s.channel : s.axes[2]);
    }

    void fire(const SpikeBlock& at, const SpikeTaps<Real>& taps, Index lane, int lanes, Real* silent, Vector tap) {
        Real fired[kLanes];
        store_unaligned(fired, tap);
        for (int i = 0; i < lanes; i++) {
            if (silent[i] > 0 && fired[i] >= 0) {
                *of_lane(time_, p_.time, at, lane + i) = at.time;
                *of_lane(winner_, p_.winner, at, lane + i) = taps.position(static_cast<Index>(fired[i]), lane + i);
                silent[i] = 0;
                windows_[at.number]--;
            }
        }
    }
};

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return run_spikes<Storage, FirstSpikeRule<Storage>>(*static_cast<const FirstSpikeParameters*>(parameters), arrays);
}

// Adds up one step of one plane at a time. False for a place or time outside the map.
template <class Storage>
class FirstSpikeGradient {
    typedef typename StorageTraits<Storage>::Real Real;

public:
    FirstSpikeGradient(const FirstSpikeGradientParameters& p, void* const* arrays, Real* sums)
        : p_(p),
          g_(p.geometry),
          y_gradient_(static_cast<const Storage*>(arrays[0])),
          time_(static_cast<const Index*>(arrays[1])),
          winner_(static_cast<const Index*>(arrays[2])),
          x_gradient_(static_cast<Storage*>(arrays[3])),
          sums_(sums) {}

    bool plane(Index batch, Index channel) {
        bool good = true;
        for (Index t = 0; t < g_.axes[0].input; t++) {
            for (Index i = 0; i < g_.axes[1].input * g_.axes[2].input; i++) {
                sums_[i] = 0;
            }
            for (Index h = 0; h < g_.axes[1].output; h++) {
                for (Index w = 0; w < g_.axes[2].output; w++) {
                    good &= add(batch, channel, t, h, w);
                }
            }
            for (Index h = 0; h < g_.axes[1].input; h++) {
                Storage* target = x_gradient_ + element_offset(p_.x_gradient, batch, channel, t, h, 0);
                for (Index w = 0; w < g_.axes[2].input; w++) {
                    store(target + w * p_.x_gradient.axes[2], sums_[h * g_.axes[2].input + w]);
                }
            }
        }
        return good;
    }

private:
    const FirstSpikeGradientParameters& p_;
    const WindowGeometry& g_;
    const Storage* y_gradient_;
    const Index* time_;
    const Index* winner_;
    Storage* x_gradient_;
    Real* sums_;

    bool add(Index batch, Index channel, Index t, Index h, Index w) {
        Index time = time_[element_offset(p_.time, batch, channel, 0, h, w)];
        if (time == t) {
            Index winner = winner_[element_offset(p_.winner, batch, channel, 0, h, w)];
            if (winner < 0 || winner >= g_.axes[1].input * g_.axes[2].input) {
                return false;
            }
            sums_[winner] += load(y_gradient_ + element_offset(p_.y_gradient, batch, channel, t, h, w));
        }
        return time >= -1 && time < g_.axes[0].input;
    }
};

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    const auto& p = *static_cast<const FirstSpikeGradientParameters*>(parameters);
    const WindowGeometry& g = p.geometry;
    Index positions = g.axes[1].input * g.axes[2].input;
    bool out_of_memory = false;
    bool bad_index = false;
    parallel_ranges(g.batch * g.channels, g.axes[0].input * positions, [&](Index begin, Index end) {
        Scratch<Real> sums(positions);
        if (!sums) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        FirstSpikeGradient<Storage> gradient(p, arrays, sums.get());
        for (Index plane = begin; plane < end; plane++) {
            if (!gradient.plane(plane / g.channels, plane % g.channels)) {
                bad_index = true;
            }
        }
    });
    return out_of_memory ? kOutOfMemory : bad_index ? kBadIndex : kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(first_spike_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(first_spike_pool)[] = {
    POOLING_KERNEL("first_spike_pool_forward", FirstSpikeParameters, 4, forward),
    POOLING_KERNEL("first_spike_pool_backward", FirstSpikeGradientParameters, 4, backward),
    {},
};

}  // namespace pooling
