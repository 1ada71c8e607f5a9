// SPDX-License-Identifier: Apache-2.0
// The k largest elements of a map of one channel: equal ones in their order, a NaN in front of every number.
#pragma once

#include "../core/real.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Java fills it in (TopElementsOp.java). The strides of the arrays follow in their order.
struct TopElementsHeader {
    Index batch;
    Index channels;
    Index size[kAxes];
    Index k;
};

template <int Arrays>
struct TopElementsParameters : TopElementsHeader {
    TensorStrides strides[Arrays];
};

// A whole number with the order of the element, 1 at least: 0 is left for elements that do not take part.
template <class Real>
POOLING_FUNCTION typename RealTraits<Real>::Bits order_key(Real x) {
    typedef typename RealTraits<Real>::Bits Bits;
    constexpr Bits kSign = Bits(1) << (8 * sizeof(Bits) - 1);
    Bits bits = bit_cast<Bits>(x + Real(0));  // makes -0 a 0
    Bits key = (bits & kSign) != 0 ? ~bits : bits | kSign;
    return x == x ? key : ~Bits(0);
}

// What separates the elements taken from the others.
template <class Bits>
struct TopThreshold {
    Bits key;
    Index last;  // of the elements that equal the key, those up to here

    POOLING_FUNCTION bool takes(Bits of, Index i) const {
        return of != 0 && (of > key || (of == key && i <= last));
    }
};

template <class Bits, class Keys>
POOLING_FUNCTION Index count_from(const Keys& keys, Index count, Bits least) {
    Index result = 0;
    for (Index i = 0; i < count; i++) {
        result += keys(i) >= least ? 1 : 0;
    }
    return result;
}

// keys(i): the key of an element. Finds the threshold bit by bit, mostly before the last one. k: 1 at least.
template <class Bits, class Keys>
POOLING_FUNCTION TopThreshold<Bits> top_threshold(const Keys& keys, Index count, Index k) {
    Index wanted = minimum(k, count_from(keys, count, Bits(1)));
    Bits key = 0;
    for (Bits bit = Bits(1) << (8 * sizeof(Bits) - 1); bit != 0; bit = bit >> 1) {
        Index above = count_from(keys, count, key | bit);
        if (above >= wanted) {
            key = key | bit;
        }
        if (above == wanted) {
            return {key, count};
        }
    }
    Index equal = wanted;
    for (Index i = 0; i < count; i++) {
        equal -= keys(i) > key ? 1 : 0;
    }
    Index last = -1;
    for (Index i = 0; i < count; i++) {
        if (keys(i) == key && equal > 0) {
            last = i;
            equal--;
        }
    }
    return {key, last};
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
