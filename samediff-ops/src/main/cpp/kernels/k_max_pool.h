// SPDX-License-Identifier: Apache-2.0
// K-max pooling (Kalchbrenner, Grefenstette, Blunsom, ACL 2014): the k largest elements of a sequence, in the order in
// which they stand there. Where a mask leaves fewer, zeros with index -1 fill the rest. Arrays: x, mask (one for all
// channels, or none), y, index; or gradient of y, index, gradient of x.
#pragma once

#include "top_elements.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Which result an element is, by its place in an index that rises and ends in numbers below 0; -1 for none.
// index(o): the place of result o.
template <class At>
POOLING_FUNCTION Index result_at(const At& index, Index results, Index place) {
    Index begin = 0;
    Index end = results;
    while (begin < end) {
        Index middle = (begin + end) >> 1;
        Index here = index(middle);
        if (here == place) {
            return middle;
        }
        if (here >= 0 && here < place) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return -1;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
