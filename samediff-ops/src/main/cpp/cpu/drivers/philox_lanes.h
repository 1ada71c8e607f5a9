// SPDX-License-Identifier: Apache-2.0
// Random numbers of many indices at once, the same as those of one index each (core/philox.h).
#pragma once

#include "../../core/philox.h"
#include "../lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Words of 32 bits in lanes of 64.
template <>
struct PhiloxArithmetic<UInt64Lanes> {
    typedef UInt64Lanes Product;

    POOLING_FUNCTION static Product product(UInt32 constant, UInt64Lanes word) {
#if defined(__AVX512F__)
        return (UInt64Lanes)_mm512_maskz_mul_epu32(0xff, (__m512i)word, _mm512_set1_epi64(constant));
#else
        return word * UInt64(constant);
#endif
    }

    POOLING_FUNCTION static UInt64Lanes low(UInt64Lanes product) {
        return product & 0xffffffffu;
    }

    POOLING_FUNCTION static UInt64Lanes high(UInt64Lanes product) {
        return product >> 32;
    }
};

// target[i] = the number of index first + i * step.
template <class Element>
void draw_uniform(UInt64 key, Index first, Index step, Index count, Element* target) {
    constexpr int kLanes = sizeof(UInt64Lanes) / sizeof(UInt64);
    auto draw = [&](UInt64Lanes counters) {
        return PhiloxWords<UInt64Lanes>(key, counters & 0xffffffffu, counters >> 32);
    };
    auto uniform = [](UInt64 word) { return Philox::uniform_from_bits<Element>(static_cast<UInt32>(word)); };
    for (Index next = 0; next < count;) {
        UInt64 index = static_cast<UInt64>(first + next * step);
        UInt64Lanes counters;
        if (step == 1) {  // four neighbouring indices share a counter
            for (UInt64 lane = 0; lane < kLanes; lane++) {
                counters[lane] = index / 4 + lane;
            }
            PhiloxWords<UInt64Lanes> drawn = draw(counters);
            for (UInt64 i = index % 4; i < 4 * kLanes && next < count; i++, next++) {
                target[next] = uniform(drawn.words[i % 4][i / 4]);
            }
        } else {
            for (UInt64 lane = 0; lane < kLanes; lane++) {
                counters[lane] = (index + lane * static_cast<UInt64>(step)) / 4;
            }
            PhiloxWords<UInt64Lanes> drawn = draw(counters);
            for (UInt64 lane = 0; lane < kLanes && next < count; lane++, next++) {
                target[next] = uniform(drawn.words[(index + lane * static_cast<UInt64>(step)) % 4][lane]);
            }
        }
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
