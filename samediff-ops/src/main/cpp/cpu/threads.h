// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../core/window_geometry.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Below this many element visits a parallel region costs more than it saves. The build for sanitizers says 0.
#if !defined(POOLING_SERIAL_WORK)
#define POOLING_SERIAL_WORK (1 << 15)
#endif
constexpr Index kSerialWork = POOLING_SERIAL_WORK;

// Calls body(begin, end) for disjoint ranges that cover [0, total), one per thread. The number of threads is the
// calling thread's OpenMP setting, which ND4J shares. Results must not depend on where the ranges are cut.
template <class Body>
void parallel_ranges(Index total, Index work_per_item, const Body& body) {
#ifdef _OPENMP
    if (total > 1 && work_per_item * total > kSerialWork) {
#pragma omp parallel
        {
            Index threads = omp_get_num_threads();
            Index thread = omp_get_thread_num();
            Index begin = total / threads * thread + minimum(thread, total % threads);
            Index end = begin + total / threads + (thread < total % threads ? 1 : 0);
            if (begin < end) {
                body(begin, end);
            }
        }
        return;
    }
#endif
    if (total > 0) {
        body(0, total);
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
