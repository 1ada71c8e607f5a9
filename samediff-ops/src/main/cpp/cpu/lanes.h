// SPDX-License-Identifier: Apache-2.0
// Vectors of independent outputs ("lanes") for the CPU's inner loops, through the vector extension that GCC and Clang
// share. The width follows the instruction set the file is compiled for.
#pragma once

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "../core/real.h"
#include "../core/storage.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif

typedef float FloatLanes __attribute__((vector_size(kVectorBytes)));
typedef double DoubleLanes __attribute__((vector_size(kVectorBytes)));
typedef UInt32 UInt32Lanes __attribute__((vector_size(kVectorBytes)));
typedef UInt64 UInt64Lanes __attribute__((vector_size(kVectorBytes)));
typedef UInt16 UInt16Lanes __attribute__((vector_size(kVectorBytes / 2)));  // as many as FloatLanes

template <>
struct RealTraits<FloatLanes> {
    typedef float Element;
    typedef UInt32Lanes Bits;
};

template <>
struct RealTraits<DoubleLanes> {
    typedef double Element;
    typedef UInt64Lanes Bits;
};

template <class Real>
struct LanesOf;

template <>
struct LanesOf<float> {
    typedef FloatLanes Vector;
};

template <>
struct LanesOf<double> {
    typedef DoubleLanes Vector;
};

template <class Vector>
constexpr int lane_count() {
    return sizeof(Vector) / sizeof(typename RealTraits<Vector>::Element);
}

#if defined(__AVX512F__)
template <>
POOLING_FUNCTION Decomposed<FloatLanes> Decomposed<FloatLanes>::of(FloatLanes x) {
    return centred((FloatLanes)_mm512_maskz_getmant_ps(0xffff, (__m512)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src),
                   (FloatLanes)_mm512_maskz_getexp_ps(0xffff, (__m512)x));
}

template <>
POOLING_FUNCTION Decomposed<DoubleLanes> Decomposed<DoubleLanes>::of(DoubleLanes x) {
    return centred((DoubleLanes)_mm512_maskz_getmant_pd(0xff, (__m512d)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src),
                   (DoubleLanes)_mm512_maskz_getexp_pd(0xff, (__m512d)x));
}
#endif

template <class Vector, class Storage>
POOLING_FUNCTION Vector load_unaligned(const Storage* p) {
    Vector v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

POOLING_FUNCTION FloatLanes load_lanes(const float* p) {
    return load_unaligned<FloatLanes>(p);
}

POOLING_FUNCTION DoubleLanes load_lanes(const double* p) {
    return load_unaligned<DoubleLanes>(p);
}

// 16-bit numbers as they are stored; a pointer tells which kind they are.
POOLING_FUNCTION FloatLanes lanes_from_bits(const Half*, UInt16Lanes bits) {
#if defined(__AVX512F__)
    return (FloatLanes)_mm512_maskz_cvtph_ps(0xffff, (__m256i)bits);
#else
    return float_from_half_bits<FloatLanes>(__builtin_convertvector(bits, UInt32Lanes));
#endif
}

POOLING_FUNCTION FloatLanes lanes_from_bits(const BFloat16*, UInt16Lanes bits) {
    return float_from_bfloat16_bits<FloatLanes>(__builtin_convertvector(bits, UInt32Lanes));
}

POOLING_FUNCTION UInt16Lanes bits_of_lanes(const Half*, FloatLanes v) {
#if defined(__AVX512F__)
    return (UInt16Lanes)_mm512_maskz_cvtps_ph(0xffff, (__m512)v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
    return __builtin_convertvector(half_bits_from_float(v), UInt16Lanes);
#endif
}

POOLING_FUNCTION UInt16Lanes bits_of_lanes(const BFloat16*, FloatLanes v) {
    return __builtin_convertvector(bfloat16_bits_from_float(v), UInt16Lanes);
}

POOLING_FUNCTION FloatLanes load_lanes(const Half* p) {
    return lanes_from_bits(p, load_unaligned<UInt16Lanes>(p));
}

POOLING_FUNCTION FloatLanes load_lanes(const BFloat16* p) {
    return lanes_from_bits(p, load_unaligned<UInt16Lanes>(p));
}

template <class Vector, class Storage>
POOLING_FUNCTION void store_unaligned(Storage* p, Vector v) {
    __builtin_memcpy(p, &v, sizeof v);
}

POOLING_FUNCTION void store_lanes(float* p, FloatLanes v) {
    store_unaligned(p, v);
}

POOLING_FUNCTION void store_lanes(double* p, DoubleLanes v) {
    store_unaligned(p, v);
}

POOLING_FUNCTION void store_lanes(Half* p, FloatLanes v) {
    store_unaligned(p, bits_of_lanes(p, v));
}

POOLING_FUNCTION void store_lanes(BFloat16* p, FloatLanes v) {
    store_unaligned(p, bits_of_lanes(p, v));
}

// The first `count` lanes of consecutive elements, where the memory behind them must not be touched; the others are 0.
template <class Vector, class Storage>
POOLING_FUNCTION Vector load_first_lanes(const Storage* p, int count) {
    Storage elements[lane_count<Vector>()] = {};
    for (int lane = 0; lane < count; lane++) {
        elements[lane] = p[lane];
    }
    return load_lanes(elements);
}

template <class Vector, class Storage>
POOLING_FUNCTION void store_first_lanes(Storage* p, int count, Vector v) {
    Storage elements[lane_count<Vector>()];
    store_lanes(elements, v);
    for (int lane = 0; lane < count; lane++) {
        p[lane] = elements[lane];
    }
}

// Lanes from `begin` to `end`, where the memory before and behind them must not be touched; the others are 0.
template <class Vector, class Storage>
POOLING_FUNCTION Vector load_middle_lanes(const Storage* p, int begin, int end) {
    Storage elements[lane_count<Vector>()] = {};
    for (int lane = begin; lane < end; lane++) {
        elements[lane] = p[lane];
    }
    return load_lanes(elements);
}

#if defined(__AVX512F__)
template <>
POOLING_FUNCTION FloatLanes load_middle_lanes(const float* p, int begin, int end) {
    return (FloatLanes)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << end) - (1u << begin)), p);
}

template <>
POOLING_FUNCTION DoubleLanes load_middle_lanes(const double* p, int begin, int end) {
    return (DoubleLanes)_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << end) - (1u << begin)), p);
}

template <>
POOLING_FUNCTION FloatLanes load_first_lanes(const float* p, int count) {
    return (FloatLanes)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), p);
}

template <>
POOLING_FUNCTION DoubleLanes load_first_lanes(const double* p, int count) {
    return (DoubleLanes)_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << count) - 1), p);
}

template <>
POOLING_FUNCTION void store_first_lanes(float* p, int count, FloatLanes v) {
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << count) - 1), (__m512)v);
}

template <>
POOLING_FUNCTION void store_first_lanes(double* p, int count, DoubleLanes v) {
    _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1u << count) - 1), (__m512d)v);
}

template <class Storage>
POOLING_FUNCTION FloatLanes load_middle_bits(const Storage* p, int begin, int end) {
    __mmask16 lanes = static_cast<__mmask16>((1u << end) - (1u << begin));
    return lanes_from_bits(p, (UInt16Lanes)_mm256_maskz_loadu_epi16(lanes, p));
}

template <>
POOLING_FUNCTION FloatLanes load_middle_lanes(const Half* p, int begin, int end) {
    return load_middle_bits(p, begin, end);
}

template <>
POOLING_FUNCTION FloatLanes load_middle_lanes(const BFloat16* p, int begin, int end) {
    return load_middle_bits(p, begin, end);
}

template <class Storage>
POOLING_FUNCTION void store_first_bits(Storage* p, int count, FloatLanes v) {
    _mm256_mask_storeu_epi16(p, static_cast<__mmask16>((1u << count) - 1), (__m256i)bits_of_lanes(p, v));
}

template <>
POOLING_FUNCTION FloatLanes load_first_lanes(const Half* p, int count) {
    return load_middle_bits(p, 0, count);
}

template <>
POOLING_FUNCTION FloatLanes load_first_lanes(const BFloat16* p, int count) {
    return load_middle_bits(p, 0, count);
}

template <>
POOLING_FUNCTION void store_first_lanes(Half* p, int count, FloatLanes v) {
    store_first_bits(p, count, v);
}

template <>
POOLING_FUNCTION void store_first_lanes(BFloat16* p, int count, FloatLanes v) {
    store_first_bits(p, count, v);
}
#elif defined(__AVX2__)
POOLING_FUNCTION __m256i first_lanes_mask32(int count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

POOLING_FUNCTION __m256i first_lanes_mask64(int count) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_setr_epi64x(0, 1, 2, 3));
}

template <>
POOLING_FUNCTION FloatLanes load_middle_lanes(const float* p, int begin, int end) {
    __m256i mask = _mm256_andnot_si256(first_lanes_mask32(begin), first_lanes_mask32(end));
    return (FloatLanes)_mm256_maskload_ps(p, mask);
}

template <>
POOLING_FUNCTION DoubleLanes load_middle_lanes(const double* p, int begin, int end) {
    __m256i mask = _mm256_andnot_si256(first_lanes_mask64(begin), first_lanes_mask64(end));
    return (DoubleLanes)_mm256_maskload_pd(p, mask);
}

template <>
POOLING_FUNCTION FloatLanes load_first_lanes(const float* p, int count) {
    return (FloatLanes)_mm256_maskload_ps(p, first_lanes_mask32(count));
}

template <>
POOLING_FUNCTION DoubleLanes load_first_lanes(const double* p, int count) {
    return (DoubleLanes)_mm256_maskload_pd(p, first_lanes_mask64(count));
}

template <>
POOLING_FUNCTION void store_first_lanes(float* p, int count, FloatLanes v) {
    _mm256_maskstore_ps(p, first_lanes_mask32(count), (__m256)v);
}

template <>
POOLING_FUNCTION void store_first_lanes(double* p, int count, DoubleLanes v) {
    _mm256_maskstore_pd(p, first_lanes_mask64(count), (__m256d)v);
}
#endif

template <class Vector, class Storage>
POOLING_FUNCTION Vector collect_lanes(const Storage* p, Index stride, int count) {
    Storage elements[lane_count<Vector>()] = {};
    for (int lane = 0; lane < count; lane++) {
        elements[lane] = p[lane * stride];
    }
    return load_lanes(elements);
}

// The first `count` lanes from elements `stride` apart; the others are 0.
template <class Vector, class Storage>
POOLING_FUNCTION Vector gather_lanes(const Storage* p, Index stride, int count) {
    return collect_lanes<Vector>(p, stride, count);
}

constexpr Index kMostStride = 1 << 26;  // so that places of lanes are numbers of 32 bits

#if defined(__AVX512F__)
template <>
POOLING_FUNCTION FloatLanes gather_lanes(const float* p, Index stride, int count) {
    if (stride > kMostStride || stride < -kMostStride) {
        return collect_lanes<FloatLanes>(p, stride, count);
    }
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i places = _mm512_mullo_epi32(lanes, _mm512_set1_epi32(static_cast<int>(stride)));
    return (FloatLanes)_mm512_mask_i32gather_ps(_mm512_setzero_ps(), static_cast<__mmask16>((1u << count) - 1), places,
                                                p, sizeof(float));
}

template <>
POOLING_FUNCTION DoubleLanes gather_lanes(const double* p, Index stride, int count) {
    const __m512i lanes = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    __m512i places = _mm512_mullo_epi64(lanes, _mm512_set1_epi64(stride));
    return (DoubleLanes)_mm512_mask_i64gather_pd(_mm512_setzero_pd(), static_cast<__mmask8>((1u << count) - 1), places,
                                                 p, sizeof(double));
}
#elif defined(__AVX2__)
template <>
POOLING_FUNCTION FloatLanes gather_lanes(const float* p, Index stride, int count) {
    if (stride > kMostStride || stride < -kMostStride) {
        return collect_lanes<FloatLanes>(p, stride, count);
    }
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i places = _mm256_mullo_epi32(lanes, _mm256_set1_epi32(static_cast<int>(stride)));
    return (FloatLanes)_mm256_mask_i32gather_ps(_mm256_setzero_ps(), p, places,
                                                _mm256_castsi256_ps(first_lanes_mask32(count)), sizeof(float));
}

template <>
POOLING_FUNCTION DoubleLanes gather_lanes(const double* p, Index stride, int count) {
    if (stride > kMostStride || stride < -kMostStride) {
        return collect_lanes<DoubleLanes>(p, stride, count);
    }
    const __m128i lanes = _mm_setr_epi32(0, 1, 2, 3);
    __m128i places = _mm_mullo_epi32(lanes, _mm_set1_epi32(static_cast<int>(stride)));
    return (DoubleLanes)_mm256_mask_i32gather_pd(_mm256_setzero_pd(), p, places,
                                                 _mm256_castsi256_pd(first_lanes_mask64(count)), sizeof(double));
}
#endif

// p[index] lane by lane; indices are less than 2^31.
POOLING_FUNCTION FloatLanes gather_lanes(const float* p, UInt32Lanes index) {
#if defined(__AVX512F__)
    return (FloatLanes)_mm512_mask_i32gather_ps(_mm512_setzero_ps(), 0xffff, (__m512i)index, p, 4);
#elif defined(__AVX2__)
    return (FloatLanes)_mm256_i32gather_ps(p, (__m256i)index, 4);
#else
    return FloatLanes{p[index[0]], p[index[1]], p[index[2]], p[index[3]]};
#endif
}

POOLING_FUNCTION DoubleLanes gather_lanes(const double* p, UInt64Lanes index) {
#if defined(__AVX512F__)
    return (DoubleLanes)_mm512_mask_i64gather_pd(_mm512_setzero_pd(), 0xff, (__m512i)index, p, 8);
#elif defined(__AVX2__)
    return (DoubleLanes)_mm256_i64gather_pd(p, (__m256i)index, 8);
#else
    return DoubleLanes{p[index[0]], p[index[1]]};
#endif
}

// Whether a condition of whole vectors holds in any lane.
template <class Mask>
POOLING_FUNCTION bool any_lane(Mask mask) {
    static_assert(sizeof(Mask) == kVectorBytes, "a whole vector");
#if defined(__AVX512F__)
    return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#elif defined(__AVX2__)
    return _mm256_testz_si256((__m256i)mask, (__m256i)mask) == 0;
#else
    UInt64 halves[2];
    __builtin_memcpy(halves, &mask, sizeof mask);
    return (halves[0] | halves[1]) != 0;
#endif
}

// The two functions below also take a scalar for a vector of one lane.

// The same where they may lie side by side.
template <class Vector, class Storage>
POOLING_FUNCTION Vector load_lanes(const Storage* p, Index stride, int count) {
    if constexpr (lane_count<Vector>() == 1) {
        return load(p);
    } else if (stride == 1) {
        return count == lane_count<Vector>() ? load_lanes(p) : load_first_lanes<Vector>(p, count);
    } else {
        return gather_lanes<Vector>(p, stride, count);
    }
}

// In double, whatever the elements.
template <class Storage>
POOLING_FUNCTION DoubleLanes load_wide_lanes(const Storage* p, Index stride, int count) {
    if constexpr (sizeof(Storage) == sizeof(float)) {
        if (stride == 1 && count == lane_count<DoubleLanes>()) {
            typedef float HalfLanes __attribute__((vector_size(kVectorBytes / 2)));
            return __builtin_convertvector(load_unaligned<HalfLanes>(p), DoubleLanes);
        }
    }
    double elements[lane_count<DoubleLanes>()] = {};
    for (int lane = 0; lane < count; lane++) {
        elements[lane] = static_cast<double>(load(p + lane * stride));
    }
    return load_unaligned<DoubleLanes>(elements);
}

template <>
POOLING_FUNCTION DoubleLanes load_lanes(const float* p, Index stride, int count) {
    return load_wide_lanes(p, stride, count);
}

template <>
POOLING_FUNCTION DoubleLanes load_lanes(const Half* p, Index stride, int count) {
    return load_wide_lanes(p, stride, count);
}

template <>
POOLING_FUNCTION DoubleLanes load_lanes(const BFloat16* p, Index stride, int count) {
    return load_wide_lanes(p, stride, count);
}

template <class Vector, class Storage>
POOLING_FUNCTION void store_lanes(Storage* p, Index stride, int count, Vector v) {
    if constexpr (lane_count<Vector>() > 1) {
        if (stride == 1) {
            if (count == lane_count<Vector>()) {
                store_lanes(p, v);
            } else {
                store_first_lanes(p, count, v);
            }
            return;
        }
    }
    typename RealTraits<Vector>::Element elements[lane_count<Vector>()];
    store_unaligned(elements, v);
    for (int lane = 0; lane < count; lane++) {
        store(p + lane * stride, elements[lane]);
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
