// SPDX-License-Identifier: Apache-2.0
// Lines of a map that several arrays are stepped through together, element by element: as long as the arrays' strides
// allow, so that short rows of dense arrays cost nothing.
#pragma once

#include "../core/window_geometry.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Part of a line.
template <int Arrays>
struct ElementLine {
    Index offsets[Arrays];
    Index strides[Arrays];
    Index count;
    Index channel;  // of all its elements; or, where it runs along the channels, of the first
};

template <int Arrays>
class ElementLines {
public:
    // by_channel: what is done depends on the channel.
    ElementLines(Index batch, Index channels, const Index* size, const TensorStrides (&strides)[Arrays],
                 bool by_channel)
        : axes_(0), channel_axis_(-1) {
        bool channels_last = strides[0].channel == 1 && channels > 1;
        add(batch, strides, &TensorStrides::batch);
        if (!channels_last) {
            add_channels(channels, strides, by_channel);
        }
        for (int a = 0; a < kAxes; a++) {
            Index steps[Arrays];
            for (int i = 0; i < Arrays; i++) {
                steps[i] = strides[i].axes[a];
            }
            add(size[a], steps);
        }
        if (channels_last) {
            add_channels(channels, strides, by_channel);
        }
        if (axes_ == 0) {
            sizes_[axes_++] = 1;
        }
    }

    bool runs_along_channels() const {
        return channel_axis_ == axes_ - 1;
    }

    // function(line), in several threads.
    template <class Function>
    void for_each(const Function& function) const {
        constexpr Index kPart = 1 << 14;  // lines are cut, so that one long line can be shared
        Index length = sizes_[axes_ - 1];
        Index parts = ceil_divide(length, kPart);
        Index lines = parts;
        for (int a = 0; a < axes_ - 1; a++) {
            lines *= sizes_[a];
        }
        parallel_ranges(lines, length < kPart ? length : kPart, [&](Index begin, Index end) {
            for (Index i = begin; i < end; i++) {
                Index first = i % parts * kPart;
                Index rest = i / parts;
                ElementLine<Arrays> line = {};
                line.count = minimum(kPart, length - first);
                line.channel = runs_along_channels() ? first : 0;
                for (int array = 0; array < Arrays; array++) {
                    line.strides[array] = strides_[array][axes_ - 1];
                    line.offsets[array] = first * line.strides[array];
                }
                for (int a = axes_ - 2; a >= 0; a--) {
                    Index at = rest % sizes_[a];
                    rest /= sizes_[a];
                    line.channel = a == channel_axis_ ? at : line.channel;
                    for (int array = 0; array < Arrays; array++) {
                        line.offsets[array] += at * strides_[array][a];
                    }
                }
                function(line);
            }
        });
    }

private:
    int axes_;
    int channel_axis_;
    Index sizes_[kAxes + 2];
    Index strides_[Arrays][kAxes + 2] = {};

    void add(Index size, const TensorStrides (&strides)[Arrays], Index TensorStrides::*member) {
        Index steps[Arrays];
        for (int i = 0; i < Arrays; i++) {
            steps[i] = strides[i].*member;
        }
        add(size, steps);
    }

    void add_channels(Index channels, const TensorStrides (&strides)[Arrays], bool by_channel) {
        if (!by_channel) {
            add(channels, strides, &TensorStrides::channel);
            return;
        }
        channel_axis_ = axes_;
        sizes_[axes_] = channels;
        for (int i = 0; i < Arrays; i++) {
            strides_[i][axes_] = strides[i].channel;
        }
        axes_++;
    }

    // Joins an axis to the one before where the elements follow each other.
    void add(Index size, const Index (&steps)[Arrays]) {
        if (size == 1) {
            return;
        }
        bool joins = axes_ > 0 && channel_axis_ != axes_ - 1;
        for (int i = 0; i < Arrays && joins; i++) {
            joins = strides_[i][axes_ - 1] == steps[i] * size;
        }
        int axis = joins ? axes_ - 1 : axes_++;
        sizes_[axis] = joins ? sizes_[axis] * size : size;
        for (int i = 0; i < Arrays; i++) {
            strides_[i][axis] = steps[i];
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
