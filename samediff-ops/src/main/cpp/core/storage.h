// SPDX-License-Identifier: Apache-2.0
// Element types of arrays. Half and bfloat16 are stored as 16 bits and computed in float.
#pragma once

#include "portability.h"
#include "real.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct Half {
    UInt16 bits;
};

struct BFloat16 {
    UInt16 bits;
};

// Real: what arithmetic on this storage type is done in.
template <class Storage>
struct StorageTraits;

template <>
struct StorageTraits<float> {
    typedef float Real;
};

template <>
struct StorageTraits<double> {
    typedef double Real;
};

template <>
struct StorageTraits<Half> {
    typedef float Real;
};

template <>
struct StorageTraits<BFloat16> {
    typedef float Real;
};

// The conversions below work on UInt32 and on vectors of it; the 16 bits stand in the low half.

template <class Real>
POOLING_FUNCTION Real float_from_half_bits(typename RealTraits<Real>::Bits half) {
    typedef typename RealTraits<Real>::Bits Bits;
    Bits sign = (half & 0x8000u) << 16;
    // Moving exponent and mantissa in place and multiplying by 2^112 re-biases them; this also normalises subnormals.
    Real magnitude = bit_cast<Real>((half & 0x7fffu) << 13) * 5.192296858534827628e33f;
    Bits bits = bit_cast<Bits>(magnitude);
    bits = (half & 0x7c00u) == 0x7c00u ? (bits | 0x7f800000u) : bits;
    return bit_cast<Real>(bits | sign);
}

// Rounds to nearest, ties to even; overflow gives infinity, every NaN a quiet one.
template <class Real>
POOLING_FUNCTION typename RealTraits<Real>::Bits half_bits_from_float(Real value) {
    typedef typename RealTraits<Real>::Bits Bits;
    Bits bits = bit_cast<Bits>(value);
    Bits sign = (bits & 0x80000000u) >> 16;
    Bits magnitude = bits & 0x7fffffffu;
    Bits rounded = (magnitude + 0x0fffu + ((magnitude >> 13) & 1u) - (112u << 23)) >> 13;
    // Adding 0.5 lets the floating-point unit round a subnormal half into the low mantissa bits.
    Bits subnormal = bit_cast<Bits>(bit_cast<Real>(magnitude) + 0.5f) - 0x3f000000u;
    Bits half = magnitude < 0x38800000u ? subnormal : rounded;
    half = magnitude >= 0x477ff000u ? (half & 0u) | 0x7c00u : half;
    half = magnitude > 0x7f800000u ? (half & 0u) | 0x7e00u : half;
    return half | sign;
}

template <class Real>
POOLING_FUNCTION Real float_from_bfloat16_bits(typename RealTraits<Real>::Bits brain) {
    return bit_cast<Real>(brain << 16);
}

template <class Real>
POOLING_FUNCTION typename RealTraits<Real>::Bits bfloat16_bits_from_float(Real value) {
    typedef typename RealTraits<Real>::Bits Bits;
    Bits bits = bit_cast<Bits>(value);
    Bits rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    Bits quiet = (bits >> 16) | 0x40u;
    return (bits & 0x7fffffffu) > 0x7f800000u ? quiet : rounded;
}

POOLING_FUNCTION float load(const float* p) {
    return *p;
}

POOLING_FUNCTION double load(const double* p) {
    return *p;
}

POOLING_FUNCTION float load(const Half* p) {
    return float_from_half_bits<float>(p->bits);
}

POOLING_FUNCTION float load(const BFloat16* p) {
    return float_from_bfloat16_bits<float>(p->bits);
}

POOLING_FUNCTION void store(float* p, float value) {
    *p = value;
}

POOLING_FUNCTION void store(double* p, double value) {
    *p = value;
}

POOLING_FUNCTION void store(Half* p, float value) {
    p->bits = static_cast<UInt16>(half_bits_from_float(value));
}

POOLING_FUNCTION void store(BFloat16* p, float value) {
    p->bits = static_cast<UInt16>(bfloat16_bits_from_float(value));
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
