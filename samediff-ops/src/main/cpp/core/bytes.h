// SPDX-License-Identifier: Apache-2.0
// Elements of 8 bits. They stand for a grid of real numbers, scale * (byte - zero point). Kernels compute with "codes",
// 0 to 255 for both kinds of bytes: those of a signed byte are larger by 128 than its value, as is its zero point.
#pragma once

#include "storage.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct UnsignedByte {
    UInt8 bits;
};

struct SignedByte {
    UInt8 bits;
};

template <class Byte>
struct ByteTraits;

template <>
struct ByteTraits<UnsignedByte> {
    static constexpr UInt8 kFlip = 0;
};

template <>
struct ByteTraits<SignedByte> {
    static constexpr UInt8 kFlip = 0x80;
};

template <class Byte>
POOLING_FUNCTION int code_of(Byte byte) {
    return byte.bits ^ ByteTraits<Byte>::kFlip;
}

template <class Byte>
POOLING_FUNCTION Byte byte_of(int code) {
    return {static_cast<UInt8>(code ^ ByteTraits<Byte>::kFlip)};
}

// For code that reads arrays of any type: bytes are read as their codes.
template <>
struct StorageTraits<UnsignedByte> {
    typedef float Real;
};

template <>
struct StorageTraits<SignedByte> {
    typedef float Real;
};

POOLING_FUNCTION float load(const UnsignedByte* p) {
    return static_cast<float>(code_of(*p));
}

POOLING_FUNCTION float load(const SignedByte* p) {
    return static_cast<float>(code_of(*p));
}

// To the nearest integer, ties to even; for numbers up to a million. NaN stays NaN.
template <class Real>
POOLING_FUNCTION Real nearest_integer(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    constexpr Element kRounder = Element(1.5) * Element(UInt64(1) << FloatFormat<Element>::kMantissaBits);
    return (x + kRounder) - kRounder;
}

// A NaN stays one.
template <class Real>
POOLING_FUNCTION Real limited_to(Real x, Real least, Real most) {
    Real result = x < least ? least : x;
    return result > most ? most : result;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
