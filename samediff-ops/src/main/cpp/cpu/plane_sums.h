// SPDX-License-Identifier: Apache-2.0
// Writing to places that an index array names. One thread has a whole plane, or the same plane of a few neighbouring
// channels, so that the order of what meets in one place does not depend on the number of threads.
#pragma once

#include "kernel_table.h"
#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Offsets of the positions of a plane, which an index numbers row by row.
class PlaneOffsets {
public:
    PlaneOffsets(const Index* size, const Index* strides) : size_(size), strides_(strides) {
        even_ = (size[1] == 1 || strides[1] == size[2] * strides[2]) &&
                (size[0] == 1 || strides[0] == size[1] * size[2] * strides[2]);
    }

    // Whether neighbours are equally far apart, across rows too.
    bool even() const {
        return even_;
    }

    Index operator()(Index position) const {
        if (even_) {
            return position * strides_[2];
        }
        Index row = position / size_[2];
        return position % size_[2] * strides_[2] + row % size_[1] * strides_[1] + row / size_[1] * strides_[0];
    }

private:
    const Index* size_;
    const Index* strides_;
    bool even_;
};

// Planes of neighbouring channels that one thread works on together: one, or a cache line's where channels are last.
struct PlaneBlocks {
    Index channels;
    Index width;

    explicit PlaneBlocks(const MapView& map)
        : channels(map.channels), width(map.channels_last() ? minimum(16, map.channels) : 1) {}

    Index count(Index batch) const {
        return batch * ceil_divide(channels, width);
    }

    Index batch(Index block) const {
        return block / ceil_divide(channels, width);
    }

    Range range(Index block) const {
        Index begin = block % ceil_divide(channels, width) * width;
        return {begin, minimum(begin + width, channels)};
    }
};

template <class A, class B>
constexpr bool kSame = false;
template <class A>
constexpr bool kSame<A, A> = true;

// Adds up numbers at positions of one block of planes: in the array itself, or, where that would round each time or
// is awkward to step through, in scratch memory.
template <class Storage>
class PlaneSums {
public:
    typedef typename StorageTraits<Storage>::Real Real;

    PlaneSums(const MapView& map, Index block_width)
        : strides_(map.strides),
          offsets_(map.size, map.strides.axes),
          positions_(map.positions()),
          width_(block_width),
          in_place_(kSame<Storage, Real> && offsets_.even()),
          scratch_(in_place_ ? 0 : positions_ * block_width) {}

    bool has_memory() const {
        return static_cast<bool>(scratch_);
    }

    // first: element 0 of the block's first plane.
    void begin(Storage* first, Index channels) {
        first_ = first;
        channels_ = channels;
        sums_ = scratch_.get();
        position_step_ = width_;
        channel_step_ = 1;
        if constexpr (kSame<Storage, Real>) {
            if (in_place_) {
                sums_ = first;
                position_step_ = strides_.axes[2];
                channel_step_ = strides_.channel;
            }
        }
        for (Index i = 0; i < positions_; i++) {
            for (Index c = 0; c < channels; c++) {
                sums_[i * position_step_ + c * channel_step_] = 0;
            }
        }
    }

    POOLING_FUNCTION void add(Index position, Index channel, Real value) {
        sums_[position * position_step_ + channel * channel_step_] += value;
    }

    void finish() {
        for (Index i = 0; i < positions_ && !in_place_; i++) {
            Storage* target = first_ + offsets_(i);
            for (Index c = 0; c < channels_; c++) {
                store(target + c * strides_.channel, sums_[i * position_step_ + c]);
            }
        }
    }

private:
    const TensorStrides& strides_;
    PlaneOffsets offsets_;
    Index positions_;
    Index width_;
    bool in_place_;
    Scratch<Real> scratch_;
    Storage* first_ = nullptr;
    Index channels_ = 0;
    Real* sums_ = nullptr;
    Index position_step_ = 0;
    Index channel_step_ = 0;
};

// Calls function(sums, batch, channels) for each block of planes; it adds what belongs there.
template <class Storage, class Function>
KernelStatus add_to_planes(const MapView& map, Index work_per_plane, Storage* target, const Function& function) {
    PlaneBlocks blocks(map);
    bool out_of_memory = false;
    Index work = (map.positions() + work_per_plane) * blocks.width;
    parallel_ranges(blocks.count(map.batch), work, [&](Index begin, Index end) {
        PlaneSums<Storage> sums(map, blocks.width);
        if (!sums.has_memory()) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        for (Index block = begin; block < end; block++) {
            Index batch = blocks.batch(block);
            Range channels = blocks.range(block);
            sums.begin(target + batch * map.strides.batch + channels.begin * map.strides.channel, channels.size());
            function(sums, batch, channels);
            sums.finish();
        }
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

// Gradient of the largest elements of cells. Arrays: gradient of y, index, plan (its ranges are not used), gradient of
// x.
template <class Storage>
KernelStatus cell_maximum_backward(const void* parameters, void* const* arrays) {
    const CellParameters& p = *static_cast<const CellParameters*>(parameters);
    const Storage* y_gradient = static_cast<const Storage*>(arrays[0]);
    const Index* index = static_cast<const Index*>(arrays[1]);
    CellPlan plan = {static_cast<const Index*>(arrays[2]), 0};
    MapView map = {p.batch, p.channels, p.input, p.x};
    return add_to_planes(map, 0, static_cast<Storage*>(arrays[3]),
                         [&](PlaneSums<Storage>& sums, Index batch, Range channels) {
                             for (Index l = 0; l < p.levels; l++) {
                                 const CellLevel& level = plan.level(l);
                                 for (Index row = 0; row < level.output[0] * level.output[1]; row++) {
                                     MapRow at(level.output, 1, row);
                                     at.batch = batch;
                                     at.channel = channels.begin;
                                     Index g = at.offset(level.y);
                                     Index place = at.offset(level.index);
                                     for (Index o = 0; o < level.output[2]; o++) {
                                         for (Index c = 0; c < channels.size(); c++) {
                                             sums.add(index[place + c * level.index.strides.channel], c,
                                                      load(y_gradient + g + c * level.y.strides.channel));
                                         }
                                         g += level.y.strides.axes[2];
                                         place += level.index.strides.axes[2];
                                     }
                                 }
                             }
                         });
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
