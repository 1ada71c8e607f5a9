// SPDX-License-Identifier: Apache-2.0
// Where the numbers of a row of windows stand in an array with one for each window.
#pragma once

#include "columns.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Numbers are those of the windows of a row or, from begin_column on, of the channels of a window.
template <class Element>
class ArrayRow {
public:
    ArrayRow(const TensorStrides& strides, void* array) : s_(strides), array_(static_cast<Element*>(array)) {}

    void begin_row(Index batch, Index channel, Index depth, Index height) {
        row_ = array_ + element_offset(s_, batch, channel, depth, height, 0);
        stride_ = s_.axes[2];
    }

    // One window after the other.
    void begin_column(Index output) {
        row_ += output == 0 ? 0 : s_.axes[2];
        stride_ = s_.channel;
    }

    void begin_plane(Index batch, Index channel) {
        plane_ = array_ + element_offset(s_, batch, channel, 0, 0, 0);
        stride_ = s_.axes[2];
    }

    POOLING_FUNCTION void begin_columns(const InputRows& rows) {
        row_ = plane_ + rows.depth * s_.axes[0] + rows.height * s_.axes[1];
    }

    POOLING_FUNCTION Element* at(Index number) const {
        return row_ + number * stride_;
    }

    POOLING_FUNCTION Index stride() const {
        return stride_;
    }

    template <class Real>
    POOLING_FUNCTION void put(Index number, int lanes, Real value) const {
        store_lanes(at(number), stride_, lanes, value);
    }

private:
    TensorStrides s_;
    Element* array_;
    Element* plane_ = nullptr;
    Element* row_ = nullptr;
    Index stride_ = 0;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
