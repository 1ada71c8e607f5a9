// SPDX-License-Identifier: Apache-2.0
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): random numbers
// as a function of a key and a counter, so that a draw does not depend on threads, layout or device.
#pragma once

#include "portability.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Products of words of 32 bits. A word may be a vector of lanes (cpu/drivers/philox_lanes.h).
template <class Word>
struct PhiloxArithmetic;

template <>
struct PhiloxArithmetic<UInt32> {
    typedef UInt64 Product;

    POOLING_FUNCTION static Product product(UInt32 constant, UInt32 word) {
        return UInt64(constant) * word;
    }

    POOLING_FUNCTION static UInt32 low(UInt64 product) {
        return static_cast<UInt32>(product);
    }

    POOLING_FUNCTION static UInt32 high(UInt64 product) {
        return static_cast<UInt32>(product >> 32);
    }
};

template <class Word>
struct PhiloxWords {
    Word words[4];

    // low, high: of the counter.
    POOLING_FUNCTION PhiloxWords(UInt64 key, Word low, Word high) : words{low, high, Word{}, Word{}} {
        typedef PhiloxArithmetic<Word> Arithmetic;
        UInt32 k0 = static_cast<UInt32>(key);
        UInt32 k1 = static_cast<UInt32>(key >> 32);
        for (int round = 0; round < 10; round++) {
            typename Arithmetic::Product a = Arithmetic::product(0xD2511F53u, words[0]);
            typename Arithmetic::Product b = Arithmetic::product(0xCD9E8D57u, words[2]);
            Word second = words[1];
            words[0] = Arithmetic::high(b) ^ second ^ k0;
            words[1] = Arithmetic::low(b);
            words[2] = Arithmetic::high(a) ^ words[3] ^ k1;
            words[3] = Arithmetic::low(a);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
    }
};

struct Philox : PhiloxWords<UInt32> {
    POOLING_FUNCTION Philox(UInt64 key, UInt64 counter)
        : PhiloxWords<UInt32>(key, static_cast<UInt32>(counter), static_cast<UInt32>(counter >> 32)) {}

    // Uniform in (0, 1], a multiple of 2^-24: the same number in float and in double.
    template <class Element>
    POOLING_FUNCTION Element uniform(Index i) const {
        return uniform_from_bits<Element>(words[i]);
    }

    template <class Element>
    POOLING_FUNCTION static Element uniform_from_bits(UInt32 word) {
        return static_cast<Element>((word >> 8) + 1) * static_cast<Element>(5.9604644775390625e-8);
    }
};

// The number that belongs to an index: four indices share a call.
template <class Element>
POOLING_FUNCTION Element uniform_of(UInt64 key, Index index) {
    return Philox(key, static_cast<UInt64>(index) / 4).template uniform<Element>(index % 4);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
