// SPDX-License-Identifier: Apache-2.0
// Several vectors at a time, so that what is worked out for one serves all.
#pragma once

#include "lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <int... I>
constexpr int number_of(Indices<I...>) {
    return sizeof...(I);
}

// Calls part(Indices of some vectors, first lane, lanes of the last vector) for parts that cover [0, count).
template <class Vector, class Part>
POOLING_FUNCTION void for_each_vectors(Index count, const Part& part) {
    constexpr int n = lane_count<Vector>();
    Index i = 0;
    for (; i + 4 * n <= count; i += 4 * n) {
        part(typename MakeIndices<4>::Type(), i, n);
    }
    for (; i < count; i += n) {
        part(typename MakeIndices<1>::Type(), i, static_cast<int>(minimum(n, count - i)));
    }
}

// Asks for what is read soon: the processor does so by itself for few rows at a time only. Addresses without memory do
// no harm.
template <class Storage>
POOLING_FUNCTION void prefetch(const Storage* p, Index elements_ahead) {
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<UInt64>(p) +
                                                     static_cast<UInt64>(elements_ahead) * sizeof(Storage)));
}

// Calls function(first lane, number of lanes) for vectors that cover [0, count), whole ones if possible: the last one
// then overlaps the one before.
template <class Vector, class Function>
POOLING_FUNCTION void for_each_whole_vector(Index count, const Function& function) {
    constexpr int n = lane_count<Vector>();
    if (count < n) {
        if (count > 0) {
            function(Index(0), static_cast<int>(count));
        }
        return;
    }
    for (Index i = 0; i < count; i += n) {
        function(minimum(i, count - n), n);
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
