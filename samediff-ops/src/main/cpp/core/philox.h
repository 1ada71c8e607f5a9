// SPDX-License-Identifier: Apache-2.0
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): random numbers
// as a function of a key and a counter, so that a draw does not depend on threads, layout or device.
#pragma once

#include "portability.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct Philox {
    UInt32 words[4];

    POOLING_FUNCTION Philox(UInt64 key, UInt64 counter) {
        UInt32 k0 = static_cast<UInt32>(key);
        UInt32 k1 = static_cast<UInt32>(key >> 32);
        words[0] = static_cast<UInt32>(counter);
        words[1] = static_cast<UInt32>(counter >> 32);
        words[2] = 0;
        words[3] = 0;
        for (int round = 0; round < 10; round++) {
            UInt64 a = UInt64(0xD2511F53u) * words[0];
            UInt64 b = UInt64(0xCD9E8D57u) * words[2];
            UInt32 second = words[1];
            words[0] = static_cast<UInt32>(b >> 32) ^ second ^ k0;
            words[1] = static_cast<UInt32>(b);
            words[2] = static_cast<UInt32>(a >> 32) ^ words[3] ^ k1;
            words[3] = static_cast<UInt32>(a);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
    }

    // Uniform in (0, 1], a multiple of 2^-24: the same number in float and in double.
    template <class Element>
    POOLING_FUNCTION Element uniform(Index i) const {
        return static_cast<Element>((words[i] >> 8) + 1) * static_cast<Element>(5.9604644775390625e-8);
    }
};

// The number that belongs to an index: four indices share a call.
template <class Element>
POOLING_FUNCTION Element uniform_of(UInt64 key, Index index) {
    return Philox(key, static_cast<UInt64>(index) / 4).template uniform<Element>(index % 4);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
