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
    static constexpr float kSmallestNormal = 1.17549435e-38f;
    static constexpr float kLargestLog = 88.7228394f;  // ln of the largest number
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
    static constexpr int kLogarithmTerms = 12;
    static constexpr double kSmallestNormal = 2.2250738585072014e-308;
    static constexpr double kLargestLog = 709.78271289338397;
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
#if defined(__CUDACC__)
    union {
        From from;
        To to;
    } both = {value};
    return both.to;
#else
    To result;
    __builtin_memcpy(&result, &value, sizeof(To));
    return result;
#endif
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

// exp(x) / 2^halvings in one series and a scale, which has to be a normal number.
template <class Real>
POOLING_FUNCTION Real scaled_exponential(Real x, typename RealTraits<Real>::Bits halvings) {
    typedef typename RealTraits<Real>::Element Element;
    typedef typename RealTraits<Real>::Bits Bits;
    typedef FloatFormat<Element> Format;
    // Adding this constant rounds to an integer, which then stands in the low mantissa bits of the sum.
    constexpr Element kRounder = Element(1.5) * Element(UInt64(1) << Format::kMantissaBits);
    constexpr Element kInverseLog2 = Element(1.44269504088896340736);

    Real shifted = x * kInverseLog2 + kRounder;
    Real power = shifted - kRounder;
    Real remainder = (x - power * Format::kLog2High) - power * Format::kLog2Low;
    Bits scale = (bit_cast<Bits>(shifted) + Format::kExponentBias - halvings) << Format::kMantissaBits;
    return ExponentialSeries<Real, 0, Format::kExponentialDegree>::from(remainder) * bit_cast<Real>(scale);
}

// exp(x) for x <= 0, which is what a weight shifted by the maximum of its window needs, and up to 80. Results below the
// smallest normal number are 0; NaN stays NaN. Accurate to about one unit in the last place.
template <class Real>
POOLING_FUNCTION Real exponential_of_nonpositive(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    Real result = scaled_exponential(x, typename RealTraits<Real>::Bits{});
    return x < FloatFormat<Element>::kSmallestNormalLog ? broadcast<Real>(0) : result;
}

// exp(x) for any x; infinity above the largest number's logarithm.
template <class Real>
POOLING_FUNCTION Real exponential(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    typedef typename RealTraits<Real>::Bits Bits;
    typedef FloatFormat<Element> Format;
    constexpr Element kMost = Format::kLargestLog;
    Real capped = x > kMost ? broadcast<Real>(kMost) : x;
    // The largest results are beyond the largest power of two.
    Bits halvings = x > Element(0) ? Bits{} + 1 : Bits{};
    Real result = scaled_exponential(capped, halvings);
    result = x > Element(0) ? result * Element(2) : result;
    result = x < Format::kSmallestNormalLog ? broadcast<Real>(0) : result;
    return x > kMost ? broadcast<Real>(Format::kLargest) * Element(2) : result;
}

template <class Real, int Term, int Terms>
struct LogarithmSeries {
    POOLING_FUNCTION static Real from(Real square) {
        constexpr typename RealTraits<Real>::Element coefficient =
            typename RealTraits<Real>::Element(1) / typename RealTraits<Real>::Element(2 * Term + 1);
        return LogarithmSeries<Real, Term + 1, Terms>::from(square) * square + coefficient;
    }
};

template <class Real, int Terms>
struct LogarithmSeries<Real, Terms, Terms> {
    POOLING_FUNCTION static Real from(Real) {
        return broadcast<Real>(typename RealTraits<Real>::Element(1) /
                               typename RealTraits<Real>::Element(2 * Terms + 1));
    }
};

// ln(m) for m from sqrt(1/2) to sqrt(2).
template <class Real, class Element>
struct LogarithmNearOne {
    POOLING_FUNCTION static Real of(Real m) {
        Real s = (m - Element(1)) / (m + Element(1));
        return LogarithmSeries<Real, 0, FloatFormat<Element>::kLogarithmTerms>::from(s * s) * s * Element(2);
    }
};

// Without the division, which takes longer than all the rest: f - f^2 / 2 + f^3 P(f), f = m - 1, P fitted for the least
// relative error, 6e-9.
template <class Real>
struct LogarithmNearOne<Real, float> {
    POOLING_FUNCTION static Real of(Real m) {
        Real f = m - 1.0f;
        Real square = f * f;
        Real p = f * -0.0763449652f + 0.127615770f;
        p = p * f - 0.131601824f;
        p = p * f + 0.142017580f;
        p = p * f - 0.166233573f;
        p = p * f + 0.200012269f;
        p = p * f - 0.250008210f;
        p = p * f + 0.333333317f;
        return (p * f - 0.5f) * square + f;
    }
};

// x = mantissa * 2^exponent, the mantissa from sqrt(1/2) to sqrt(2), for finite x > 0; NaN has the mantissa NaN.
template <class Real>
struct Decomposed {
    Real mantissa;
    Real exponent;

    // mantissa: from 1 to 2.
    POOLING_FUNCTION static Decomposed centred(Real mantissa, Real exponent) {
        typedef typename RealTraits<Real>::Element Element;
        auto large = mantissa > Element(1.41421356237309504880);
        return {large ? mantissa * Element(0.5) : mantissa, large ? exponent + Element(1) : exponent};
    }

    POOLING_FUNCTION static Decomposed of(Real x) {
        typedef typename RealTraits<Real>::Element Element;
        typedef typename RealTraits<Real>::Bits Bits;
        typedef FloatFormat<Element> Format;
        constexpr int kBits = Format::kMantissaBits;
        constexpr Element kUp = Element(UInt64(1) << (kBits + 2));
        auto tiny = x < Format::kSmallestNormal;
        Bits bits = bit_cast<Bits>(tiny ? x * kUp : x);
        Bits biased = bits >> kBits;
        Bits mantissa = (bits & (((Bits{} + 1) << kBits) - 1)) | ((Bits{} + Format::kExponentBias) << kBits);
        // The exponent as a number: its bits in the mantissa of 2^kMantissaBits, less that number.
        constexpr Element kBase = Element(UInt64(1) << kBits);
        Real exponent =
            bit_cast<Real>(biased | bit_cast<Bits>(broadcast<Real>(kBase))) - kBase - Element(Format::kExponentBias);
        exponent = tiny ? exponent - Element(kBits + 2) : exponent;
        return centred(x == x ? bit_cast<Real>(mantissa) : x, exponent);
    }
};

// ln(x) for finite x > 0; NaN stays NaN. Accurate to about two units in the last place.
template <class Real>
POOLING_FUNCTION Real logarithm(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    typedef FloatFormat<Element> Format;
    Decomposed<Real> d = Decomposed<Real>::of(x);
    Real rest = d.exponent * Format::kLog2Low + LogarithmNearOne<Real, Element>::of(d.mantissa);
    return d.exponent * Format::kLog2High + rest;
}

// x^p for x >= 0; 0^p is 0, whatever p.
template <class Real>
POOLING_FUNCTION Real power(Real x, Real p) {
    typedef typename RealTraits<Real>::Element Element;
    Real result = exponential(p * logarithm(x));
    return x == Element(0) ? broadcast<Real>(0) : result;
}

template <class Real>
POOLING_FUNCTION Real absolute(Real x) {
    return x < typename RealTraits<Real>::Element(0) ? -x : x;
}

// -1, 0 or 1.
template <class Real>
POOLING_FUNCTION Real sign(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    Real negative = x < Element(0) ? broadcast<Real>(-1) : broadcast<Real>(0);
    return x > Element(0) ? broadcast<Real>(1) : negative;
}

// 1 / (1 + exp(-x)).
template <class Real>
POOLING_FUNCTION Real sigmoid(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    Real small = exponential_of_nonpositive(x > Element(0) ? -x : x);
    Real result = Element(1) / (Element(1) + small);
    return x < Element(0) ? Element(1) - result : result;
}

// By Newton's method from a power; for x >= 0.
template <class Real>
POOLING_FUNCTION Real square_root(Real x) {
    typedef typename RealTraits<Real>::Element Element;
    Real root = power(x, broadcast<Real>(Element(0.5)));
    Real better = (root + x / root) * Element(0.5);
    return x > Element(0) ? better : x;
}

// A product in which 0 stands for "has no part": it stays 0 whatever the value, NaN and infinity too.
POOLING_FUNCTION double part(double weight, double value) {
    return weight == 0 ? 0 : weight * value;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
