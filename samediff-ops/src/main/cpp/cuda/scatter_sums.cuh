// SPDX-License-Identifier: Apache-2.0
// Sums that threads scatter into, for gradients of what many threads read. There are two ways:
//
// Atomic additions of Real: fast; the order of the additions, and so the last bits, differ from run to run.
//
// Deterministic: each addend is rounded to a whole number of units and added as an integer. Integers add up to the same
// bits in whatever order. The unit is 2^-62 (double: 2^-126) times a power of two that bounds the sum of the addends'
// magnitudes,
//     bound = product of the factors' largest magnitudes * weights,   each rounded up to a power of two,
// for addends that are products of one element of each factor (the gradient, a mask, learned weights) and a weight,
// where the weights that meet in one sum add up to at most `weights`. The largest magnitudes are found in a pass of
// their own. An addend is off by at most half a unit, a sum of n addends by n / 2 units; by nothing where the unit is
// the smallest number of Real. NaN and infinities are no integers: three bits of each sum remember them.
//
// Use, with the sums taken first from the scratch memory:
//     plan      ScatterSums<Real> sums(memory, elements, request.deterministic);
//               plan.zeroed = memory.used();
//               threads of the first pass: request.deterministic ? ScatterSums<Real>::searchers(size of a factor) : 0
//     1st pass  ScatterSums<Real> sums(memory, elements, true);
//               sums.find_largest(factor, thread, size of the factor, [&](Index i) { return element i; });
//     2nd pass  ScatterSums<Real> sums = ScatterSums<Real>::opened(memory, elements, weights);
//               sums.add(element, value);
//     3rd pass  sums opened as before; sums.sum(element)
// Several gradients share one object: number their elements one array after the other.
#pragma once

#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Returns what was there.
POOLING_DEVICE UInt64 fetch_and_add(UInt64* target, UInt64 value) {
#if defined(__CUDA_ARCH__)
    return atomicAdd(target, value);
#else
    UInt64 before = *target;
    *target += value;
    return before;
#endif
}

// Multiplies by 2^exponent, whose halves are normal numbers: with one rounding, where the result is subnormal.
template <class Real>
POOLING_DEVICE Real scaled(Real value, int exponent) {
    typedef FloatFormat<Real> Format;
    typedef typename RealTraits<Real>::Bits Bits;
    int half = exponent / 2;
    Bits first = static_cast<Bits>(half + static_cast<int>(Format::kExponentBias)) << Format::kMantissaBits;
    Bits second = static_cast<Bits>(exponent - half + static_cast<int>(Format::kExponentBias)) << Format::kMantissaBits;
    return value * bit_cast<Real>(first) * bit_cast<Real>(second);
}

// The number of a finite Real, taken apart: mantissa * 2^(exponent of the last bit).
template <class Real>
struct FloatParts {
    typedef FloatFormat<Real> Format;
    typedef typename RealTraits<Real>::Bits Bits;
    static constexpr int kFields = (1 << (8 * int(sizeof(Real)) - 1 - Format::kMantissaBits)) - 1;
    // Of the last bit of the smallest numbers.
    static constexpr int kLowest = 1 - static_cast<int>(Format::kExponentBias) - Format::kMantissaBits;

    static constexpr Bits kMagnitude = ~Bits(0) >> 1;

    bool negative;
    bool finite;
    Bits mantissa;
    int exponent;

    POOLING_DEVICE explicit FloatParts(Real value) {
        Bits bits = bit_cast<Bits>(value);
        int field = static_cast<int>(bits >> Format::kMantissaBits) & kFields;
        negative = (bits >> (8 * sizeof(Real) - 1)) != 0;
        finite = field != kFields;
        mantissa = bits & ((Bits(1) << Format::kMantissaBits) - 1);
        mantissa |= field > 0 ? Bits(1) << Format::kMantissaBits : Bits(0);
        exponent = kLowest + (field > 0 ? field - 1 : 0);
    }
};

// A sum of one word, of Real float.
struct NarrowFixedSum {
    static constexpr int kBits = 62;
    static constexpr int kWords = 1;

    POOLING_DEVICE static void add(UInt64* sums, Index, Index element, const FloatParts<float>& value, int shift) {
        UInt64 mantissa = value.mantissa;
        UInt64 magnitude = 0;
        if (shift >= 0) {
            magnitude = mantissa << shift;
        } else if (shift > -32) {
            magnitude = (mantissa + (UInt64(1) << (-shift - 1))) >> -shift;
        }
        fetch_and_add(sums + element, value.negative ? 0 - magnitude : magnitude);
    }

    POOLING_DEVICE static float units(const UInt64* sums, Index, Index element) {
        return static_cast<float>(static_cast<Index>(sums[element]));
    }
};

// A sum of two words, of Real double: the low words of all sums, then the high ones.
struct WideFixedSum {
    static constexpr int kBits = 126;
    static constexpr int kWords = 2;

    POOLING_DEVICE static void add(UInt64* sums, Index elements, Index element, const FloatParts<double>& value,
                                   int shift) {
        UInt64 low = 0;
        UInt64 high = 0;
        if (shift >= 64) {
            high = value.mantissa << (shift - 64);
        } else if (shift > 0) {
            low = value.mantissa << shift;
            high = value.mantissa >> (64 - shift);
        } else if (shift == 0) {
            low = value.mantissa;
        } else if (shift > -64) {
            low = (value.mantissa + (UInt64(1) << (-shift - 1))) >> -shift;
        }
        if (value.negative) {
            low = 0 - low;
            high = ~high + (low == 0 ? 1 : 0);
        }
        UInt64 before = fetch_and_add(sums + element, low);
        high += before + low < before ? 1 : 0;  // each time that the low word wraps around, one thread carries
        if (high != 0) {
            fetch_and_add(sums + elements + element, high);
        }
    }

    POOLING_DEVICE static double units(const UInt64* sums, Index elements, Index element) {
        UInt64 low = sums[element];
        UInt64 high = sums[elements + element];
        bool negative = (high >> 63) != 0;
        if (negative) {
            low = 0 - low;
            high = ~high + (low == 0 ? 1 : 0);
        }
        double magnitude = static_cast<double>(high) * 18446744073709551616.0 + static_cast<double>(low);
        return negative ? -magnitude : magnitude;
    }
};

template <class Real>
struct FixedSumOf {
    typedef NarrowFixedSum Type;
};

template <>
struct FixedSumOf<double> {
    typedef WideFixedSum Type;
};

template <class Real>
class ScatterSums {
    typedef typename FixedSumOf<Real>::Type FixedSum;
    typedef FloatParts<Real> Parts;
    static constexpr int kFactors = 3;
    static constexpr Index kShare = 16;  // elements of a factor that one thread searches, at least
    static constexpr Index kMostSearchers = 1 << 17;

public:
    POOLING_FUNCTION ScatterSums(GpuScratch& memory, Index elements, bool deterministic)
        : elements_(elements), deterministic_(deterministic), unit_(0) {
        header_ = memory.take<Header>(1);
        if (deterministic) {
            fixed_ = memory.take<UInt64>(FixedSum::kWords * elements);
            marks_ = memory.take<UInt32>((elements + 7) / 8);
            real_ = nullptr;
        } else {
            fixed_ = nullptr;
            marks_ = nullptr;
            real_ = memory.take<Real>(elements);
        }
    }

    // After the first pass. The scratch memory must begin with these sums.
    POOLING_DEVICE static ScatterSums opened(GpuScratch& memory, Index elements, Index weights) {
        const Header* header = GpuScratch(memory).take<Header>(1);
        ScatterSums sums(memory, elements, header->deterministic != 0);
        int bits = 0;
        while ((weights >> bits) > 0) {
            bits++;
        }
        constexpr int kLargest = static_cast<int>(FloatFormat<Real>::kExponentBias) + 1;
        int bound = 0;
        for (int f = 0; f < kFactors; f++) {
            // Bits of the largest magnitude and one; 0 where the factor was left out.
            UInt64 largest = header->largest[f];
            if (largest > 0) {
                Parts parts(bit_cast<Real>(static_cast<typename Parts::Bits>(largest - 1)));
                bound += parts.exponent + FloatFormat<Real>::kMantissaBits + 1;
            }
        }
        bound = (bound < kLargest ? bound : kLargest) + bits;  // a larger addend is infinite
        int unit = bound - FixedSum::kBits;
        sums.unit_ = unit > Parts::kLowest ? unit : Parts::kLowest;
        return sums;
    }

    // Threads that look for the largest magnitude of a factor.
    POOLING_FUNCTION static Index searchers(Index size) {
        return size == 0 ? 0 : size / kShare < kMostSearchers ? (size + kShare - 1) / kShare : kMostSearchers;
    }

    // One of a factor's searchers. element(i): element i of the factor.
    template <class Element>
    POOLING_DEVICE void find_largest(int factor, Index searcher, Index size, const Element& element) const {
        UInt64 largest = 0;
        Index count = searchers(size);
        for (Index i = searcher; i < size; i += count) {
            Real value = element(i);
            UInt64 bits = bit_cast<typename Parts::Bits>(value) & Parts::kMagnitude;
            largest = Parts(value).finite && bits > largest ? bits : largest;
        }
        header_->deterministic = 1;  // every thread writes the same value
        largest++;
        if (header_->largest[factor] < largest) {  // it only grows
            atomic_maximum(header_->largest + factor, largest);
        }
    }

    POOLING_DEVICE void add(Index element, Real value) const {
        if (value == Real(0)) {
            return;
        }
        if (!deterministic_) {
            atomic_add(real_ + element, value);
            return;
        }
        Parts parts(value);
        if (parts.finite) {
            FixedSum::add(fixed_, elements_, element, parts, parts.exponent - unit_);
        } else {
            UInt32 mark = value != value ? kNan : parts.negative ? kNegativeInfinity : kPositiveInfinity;
            atomic_or(marks_ + (element >> 3), mark << (4 * static_cast<int>(element & 7)));
        }
    }

    POOLING_DEVICE Real sum(Index element) const {
        if (!deterministic_) {
            return real_[element];
        }
        UInt32 marks = marks_[element >> 3] >> (4 * static_cast<int>(element & 7)) & kMarks;
        Real infinity = FloatFormat<Real>::kLargest * Real(2);
        Real result = scaled(FixedSum::units(fixed_, elements_, element), unit_);
        result = marks == kPositiveInfinity ? infinity : result;
        result = marks == kNegativeInfinity ? -infinity : result;
        return marks == 0 || marks == kPositiveInfinity || marks == kNegativeInfinity ? result : infinity - infinity;
    }

private:
    enum Mark : UInt32 { kNan = 1, kPositiveInfinity = 2, kNegativeInfinity = 4, kMarks = 7 };

    struct Header {
        UInt64 deterministic;
        UInt64 largest[kFactors];
    };

    Index elements_;
    bool deterministic_;
    int unit_;  // the power of two that it is
    Header* header_;
    UInt64* fixed_;
    UInt32* marks_;
    Real* real_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
