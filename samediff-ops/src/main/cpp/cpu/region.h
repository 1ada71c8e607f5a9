// SPDX-License-Identifier: Apache-2.0
// Drivers of the region operators. The forward pass shares (region, channel) among threads, the gradient of the map
// (image, channel): a thread adds up the regions of an image in their order, in a plane of its own.
//
// A plan is what an operator works out about one region before it turns to the channels:
//   Plan(parameters, arrays, pass)
//   select(box, offset class, stride of rows, stride of columns) -> false: out of memory
//   forward<Vector>(cell)   writes the results of a cell; Vector is one number unless kTakesLanes
//   backward(cell, map)     adds the gradient of a cell to a dense map
#pragma once

#include "../kernels/region_parameters.h"
#include "growing_array.h"
#include "kernel_table.h"
#include "lanes.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

enum RegionPass { kForwardPass, kBackwardPass };

// A cell of some neighbouring output channels.
struct RegionCell {
    Index region;
    Index image;
    Index channel;  // of the output, the first one
    Index row;
    Index column;
    Index input_channel;
    int lanes;
};

// Behind the last output channel that shares offsets with this one.
inline Index end_of_class(const RegionParameters& p, Index channel) {
    Index of_class = p.output_channels / p.classes;
    return (channel / of_class + 1) * of_class;
}

template <class Plan>
class RegionDriver {
public:
    typedef typename Plan::StorageType Storage;
    typedef typename StorageTraits<Storage>::Real Real;

    RegionDriver(const void* parameters, void* const* arrays)
        : p_(*static_cast<const RegionParameters*>(parameters)),
          arrays_(arrays),
          boxes_(static_cast<const RegionBox*>(arrays[kBoxes])) {}

    KernelStatus forward() const {
        bool out_of_memory = false;
        parallel_ranges(p_.boxes * p_.output_channels, work_of_region(), [&](Index begin, Index end) {
            Plan plan(p_, arrays_, kForwardPass);
            while (begin < end) {
                const RegionBox& box = boxes_[begin / p_.output_channels];
                Range channels = {begin % p_.output_channels, 0};
                channels.end = minimum(end_of_class(p_, channels.begin), channels.begin + (end - begin));
                if (!plan.select(box, p_.class_of(channels.begin), p_.input.row, p_.input.column)) {
                    out_of_memory = true;  // every thread writes the same value
                    return;
                }
                if (in_lanes()) {
                    forward<typename LanesOf<Real>::Vector>(plan, box, channels);
                } else {
                    forward<Real>(plan, box, channels);
                }
                begin += channels.size();
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    KernelStatus backward() const {
        bool out_of_memory = false;
        Index regions_per_image = p_.boxes / p_.images + 1;
        Index work = p_.height * p_.width + work_of_region() * regions_per_image / p_.groups();
        parallel_ranges(p_.images * p_.channels, work, [&](Index begin, Index end) {
            Plan plan(p_, arrays_, kBackwardPass);
            GrowingArray<Real> map;
            Index block = channels_at_once();
            if (!map.reserve(block * p_.height * p_.width)) {
                out_of_memory = true;
                return;
            }
            while (begin < end) {
                Range channels = {begin % p_.channels, 0};
                channels.end = minimum(p_.channels, channels.begin + minimum(block, end - begin));
                if (!add_regions(plan, begin / p_.channels, channels, map.data())) {
                    out_of_memory = true;
                    return;
                }
                store_map(begin / p_.channels, channels, map.data());
                begin += channels.size();
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    const RegionBox* boxes_;

    // Element visits of one channel of a region, roughly.
    Index work_of_region() const {
        return p_.rows * p_.columns * 16;
    }

    bool in_lanes() const {
        return Plan::kTakesLanes && p_.input.channel == 1 && p_.channels > 1 && p_.groups() == 1;
    }

    template <class Vector>
    void forward(const Plan& plan, const RegionBox& box, Range channels) const {
        for (Index c = channels.begin; c < channels.end; c += lane_count<Vector>()) {
            RegionCell cell = first_cell(box, c, minimum(lane_count<Vector>(), channels.end - c));
            for (cell.row = 0; cell.row < p_.rows; cell.row++) {
                for (cell.column = 0; cell.column < p_.columns; cell.column++) {
                    cell.input_channel = c * p_.groups() + p_.group(cell.row, cell.column);
                    plan.template forward<Vector>(cell);
                }
            }
        }
    }

    static RegionCell first_cell(const RegionBox& box, Index channel, Index lanes) {
        return {static_cast<Index>(box.output), static_cast<Index>(box.image), channel, 0, 0, 0,
                static_cast<int>(lanes)};
    }

    // As many maps of one channel as stay in the cache.
    Index channels_at_once() const {
        constexpr Index kElements = 1 << 18;
        return maximum(1, minimum(64, kElements / (p_.height * p_.width)));
    }

    bool add_regions(Plan& plan, Index image, Range channels, Real* map) const {
        for (Index i = 0; i < channels_at_once() * p_.height * p_.width; i++) {
            map[i] = 0;
        }
        // Output channels that read from these.
        Range outputs = {channels.begin / p_.groups(), ceil_divide(channels.end, p_.groups())};
        for (Index k = 0; k < p_.boxes; k++) {
            if (static_cast<Index>(boxes_[k].image) != image) {
                continue;
            }
            for (Index begin = outputs.begin; begin < outputs.end; begin = end_of_class(p_, begin)) {
                Range part = {begin, minimum(outputs.end, end_of_class(p_, begin))};
                if (!plan.select(boxes_[k], p_.class_of(begin), p_.width, 1)) {
                    return false;
                }
                backward(plan, boxes_[k], part, channels, map);
            }
        }
        return true;
    }

    void backward(const Plan& plan, const RegionBox& box, Range outputs, Range channels, Real* map) const {
        for (Index c = outputs.begin; c < outputs.end; c++) {
            RegionCell cell = first_cell(box, c, 1);
            for (cell.row = 0; cell.row < p_.rows; cell.row++) {
                for (cell.column = 0; cell.column < p_.columns; cell.column++) {
                    cell.input_channel = c * p_.groups() + p_.group(cell.row, cell.column);
                    Index in_map = cell.input_channel - channels.begin;
                    if (in_map >= 0 && in_map < channels.size()) {
                        plan.backward(cell, map + in_map * p_.height * p_.width);
                    }
                }
            }
        }
    }

    void store_map(Index image, Range channels, const Real* map) const {
        Storage* gradient = static_cast<Storage*>(arrays_[kGradient]);
        for (Index c = 0; c < channels.size(); c++) {
            const Real* source = map + c * p_.height * p_.width;
            for (Index y = 0; y < p_.height; y++) {
                Storage* row = gradient + p_.gradient.at(image, channels.begin + c, y, 0);
                for (Index x = 0; x < p_.width; x++) {
                    store(row + x * p_.gradient.column, source[y * p_.width + x]);
                }
            }
        }
    }
};

// Shares the regions among threads. Work(parameters, arrays).run(box) -> false: out of memory.
template <class Work>
KernelStatus for_each_region(const void* parameters, void* const* arrays) {
    const RegionParameters& p = *static_cast<const RegionParameters*>(parameters);
    const RegionBox* boxes = static_cast<const RegionBox*>(arrays[kBoxes]);
    bool out_of_memory = false;
    parallel_ranges(p.boxes, p.output_channels * p.rows * p.columns * 64, [&](Index begin, Index end) {
        Work work(p, arrays);
        for (Index k = begin; k < end; k++) {
            if (!work.run(boxes[k])) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
        }
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

template <template <class> class Plan>
struct RegionKernels {
    template <class Storage>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        return RegionDriver<Plan<Storage>>(parameters, arrays).forward();
    }

    template <class Storage>
    static KernelStatus backward(const void* parameters, void* const* arrays) {
        return RegionDriver<Plan<Storage>>(parameters, arrays).backward();
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

// Kernels: RegionKernels, or RegionSums (cpu/region_lanes.h), of a plan.
#define POOLING_REGION_PASSES(name, ...)                                        \
    POOLING_KERNEL(name "_forward", RegionParameters, 6, __VA_ARGS__::forward), \
        POOLING_KERNEL(name "_backward", RegionParameters, 7, __VA_ARGS__::backward),

// Further kernels follow in the argument list, each with a comma behind it.
#define POOLING_REGION_KERNELS(stem, Kernels, ...)           \
    namespace pooling {                                      \
    extern const KernelEntry POOLING_KERNEL_TABLE(stem)[];   \
    const KernelEntry POOLING_KERNEL_TABLE(stem)[] = {       \
        POOLING_REGION_PASSES(#stem, Kernels) __VA_ARGS__{}, \
    };                                                       \
    }
