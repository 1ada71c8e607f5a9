// SPDX-License-Identifier: Apache-2.0
// One image of some neighbouring channels with the channels side by side, filled where it is read.
#pragma once

#include <string.h>

#include "../kernels/region_parameters.h"
#include "scratch.h"
#include "transposition.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class MapTile {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    // pitch: channels at most, in whole vectors.
    MapTile(Index height, Index width, Index pitch)
        : height_(height),
          width_(width),
          pitch_(pitch),
          pieces_(ceil_divide(width, kLanes)),
          elements_(height * width * pitch),
          filled_(height * pieces_) {}

    explicit operator bool() const {
        return elements_ && filled_;
    }

    const Real* elements() const {
        return elements_.get();
    }

    // From now on the tile is of another place.
    void reset(const Storage* map, const MapStrides& strides, Index channels) {
        map_ = map;
        strides_ = strides;
        channels_ = channels;
        missing_ = height_ * pieces_;
        memset(filled_.get(), 0, static_cast<size_t>(missing_));
    }

    void fill(Range rows, Range columns) {
        for (Index y = rows.begin; y < rows.end && missing_ > 0; y++) {
            for (Index piece = columns.begin / kLanes; piece * kLanes < columns.end; piece++) {
                UInt8& filled = filled_.get()[y * pieces_ + piece];
                if (!filled) {
                    filled = 1;
                    missing_--;
                    fill_piece(y, piece);
                }
            }
        }
    }

private:
    static constexpr Index kLanes = lane_count<Vector>();

    Index height_;
    Index width_;
    Index pitch_;
    Index pieces_;  // of a row
    Scratch<Real> elements_;
    Scratch<UInt8> filled_;
    const Storage* map_ = nullptr;
    MapStrides strides_ = {};
    Index channels_ = 0;
    Index missing_ = 0;

    void fill_piece(Index y, Index piece) {
        Index x = piece * kLanes;
        x = x + kLanes > width_ ? maximum(0, width_ - kLanes) : x;
        Index columns = minimum(kLanes, width_ - x);
        for (Index c = 0; c < channels_; c += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, channels_ - c));
            const Storage* source = map_ + strides_.at(0, c, y, x);
            Real* target = elements_.get() + (y * width_ + x) * pitch_ + c;
            if (strides_.column == 1) {
                load_transposed<Vector>(source, strides_.channel, lanes, columns, target, pitch_);
            } else {
                for (Index i = 0; i < columns; i++) {
                    store_lanes(target + i * pitch_,
                                load_lanes<Vector>(source + i * strides_.column, strides_.channel, lanes));
                }
            }
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
