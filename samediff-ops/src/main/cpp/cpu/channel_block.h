// SPDX-License-Identifier: Apache-2.0
// Maps of some neighbouring channels of an image with the channels side by side, so that one vector holds an element of
// several channels.
#pragma once

#include "../kernels/deformable_average_pool.h"
#include "lanes.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class ChannelBlock {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    // Memory for the largest block.
    ChannelBlock(Index rows, Index columns, Index channels) : columns_(columns), memory_(rows * columns * up(channels)) {}

    explicit operator bool() const {
        return static_cast<bool>(memory_);
    }

    // A multiple of the lanes of a vector.
    static Index up(Index channels) {
        return (channels + kLanes - 1) / kLanes * kLanes;
    }

    // Gets at some rows of the channels, where they are or from a copy.
    void read(const Storage* x, const TensorStrides& s, Index batch, Range channels, Range rows) {
        const Storage* from = x + place_in(s, batch, channels.begin, 0, 0);
        if constexpr (sizeof(Storage) == sizeof(Real)) {
            if (s.channel == 1 && channels.size() % kLanes == 0) {
                lay_out(from, s.axes[1], s.axes[2], channels.size());
                return;
            }
        }
        place_dense(channels.size(), rows.begin);
        Real* to = memory_.get();
        for (Index row = rows.begin; row < rows.end; row++) {
            for (Index column = 0; column < columns_; column++, to += vectors_ * kLanes) {
                const Storage* element = from + row * s.axes[1] + column * s.axes[2];
                for (Index c = 0; c < channels.size(); c += kLanes) {
                    store_lanes(to + c, load_lanes<Vector>(element + c * s.channel, s.channel, lanes(channels, c)));
                }
            }
        }
    }

    // A map of zeros to add to.
    void clear(Range channels, Index rows) {
        place_dense(channels.size(), 0);
        Index size = rows * columns_ * vectors_ * kLanes;
        for (Index i = 0; i < size; i += kLanes) {
            store_lanes(memory_.get() + i, broadcast<Vector>(0));
        }
    }

    void write(Storage* x, const TensorStrides& s, Index batch, Range channels, Index rows) const {
        for (Index row = 0; row < rows; row++) {
            for (Index column = 0; column < columns_; column++) {
                for (Index c = 0; c < channels.size(); c += kLanes) {
                    store_lanes(x + place_in(s, batch, channels.begin + c, row, column), s.channel,
                                lanes(channels, c),
                                load_lanes(memory_.get() + row * row_step_ + column * column_step_ + c));
                }
            }
        }
    }

    static int lanes(Range channels, Index c) {
        return static_cast<int>(minimum(kLanes, channels.size() - c));
    }

    Index vectors() const {
        return vectors_;
    }

    // Of the first channel; after read().
    Index offset(Index row, Index column) const {
        return (row - first_row_) * row_step_ + column * column_step_;
    }

    const Real* elements() const {
        return base_;
    }

    Real* sums() const {
        return memory_.get();
    }

private:
    Index columns_;
    Scratch<Real> memory_;
    const Real* base_ = nullptr;
    Index first_row_ = 0;
    Index row_step_ = 0;
    Index column_step_ = 0;
    Index vectors_ = 0;

    void place_dense(Index channels, Index first_row) {
        vectors_ = up(channels) / kLanes;
        column_step_ = vectors_ * kLanes;
        row_step_ = columns_ * column_step_;
        first_row_ = first_row;
        base_ = memory_.get();
    }

    // For float and double only; others are copied.
    template <class Element>
    void lay_out(const Element* from, Index row_step, Index column_step, Index channels) {
        if constexpr (sizeof(Element) == sizeof(Real)) {
            base_ = from;
            first_row_ = 0;
            row_step_ = row_step;
            column_step_ = column_step;
            vectors_ = channels / kLanes;
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
