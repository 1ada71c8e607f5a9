// SPDX-License-Identifier: Apache-2.0
// Driver of region operators whose cells are weighted sums, in vectors of channels: weights of a region are worked out
// once for many channels.
//
// A plan has, besides what cpu/region_blocks.h says, for the selected region
//   means<N>(number of a cell, map, lanes, result)   N vectors of channels that lie side by side
//   spread<N>(number of a cell, gradients, map)      adds the gradient of a cell to a map
//   store_extra(region, channels, cells)             writes further results
#pragma once

#include "region_blocks.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Plan>
class RegionLanes {
public:
    typedef typename Plan::StorageType Storage;
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    RegionLanes(const void* parameters, void* const* arrays)
        : p_(*static_cast<const RegionParameters*>(parameters)), arrays_(arrays), blocks_(p_, arrays) {}

    KernelStatus forward() const {
        return blocks_.template for_each<Plan>(
            p_.rows * p_.columns * blocks_.block(),
            [&](const Plan& plan, Real* results, const RegionBox& box, Index, Range channels, Range part,
                const auto* map) { pool(plan, box, map + part.begin - channels.begin, part, results); });
    }

    KernelStatus backward() const {
        Index block = blocks_.channels_at_once();
        Index units = ceil_divide(p_.channels, kLanes);
        bool out_of_memory = !blocks_.order();
        Index regions_per_image = p_.boxes / p_.images + 1;
        Index work = (p_.height * p_.width + p_.rows * p_.columns * 16 * regions_per_image) * kLanes;
        parallel_ranges(out_of_memory ? 0 : p_.images * units, work, [&](Index begin, Index end) {
            Plan plan(p_, arrays_, kBackwardPass);
            // The last vector of a class of channels may reach behind the last element.
            Scratch<Real> map(p_.height * p_.width * block + kLanes);
            Scratch<Real> gradients(p_.rows * p_.columns * blocks_.block() + kLanes);
            bool has_memory = map && gradients;
            while (begin < end && has_memory) {
                Index unit = begin % units;
                Index count = minimum(minimum(end - begin, block / kLanes), units - unit);
                Range channels = {unit * kLanes, minimum((unit + count) * kLanes, p_.channels)};
                has_memory = add_regions(plan, begin / units, channels, map.get(), gradients.get(), block);
                if (has_memory) {
                    store_map(begin / units, channels, map.get(), block);
                }
                begin += count;
            }
            if (!has_memory) {
                out_of_memory = true;  // every thread writes the same value
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    static constexpr Index kLanes = lane_count<Vector>();

    const RegionParameters& p_;
    void* const* arrays_;
    RegionBlocks<Storage> blocks_;

    // map: of the first channel.
    template <class Element>
    void pool(const Plan& plan, const RegionBox& box, const Element* map, Range channels, Real* results) const {
        Storage* y = static_cast<Storage*>(arrays_[kOutput]);
        Index region = static_cast<Index>(box.output);
        Index cells = p_.rows * p_.columns;
        Index pitch = blocks_.block();
        for_each_vectors<Vector>(channels.size(), [&](auto several, Index c, int lanes) {
            constexpr int N = number_of(several);
            for (Index number = 0; number < cells; number++) {
                Vector of_cell[N];
                plan.template means<N>(number, map + c, lanes, of_cell);
                if (p_.output.channel == 1) {
                    Index place = p_.output.at(region, channels.begin + c, number / p_.columns, number % p_.columns);
                    unrolled<N>([&](int k) { store_lanes(y + place + k * kLanes, 1, lanes, of_cell[k]); });
                } else {
                    Real* target = results + number * pitch + c;
                    unrolled<N>([&](int k) { store_lanes(target + k * kLanes, 1, lanes, of_cell[k]); });
                }
            }
        });
        if (p_.output.channel != 1) {
            blocks_.store_results(region, channels, results);
        }
        plan.store_extra(region, channels, {0, cells});
    }

    bool add_regions(Plan& plan, Index image, Range channels, Real* map, Real* gradients, Index pitch) const {
        memset(map, 0, static_cast<size_t>(p_.height * p_.width * pitch) * sizeof(Real));
        Range regions = blocks_.order().of_image(image);
        for (Index k = regions.begin; k < regions.end; k++) {
            const RegionBox& box = blocks_.order()[k];
            blocks_.load_gradients(box, channels, gradients);
            bool has_memory = blocks_.for_each_class(channels, [&](Range part) {
                if (!plan.select(box, p_.class_of(part.begin), p_.width * pitch, pitch)) {
                    return false;
                }
                Index first = part.begin - channels.begin;
                spread(plan, part.size(), gradients + first, map + first);
                return true;
            });
            if (!has_memory) {
                return false;
            }
        }
        return true;
    }

    void spread(const Plan& plan, Index channels, const Real* gradients, Real* map) const {
        for_each_vectors<Vector>(channels, [&](auto several, Index c, int lanes) {
            constexpr int N = number_of(several);
            for (Index number = 0; number < p_.rows * p_.columns; number++) {
                const Real* source = gradients + number * blocks_.block() + c;
                Vector of_cell[N];
                unrolled<N>(
                    [&](int k) { of_cell[k] = load_lanes<Vector>(source + k * kLanes, 1, N == 1 ? lanes : kLanes); });
                plan.template spread<N>(number, of_cell, map + c);
            }
        });
    }

    void store_map(Index image, Range channels, const Real* map, Index pitch) const {
        Storage* gradient = static_cast<Storage*>(arrays_[kGradient]);
        const MapStrides& s = p_.gradient;
        bool whole = s.column == 1 && s.row == p_.width;
        Index run = whole ? p_.height * p_.width : s.column == 1 ? p_.width : 1;
        for (Index i = 0; i < p_.height * p_.width; i += run) {
            for (Index c = channels.begin; c < channels.end; c += kLanes) {
                store_transposed<Vector>(gradient + s.at(image, c, i / p_.width, i % p_.width), s.channel,
                                         static_cast<int>(minimum(kLanes, channels.end - c)), run,
                                         map + i * pitch + c - channels.begin, pitch);
            }
        }
    }
};

// The same plan for cpu/region.h, channel by channel.
template <class Plan>
class SumsOfOneChannel : public Plan {
public:
    typedef typename Plan::StorageType Storage;
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr bool kTakesLanes = false;

    using Plan::Plan;

    template <class>
    void forward(const RegionCell& cell) const {
        const Storage* x = static_cast<const Storage*>(this->arrays_[kInput]);
        Storage* y = static_cast<Storage*>(this->arrays_[kOutput]);
        Index number = cell.row * this->p_.columns + cell.column;
        Real mean;
        this->template means<1>(number, x + this->p_.input.at(cell.image, cell.input_channel, 0, 0), 1, &mean);
        store(y + this->p_.output.at(cell.region, cell.channel, cell.row, cell.column), mean);
        this->store_extra(cell.region, {cell.channel, cell.channel + 1}, {number, number + 1});
    }

    void backward(const RegionCell& cell, Real* map) const {
        const Storage* gradient = static_cast<const Storage*>(this->arrays_[kOutput]);
        Real of_cell = load(gradient + this->p_.output.at(cell.region, cell.channel, cell.row, cell.column));
        this->template spread<1>(cell.row * this->p_.columns + cell.column, &of_cell, map);
    }
};

// Kernels of a plan of weighted sums.
template <template <class> class Plan>
struct RegionSums {
    template <class Storage>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        return fits<Storage>(parameters) ? RegionLanes<Plan<Storage>>(parameters, arrays).forward()
                                         : RegionDriver<SumsOfOneChannel<Plan<Storage>>>(parameters, arrays).forward();
    }

    template <class Storage>
    static KernelStatus backward(const void* parameters, void* const* arrays) {
        return fits<Storage>(parameters) ? RegionLanes<Plan<Storage>>(parameters, arrays).backward()
                                         : RegionDriver<SumsOfOneChannel<Plan<Storage>>>(parameters, arrays).backward();
    }

private:
    template <class Storage>
    static bool fits(const void* parameters) {
        return RegionBlocks<Storage>::fits(*static_cast<const RegionParameters*>(parameters));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
