// SPDX-License-Identifier: Apache-2.0
// Arithmetic that reads the same for one number and for a vector of lanes: kernels are templates over `Real`, which is
// float or double on the GPU and at borders, and a vector of them in the CPU's inner loops (cpu/lanes.h).
#pragma once

#include "portability.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Element: the scalar type. Bits: an unsigned integer of the same size and lane count.
template <class Real>
struct RealTraits;

template <>
struct RealTraits<float> {
    typedef float Element;
    typedef UInt32 Bits;
};

template <>
struct RealTraits<double> {
    typedef double Element;
    typedef UInt64 Bits;
};

template <class Element>
struct FloatFormat;

template <>
struct FloatFormat<float> {
    static constexpr int kMantissaBits = 23;
    static constexpr UInt32 kExponentBias = 127;
    static constexpr int kExponentialDegree = 7;
    static constexpr float kLargest = 3.402823466e38f;
    static constexpr float kSmallestNormalLog = -87.3365447f;  // ln(2^-126)
    static constexpr float kLog2High = 0.693359375f;           // few mantissa bits: n * kLog2High is exact
    static constexpr float kLog2Low = -2.12194440e-4f;
};

template <>
struct FloatFormat<double> {
    static constexpr int kMantissaBits = 52;
    static constexpr UInt64 kExponentBias = 1023;
    static constexpr int kExponentialDegree = 13;
    static constexpr double kLargest = 1.7976931348623157e308;
    static constexpr double kSmallestNormalLog = -708.39641853226408;  // ln(2^-1022)
    static constexpr double kLog2High = 0.693145751953125;
    static constexpr double kLog2Low = 1.42860682030941723212e-6;
};

template <int... I>
struct Indices {};

template <int N, int... I>
struct MakeIndices : MakeIndices<N - 1, N - 1, I...> {};

template <int... I>
struct MakeIndices<0, I...> {
    typedef Indices<I...> Type;
};

// Calls function(0), function(1), ... function(N - 1), unrolled at any optimisation level.
template <class Function, int... I>
POOLING_FUNCTION void unrolled(const Function& function, Indices<I...>) {
    (function(I), ...);
}

template <int N, class Function>
POOLING_FUNCTION void unrolled(const Function& function) {
    unrolled(function, typename MakeIndices<N>::Type());
}

template <class To, class From>
POOLING_FUNCTION To bit_cast(From value) {
    static_assert(sizeof(To) == sizeof(From), "bit_cast keeps the size");
    To result;
    __builtin_memcpy(&result, &value, sizeof(To));
    return result;
}

template <class Real>
POOLING_FUNCTION Real broadcast(typename RealTraits<Real>::Element value) {
    return value - Real{};
}

template <class Element>
POOLING_FUNCTION constexpr Element inverse_factorial(int n) {
    return n <= 1 ? Element(1) : inverse_factorial<Element>(n - 1) / Element(n);
}

template <class Real, int Power, int Degree>
struct ExponentialSeries {
    POOLING_FUNCTION static Real from(Real r) {
        constexpr typename RealTraits<Real>::Element coefficient =
            inverse_factorial<typename RealTraits<Real>::Element>(Power);
        return ExponentialSeries<Real, Power + 1, Degree>::from(r) * r + coefficient;
    }
};

template <class Real, int Degree>
struct ExponentialSeries<Real, Degree, Degree> {
    POOLING_FUNCTION static Real from(Real) {
        return broadcast<Real>(inverse_factorial<typename RealTraits<Real>::Element>(Degree));
    }
};

// exp(x) for x <= 0, which is what a weight shifted by the maximum of its window needs. Results below the smallest
// normal number are 0; NaN stays NaN. Accurate to about one unit in the last place.
template <class Real>
POOLING_FUNCTION Real exponential_of_nonpositive(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    typedef typename RealTraits<Real>::Bits Bits;
    typedef FloatFormat<Element> Format;
    // Adding this constant rounds to an integer, which then stands in the low mantissa bits of the sum.
    constexpr Element kRounder = Element(1.5) * Element(UInt64(1) << Format::kMantissaBits);
    constexpr Element kInverseLog2 = Element(1.44269504088896340736);

    Real shifted = x * kInverseLog2 + kRounder;
    Real power = shifted - kRounder;
    Real remainder = (x - power * Format::kLog2High) - power * Format::kLog2Low;
    Bits scale = (bit_cast<Bits>(shifted) + Format::kExponentBias) << Format::kMantissaBits;
    Real result = ExponentialSeries<Real, 0, Format::kExponentialDegree>::from(remainder) * bit_cast<Real>(scale);
    return x < Format::kSmallestNormalLog ? broadcast<Real>(0) : result;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
