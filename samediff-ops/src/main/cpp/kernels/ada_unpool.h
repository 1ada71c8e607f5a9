// SPDX-License-Identifier: Apache-2.0
// Adaptive unpooling (Stergiou, Poppe, TIP 2023): each cell is the mean of its elements of x, weighted by beta and one
// mask, plus the same with 1 - beta and the other mask.
#pragma once

#include "../core/storage.h"
#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct AdaUnpoolParameters {
    CellParameters map;  // of the input; one level, whose cells are the output
    Index beta[2];       // strides along height and width
    Index masks[2][3];   // strides along batch, height and width
};

// Arrays of the backward pass: those of the forward pass but y, then the gradients of y, x and beta.
struct AdaUnpoolBackwardParameters {
    AdaUnpoolParameters unpool;
    TensorStrides x_gradient;
    Index beta_gradient[2];
};

template <class Real>
POOLING_FUNCTION Real clamp_to_unit(Real value) {
    value = value < 0 ? Real(0) : value;
    return value > 1 ? Real(1) : value;
}

template <class Real>
struct UnpoolWeight {
    Real value;
    Real by_beta;  // its derivative
};

// Weights of elements in cells, which do not depend on the channel.
template <class Storage>
struct UnpoolWeights {
    typedef typename StorageTraits<Storage>::Real Real;

    const AdaUnpoolParameters& p;
    const CellRange* heights;
    const CellRange* widths;
    const Storage* beta;
    const Storage* masks[2];  // of eDSCW and of eM

    POOLING_FUNCTION UnpoolWeight<Real> of(Index batch, Index h, Index w, Index cell_h, Index cell_w) const {
        Real share = load(beta + h * p.beta[0] + w * p.beta[1]);
        Real edscw = mask(0, batch, cell_h, cell_w);
        Real em = mask(1, batch, cell_h, cell_w);
        Real divisor = static_cast<Real>(heights[cell_h].divisor * widths[cell_w].divisor);
        return {(share * edscw + (1 - share) * em) / divisor, (edscw - em) / divisor};
    }

private:
    POOLING_FUNCTION Real mask(int which, Index batch, Index height, Index width) const {
        const Index* strides = p.masks[which];
        return clamp_to_unit(load(masks[which] + batch * strides[0] + height * strides[1] + width * strides[2]));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
