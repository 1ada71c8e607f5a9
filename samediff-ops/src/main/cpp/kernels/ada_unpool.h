// SPDX-License-Identifier: Apache-2.0
// Adaptive unpooling (Stergiou, Poppe, TIP 2023): each cell is the mean of its elements of x, weighted by beta and one
// mask, plus the same with 1 - beta and the other mask.
#pragma once

#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct AdaUnpoolParameters {
    CellParameters map;  // of the input; one level, whose cells are the output
    Index beta[2];       // strides along height and width
    Index masks[2][3];   // strides along batch, height and width
};

template <class Real>
POOLING_FUNCTION Real clamp_to_unit(Real value) {
    value = value < 0 ? Real(0) : value;
    return value > 1 ? Real(1) : value;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
