// SPDX-License-Identifier: Apache-2.0
// Regions and blocks of channels that lie side by side: where those of the map do not, it is transposed in tiles of
// some channels, as far as regions read it.
//
// A plan is what an operator works out about one region before it turns to the channels:
//   Plan(parameters, arrays, pass)
//   select(box, offset class, stride of rows, stride of columns) -> false: out of memory
//   cover(rows, columns)   widens ranges of offsets to those of what the selected region reads
#pragma once

#include "map_tile.h"
#include "region.h"
#include "region_order.h"
#include "vector_parts.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class RegionBlocks {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    RegionBlocks(const RegionParameters& p, void* const* arrays)
        : p_(p),
          arrays_(arrays),
          order_(static_cast<const RegionBox*>(arrays[kBoxes]), p.boxes, p.images),
          is_direct_(p.input.channel == 1),
          block_(is_direct_ ? minimum(kDirectChannels, padded(p.channels)) : channels_at_once()) {}

    // Whether vectors of channels pay, and tiles are not too large.
    static bool fits(const RegionParameters& p) {
        constexpr Index kMost = 1 << 22;
        constexpr Index kFewChannels = 4;
        return p.groups() == 1 && p.channels >= (p.input.channel == 1 ? 2 : kFewChannels) &&
               p.height * p.width * kLanes <= kMost;
    }

    // As many channels as stay in the cache, in whole vectors.
    Index channels_at_once() const {
        constexpr Index kElements = 1 << 18;
        Index fitting = minimum(4, kElements / (p_.height * p_.width * kLanes));
        return minimum(maximum(1, fitting) * kLanes, padded(p_.channels));
    }

    // Channels of a block, in whole vectors.
    Index block() const {
        return block_;
    }

    Index blocks() const {
        return ceil_divide(p_.channels, block_);
    }

    const RegionOrder& order() const {
        return order_;
    }

    // Calls body(plan, scratch, box, number of the block, its channels, some of them with offsets of their own, map of
    // the block) for all regions and blocks; scratch holds scratch_size numbers.
    template <class Plan, class Body>
    KernelStatus for_each(Index scratch_size, const Body& body) const {
        bool out_of_memory = !order_;
        Index work = p_.rows * p_.columns * 4 * block_;
        parallel_ranges(out_of_memory ? 0 : blocks() * p_.boxes, work, [&](Index begin, Index end) {
            Plan plan(p_, arrays_, kForwardPass);
            MapTile<Storage> tile(is_direct_ ? 0 : p_.height, p_.width, block_);
            Scratch<Real> scratch(scratch_size);
            bool has_memory = tile && scratch;
            Index known = -1;
            for (Index i = begin; i < end && has_memory; i++) {
                Index number = i / p_.boxes;
                const RegionBox& box = order_[i % p_.boxes];
                Index image = static_cast<Index>(box.image);
                Range channels = {number * block_, minimum((number + 1) * block_, p_.channels)};
                const Storage* map =
                    static_cast<const Storage*>(arrays_[kInput]) + p_.input.at(image, channels.begin, 0, 0);
                if (!is_direct_ && number * p_.images + image != known) {
                    known = number * p_.images + image;
                    tile.reset(map, p_.input, channels.size());
                }
                has_memory = for_each_class(channels, [&](Range part) {
                    Index offset_class = p_.class_of(part.begin);
                    if (is_direct_) {
                        if (!plan.select(box, offset_class, p_.input.row, p_.input.column)) {
                            return false;
                        }
                        body(plan, scratch.get(), box, number, channels, part, map);
                        return true;
                    }
                    if (!plan.select(box, offset_class, p_.width * block_, block_)) {
                        return false;
                    }
                    fill(plan, tile);
                    body(plan, scratch.get(), box, number, channels, part, tile.elements());
                    return true;
                });
            }
            if (!has_memory) {
                out_of_memory = true;  // every thread writes the same value
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // Calls body(channels) -> bool for parts with offsets of their own, while it says true.
    template <class Body>
    bool for_each_class(Range channels, const Body& body) const {
        for (Index begin = channels.begin; begin < channels.end;) {
            Range part = {begin, minimum(channels.end, end_of_class(p_, begin))};
            if (!body(part)) {
                return false;
            }
            begin = part.end;
        }
        return true;
    }

    // Calls function(number of the first cell, its row and column, number of cells) for cells of the output that lie
    // side by side.
    template <class Function>
    void for_each_run(const Function& function) const {
        bool whole = p_.output.column == 1 && p_.output.row == p_.columns;
        Index run = whole ? p_.rows * p_.columns : p_.output.column == 1 ? p_.columns : 1;
        for (Index number = 0; number < p_.rows * p_.columns; number += run) {
            function(number, number / p_.columns, number % p_.columns, run);
        }
    }

    // gradients[cell * block + channel] = gradient of the output.
    void load_gradients(const RegionBox& box, Range channels, Real* gradients) const {
        const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
        for_each_run([&](Index number, Index row, Index column, Index count) {
            for (Index c = channels.begin; c < channels.end; c += kLanes) {
                const Storage* source = gradient + p_.output.at(static_cast<Index>(box.output), c, row, column);
                Real* target = gradients + number * block_ + c - channels.begin;
                int lanes = static_cast<int>(minimum(kLanes, channels.end - c));
                load_transposed<Vector>(source, p_.output.channel, lanes, count, target, block_);
            }
        });
    }

    // The output of a region from results[cell * block + channel].
    void store_results(Index region, Range channels, const Real* results) const {
        Storage* y = static_cast<Storage*>(arrays_[kOutput]);
        for_each_run([&](Index number, Index row, Index column, Index count) {
            for (Index c = 0; c < channels.size(); c += kLanes) {
                store_transposed<Vector>(y + p_.output.at(region, channels.begin + c, row, column), p_.output.channel,
                                         static_cast<int>(minimum(kLanes, channels.size() - c)), count,
                                         results + number * block_ + c, block_);
            }
        });
    }

private:
    static constexpr Index kDirectChannels = 16 * kLanes;

    const RegionParameters& p_;
    void* const* arrays_;
    RegionOrder order_;
    bool is_direct_;
    Index block_;

    static Index padded(Index channels) {
        return ceil_divide(channels, kLanes) * kLanes;
    }

    template <class Plan>
    void fill(const Plan& plan, MapTile<Storage>& tile) const {
        Range rows = {p_.height * p_.width * block_, 0};
        Range columns = rows;
        plan.cover(rows, columns);
        if (rows.begin <= rows.end && columns.begin <= columns.end) {
            tile.fill({rows.begin / (p_.width * block_), rows.end / (p_.width * block_) + 1},
                      {columns.begin / block_, columns.end / block_ + 1});
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
