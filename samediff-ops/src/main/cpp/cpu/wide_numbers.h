// SPDX-License-Identifier: Apache-2.0
// Places and other numbers of lanes, which arrays of indices hold as 64-bit integers.
#pragma once

#include "lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Numbers of lanes as 64-bit integers.
POOLING_FUNCTION void store_wide(Index* p, UInt64Lanes v, Index more) {
    store_unaligned(p, v + static_cast<UInt64>(more));
}

POOLING_FUNCTION void store_wide(Index* p, UInt32Lanes v, Index more) {
    typedef UInt32 HalfLanes __attribute__((vector_size(kVectorBytes / 2)));
    HalfLanes halves[2];
    __builtin_memcpy(halves, &v, sizeof v);
    unrolled<2>(
        [&](int i) { store_wide(p + i * kVectorBytes / 8, __builtin_convertvector(halves[i], UInt64Lanes), more); });
}

// The first numbers of 64 bits; the other lanes get `missing`.
POOLING_FUNCTION UInt64Lanes load_first_wide(const Index* p, Index count, Index missing) {
    constexpr int n = lane_count<DoubleLanes>();
    if (count >= n) {
        return load_unaligned<UInt64Lanes>(p);
    }
    Index numbers[n];
    for (int lane = 0; lane < n; lane++) {
        numbers[lane] = lane < count ? p[lane] : missing;
    }
    return load_unaligned<UInt64Lanes>(numbers);
}

// Their lower bits as numbers of lanes; `seen` collects all bits.
template <class Numbers>
POOLING_FUNCTION Numbers load_narrow(const Index* p, int count, Index missing, UInt64Lanes& seen) {
    if constexpr (sizeof(Numbers{}[0]) == sizeof(Index)) {
        UInt64Lanes numbers = load_first_wide(p, count, missing);
        seen |= numbers;
        return numbers;
    } else {
        typedef UInt32 HalfLanes __attribute__((vector_size(kVectorBytes / 2)));
        constexpr int kHalf = kVectorBytes / 8;
        HalfLanes halves[2];
        unrolled<2>([&](int i) {
            UInt64Lanes numbers = load_first_wide(p + i * kHalf, count - i * kHalf, missing);
            seen |= numbers;
            halves[i] = __builtin_convertvector(numbers, HalfLanes);
        });
        Numbers numbers;
        __builtin_memcpy(&numbers, halves, sizeof numbers);
        return numbers;
    }
}

// The first lanes.
POOLING_FUNCTION void store_first_wide(Index* p, int count, UInt64Lanes v, Index more) {
#if defined(__AVX512F__)
    _mm512_mask_storeu_epi64(p, static_cast<__mmask8>((1u << count) - 1), (__m512i)(v + static_cast<UInt64>(more)));
#else
    Index numbers[lane_count<DoubleLanes>()];
    store_wide(numbers, v, more);
    for (int lane = 0; lane < count; lane++) {
        p[lane] = numbers[lane];
    }
#endif
}

POOLING_FUNCTION void store_first_wide(Index* p, int count, UInt32Lanes v, Index more) {
    typedef UInt32 HalfLanes __attribute__((vector_size(kVectorBytes / 2)));
    constexpr int kHalf = kVectorBytes / 8;
    HalfLanes halves[2];
    __builtin_memcpy(halves, &v, sizeof v);
    store_first_wide(p, count < kHalf ? count : kHalf, __builtin_convertvector(halves[0], UInt64Lanes), more);
    if (count > kHalf) {
        store_first_wide(p + kHalf, count - kHalf, __builtin_convertvector(halves[1], UInt64Lanes), more);
    }
}

// The same with elements `stride` apart.
template <class Places>
POOLING_FUNCTION void store_positions(Index* p, Index stride, int lanes, Places places, Index first) {
    constexpr int n = sizeof(Places) / sizeof(places[0]);
    if (stride == 1) {
        if (lanes == n) {
            store_wide(p, places, first);
        } else {
            store_first_wide(p, lanes, places, first);
        }
        return;
    }
    Index positions[n];
    store_wide(positions, places, first);
    for (int lane = 0; lane < lanes; lane++) {
        p[lane * stride] = positions[lane];
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
