// SPDX-License-Identifier: Apache-2.0
// Vectors of independent outputs ("lanes") for the CPU's inner loops, through the vector extension that GCC and Clang
// share. The width follows the instruction set the file is compiled for.
#pragma once

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

POOLING_FUNCTION FloatLanes load_lanes(const Half* p) {
    return float_from_half_bits<FloatLanes>(__builtin_convertvector(load_unaligned<UInt16Lanes>(p), UInt32Lanes));
}

POOLING_FUNCTION FloatLanes load_lanes(const BFloat16* p) {
    return float_from_bfloat16_bits<FloatLanes>(__builtin_convertvector(load_unaligned<UInt16Lanes>(p), UInt32Lanes));
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
    store_unaligned(p, __builtin_convertvector(half_bits_from_float(v), UInt16Lanes));
}

POOLING_FUNCTION void store_lanes(BFloat16* p, FloatLanes v) {
    store_unaligned(p, __builtin_convertvector(bfloat16_bits_from_float(v), UInt16Lanes));
}

// The two functions below also take a scalar for a vector of one lane.

// The first `count` lanes from elements `stride` apart; the others repeat the first.
template <class Vector, class Storage>
POOLING_FUNCTION Vector load_lanes(const Storage* p, Index stride, int count) {
    if constexpr (lane_count<Vector>() > 1) {
        if (stride == 1 && count == lane_count<Vector>()) {
            return load_lanes(p);
        }
    }
    typename RealTraits<Vector>::Element elements[lane_count<Vector>()];
    for (int lane = 0; lane < lane_count<Vector>(); lane++) {
        elements[lane] = load(p + (lane < count ? lane : 0) * stride);
    }
    return load_unaligned<Vector>(elements);
}

template <class Vector, class Storage>
POOLING_FUNCTION void store_lanes(Storage* p, Index stride, int count, Vector v) {
    if constexpr (lane_count<Vector>() > 1) {
        if (stride == 1 && count == lane_count<Vector>()) {
            store_lanes(p, v);
            return;
        }
    }
    typename RealTraits<Vector>::Element elements[lane_count<Vector>()];
    store_unaligned(elements, v);
    for (int lane = 0; lane < count; lane++) {
        store(p + lane * stride, elements[lane]);
    }
}

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

#if defined(__clang__)
#define POOLING_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define POOLING_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, typename RealTraits<Vector>::Bits{__VA_ARGS__})
#endif

template <class Vector, int... I>
POOLING_FUNCTION Vector even_lanes(Vector a, Vector b, Indices<I...>) {
    return POOLING_SHUFFLE(a, b, (2 * I)...);
}

template <class Vector, int... I>
POOLING_FUNCTION Vector odd_lanes(Vector a, Vector b, Indices<I...>) {
    return POOLING_SHUFFLE(a, b, (2 * I + 1)...);
}

template <class Vector, int Half, int... I>
POOLING_FUNCTION Vector interleaved_lanes(Vector a, Vector b, Indices<I...>) {
    constexpr int n = lane_count<Vector>();
    return POOLING_SHUFFLE(a, b, (Half * n / 2 + I / 2 + (I % 2) * n)...);
}

#undef POOLING_SHUFFLE

template <class Vector>
using AllLanes = typename MakeIndices<lane_count<Vector>()>::Type;

// Elements 0, 2, 4, ... of the 2 * lane_count elements at p.
template <class Vector, class Storage>
POOLING_FUNCTION Vector load_even_lanes(const Storage* p) {
    return even_lanes<Vector>(load_lanes(p), load_lanes(p + lane_count<Vector>()), AllLanes<Vector>());
}

// Elements 1, 3, 5, ... of the 2 * lane_count elements at p.
template <class Vector, class Storage>
POOLING_FUNCTION Vector load_odd_lanes(const Storage* p) {
    return odd_lanes<Vector>(load_lanes(p), load_lanes(p + lane_count<Vector>()), AllLanes<Vector>());
}

template <class Vector, class Storage>
POOLING_FUNCTION void store_interleaved_lanes(Storage* p, Vector even, Vector odd) {
    store_lanes(p, interleaved_lanes<Vector, 0>(even, odd, AllLanes<Vector>()));
    store_lanes(p + lane_count<Vector>(), interleaved_lanes<Vector, 1>(even, odd, AllLanes<Vector>()));
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
