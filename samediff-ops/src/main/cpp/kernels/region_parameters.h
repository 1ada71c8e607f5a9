// SPDX-License-Identifier: Apache-2.0
// What every kernel of the region operators gets (RegionOp.java fills it in).
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct MapStrides {
    Index batch;
    Index channel;
    Index row;
    Index column;

    POOLING_FUNCTION Index at(Index b, Index c, Index y, Index x) const {
        return b * batch + c * channel + y * row + x * column;
    }
};

// A region of one image. Java has checked that the image exists and that the numbers are finite.
struct RegionBox {
    double image;
    double output;      // which region of the output it is
    double numbers[6];  // what the operator's boxes consist of, in its order
};

// Arrays: input, boxes (RegionBox, dense), offset, mask, output or its gradient, index or count, then the gradients to
// compute. Those that an operator does not have are null.
enum RegionArray { kInput, kBoxes, kOffset, kMask, kOutput, kExtra, kGradient, kMaskGradient };

struct RegionParameters {
    Index boxes;
    Index images;
    Index channels;
    Index height;
    Index width;
    Index output_channels;
    Index rows;  // cells of a region
    Index columns;
    // Position-sensitive operators read cell (i,j) of output channel c from channel (c * group_rows + gi) *
    // group_columns + gj, with (gi,gj) the group of the cell. 1 and 1: every cell reads channel c.
    Index group_rows;
    Index group_columns;
    Index classes;  // of offsets: consecutive output channels share one
    Index scale;    // bits of a double: size of the map divided by that of the image
    WindowOptions options;
    MapStrides input;
    MapStrides offset;
    MapStrides mask;
    MapStrides output;
    MapStrides extra;
    MapStrides gradient;
    MapStrides mask_gradient;

    POOLING_FUNCTION Index groups() const {
        return group_rows * group_columns;
    }

    POOLING_FUNCTION Index group(Index i, Index j) const {
        return quotient(i * group_rows, rows) * group_columns + quotient(j * group_columns, columns);
    }

    POOLING_FUNCTION Index class_of(Index output_channel) const {
        return quotient(output_channel, quotient(output_channels, classes));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
