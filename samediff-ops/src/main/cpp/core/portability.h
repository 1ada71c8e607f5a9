// SPDX-License-Identifier: Apache-2.0
// Compiler differences live here and nowhere else. Every header that the GPU includes may include only headers of
// core/ and kernels/: NVRTC has no standard library.
#pragma once

#if defined(__CUDACC__)
#define POOLING_FUNCTION __host__ __device__ __forceinline__
#else
#define POOLING_FUNCTION inline __attribute__((always_inline))
// Behind a lambda's parameters, where it is a loop's body and called from more than one place.
#define POOLING_INLINE_LAMBDA __attribute__((always_inline))
#endif

// The build compiles the CPU sources once per instruction set and names the set here, so that each copy of an
// inline function stays in its own namespace and the linker cannot merge copies made for different processors.
#ifndef POOLING_INSTRUCTION_SET
#define POOLING_INSTRUCTION_SET portable
#endif

namespace pooling {

typedef long long Index;
typedef unsigned char UInt8;
typedef unsigned short UInt16;
typedef unsigned int UInt32;
typedef unsigned long long UInt64;

// Quotient and remainder, of the dividend's sign. Devices have no division of 64 bits: it is a function that needs a
// stack. Kernels for them are compiled with POOLING_NARROW_INDICES too, and used so where all numbers fit in 32 bits.
POOLING_FUNCTION Index quotient(Index dividend, Index divisor) {
#if defined(POOLING_NARROW_INDICES)
    return static_cast<int>(dividend) / static_cast<int>(divisor);
#else
    return divisor == 1 ? dividend : dividend / divisor;  // a stride or dilation mostly; dividing takes its time
#endif
}

POOLING_FUNCTION Index remainder(Index dividend, Index divisor) {
#if defined(POOLING_NARROW_INDICES)
    return static_cast<int>(dividend) % static_cast<int>(divisor);
#else
    return divisor == 1 ? 0 : dividend % divisor;
#endif
}

static_assert(sizeof(Index) == 8 && sizeof(UInt16) == 2 && sizeof(UInt32) == 4 && sizeof(UInt64) == 8,
              "the parameter blocks passed from Java rely on these sizes");

}  // namespace pooling
