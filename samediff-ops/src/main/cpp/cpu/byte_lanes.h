// SPDX-License-Identifier: Apache-2.0
// Vectors of bytes and of what they are computed in.
#pragma once

#include <stddef.h>

#include "../core/bytes.h"
#include "lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

typedef UInt8 CodeLanes __attribute__((vector_size(kVectorBytes)));
typedef UInt8 HalfCodeLanes __attribute__((vector_size(kVectorBytes / 2)));     // as many as WideLanes
typedef UInt8 QuarterCodeLanes __attribute__((vector_size(kVectorBytes / 4)));  // as many as FloatLanes
typedef UInt16 WideLanes __attribute__((vector_size(kVectorBytes)));

constexpr int kCodes = kVectorBytes;
constexpr int kWide = kVectorBytes / 2;
constexpr int kFloats = kVectorBytes / 4;

template <class To, class From>
POOLING_FUNCTION To converted(From v) {
    return __builtin_convertvector(v, To);
}

// The first `count` bytes, where the memory behind them must not be touched; the others are 0.
POOLING_FUNCTION CodeLanes load_first_codes(const void* p, Index count) {
#if defined(__AVX512BW__)
    UInt64 mask = count >= kCodes ? ~UInt64(0) : (UInt64(1) << count) - 1;
    return (CodeLanes)_mm512_maskz_loadu_epi8(mask, p);
#else
    CodeLanes v = {};
    __builtin_memcpy(&v, p, static_cast<size_t>(count));
    return v;
#endif
}

POOLING_FUNCTION void store_first_codes(void* p, Index count, CodeLanes v) {
#if defined(__AVX512BW__)
    UInt64 mask = count >= kCodes ? ~UInt64(0) : (UInt64(1) << count) - 1;
    _mm512_mask_storeu_epi8(p, mask, (__m512i)v);
#else
    __builtin_memcpy(p, &v, static_cast<size_t>(count));
#endif
}

POOLING_FUNCTION CodeLanes larger_of(CodeLanes a, CodeLanes b) {
    return a > b ? a : b;
}

POOLING_FUNCTION WideLanes larger_of(WideLanes a, WideLanes b) {
    return a > b ? a : b;
}

POOLING_FUNCTION FloatLanes floats_of(QuarterCodeLanes codes) {
    typedef int IntLanes __attribute__((vector_size(kVectorBytes)));
    return converted<FloatLanes>(converted<IntLanes>(codes));
}

POOLING_FUNCTION FloatLanes floats_of(UInt32Lanes numbers) {
    typedef int IntLanes __attribute__((vector_size(kVectorBytes)));
    return converted<FloatLanes>((IntLanes)numbers);
}

POOLING_FUNCTION QuarterCodeLanes codes_of(FloatLanes numbers) {
    typedef int IntLanes __attribute__((vector_size(kVectorBytes)));
    return converted<QuarterCodeLanes>(converted<IntLanes>(numbers));
}

POOLING_FUNCTION FloatLanes load_lanes(const UnsignedByte* p) {
    return floats_of(load_unaligned<QuarterCodeLanes>(p));
}

POOLING_FUNCTION FloatLanes load_lanes(const SignedByte* p) {
    return floats_of(load_unaligned<QuarterCodeLanes>(p) ^ UInt8(0x80));
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
