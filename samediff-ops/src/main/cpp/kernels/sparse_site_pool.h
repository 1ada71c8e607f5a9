// SPDX-License-Identifier: Apache-2.0
// Sparse pooling of lists: maximum or mean of some rows of a matrix, for each row of the result. Which these are stands
// in two lists: the members of result r are numbers first[r] to first[r + 1] of all members.
#pragma once

#include "../core/real.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct RowStrides {
    Index row;
    Index channel;
};

// Arrays: input, first, members, output, index (none for means).
struct SiteParameters {
    Index rows;  // of the output
    Index channels;
    Index average;
    RowStrides x;
    RowStrides y;
    RowStrides index;
};

// The results that a row of the input is a member of are listed in the same way. Arrays: gradient of the output, index
// (none for means), first of the members, first of the results, results, gradient of the input.
struct SiteGradientParameters {
    Index rows;  // of the input
    Index channels;
    Index average;
    RowStrides y_gradient;
    RowStrides index;
    RowStrides x_gradient;
};

// The first of the largest elements, the first NaN if there is one.
template <class Real>
struct LargestMember {
    Real value;
    Real number;

    POOLING_FUNCTION void take(Real x, Index i) {
        auto replaces = (x > value) | ((x != x) & (value == value));
        value = replaces ? x : value;
        number = replaces ? broadcast<Real>(static_cast<typename RealTraits<Real>::Element>(i)) : number;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
