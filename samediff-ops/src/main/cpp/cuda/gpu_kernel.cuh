// SPDX-License-Identifier: Apache-2.0
// How a kernel for GPUs is written. One source serves three compilers: NVRTC at run time on the user's machine and nvcc
// compile it for devices; the C++ compiler takes from it what the host must know of a kernel, its plan, and for tests
// the kernel itself (POOLING_GPU_STUB).
//
// A kernel computes what the CPU's kernel of the same name does, from the same parameter block and arrays, in one pass
// or several: launches that follow each other on a stream. It is a struct with a template Of<Storage>, which has
//     Parameters, kArrays, kPasses
//     static void plan(const GpuRequest<Parameters>&, GpuPlan&)        threads of each pass, and memory between them
//     static void run<Pass>(const Parameters&, const GpuArrays&, char* scratch, Index thread)
// and is listed with POOLING_GPU_KERNEL. There is no shared memory and no barrier: threads of a pass do not meet.
#pragma once

#include "../core/bytes.h"
#include "../core/storage.h"

#if defined(__CUDACC__)
#define POOLING_DEVICE __device__ __forceinline__
#else
#define POOLING_DEVICE inline
#endif

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr int kMaximumGpuArrays = 32;
constexpr int kMaximumGpuPasses = 6;

// Addresses on the device; null where an array is left out.
struct GpuArrays {
    void* addresses[kMaximumGpuArrays];

    template <class T>
    POOLING_DEVICE T* at(int array) const {
        return static_cast<T*>(addresses[array]);
    }

    POOLING_DEVICE Index number(int array) const {
        return reinterpret_cast<Index>(addresses[array]);
    }
};

// Filled in on the host, and returned to Java as words in this order.
struct GpuPlan {
    Index scratch;                     // bytes of memory that the passes share
    Index zeroed;                      // of those, bytes at the start that are 0 before the first pass
    Index wide;                        // whether a number that the kernel divides needs more than 31 bits
    Index threads[kMaximumGpuPasses];  // 0: the pass is left out
};

template <class Parameters>
struct GpuRequest {
    const Parameters& parameters;
    const Index* addresses;  // 0 where an array is left out; the memory between passes must not depend on the others
    bool deterministic;
};

// Parts of the scratch memory, in the order in which they are taken; each begins at a multiple of 256 bytes.
class GpuScratch {
public:
    POOLING_FUNCTION explicit GpuScratch(char* memory) : memory_(memory), used_(0) {}

    template <class T>
    POOLING_FUNCTION T* take(Index count) {
        Index begin = used_;
        used_ += (count * Index(sizeof(T)) + 255) / 256 * 256;
        return reinterpret_cast<T*>(memory_ + begin);
    }

    POOLING_FUNCTION Index used() const {
        return used_;
    }

private:
    char* memory_;
    Index used_;
};

// Takes the last part of a number that counts several axes.
POOLING_FUNCTION Index take_last(Index& number, Index size) {
    Index rest = quotient(number, size);
    Index last = number - rest * size;
    number = rest;
    return last;
}

// Whether a number needs more than 31 bits.
POOLING_FUNCTION bool is_wide(Index number) {
    return number > 0x7fffffff || number < -0x7fffffff;
}

// Sums whose order is left to the device.
template <class Real>
POOLING_DEVICE void atomic_add(Real* target, Real value) {
#if defined(__CUDA_ARCH__)
    atomicAdd(target, value);
#else
    *target += value;
#endif
}

POOLING_DEVICE void atomic_or(UInt32* target, UInt32 value) {
#if defined(__CUDA_ARCH__)
    atomicOr(target, value);
#else
    *target |= value;
#endif
}

// For unsigned numbers.
template <class Number>
POOLING_DEVICE void atomic_maximum(Number* target, Number value) {
#if defined(__CUDA_ARCH__)
    atomicMax(target, value);
#else
    *target = *target < value ? value : *target;
#endif
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

#define POOLING_GPU_ENTRY_NAME(name, pass, suffix) name##_##pass##_##suffix

#if defined(__CUDACC__)

#define POOLING_GPU_ENTRY(name, Kernel, pass, Storage, suffix)                                                     \
    extern "C" __global__ void __launch_bounds__(256, 2) POOLING_GPU_ENTRY_NAME(name, pass, suffix)(               \
        const typename Kernel::Of<Storage>::Parameters parameters, const pooling::GpuArrays arrays, char* scratch, \
        pooling::Index threads) {                                                                                  \
        pooling::Index thread = pooling::Index(blockIdx.x) * blockDim.x + threadIdx.x;                             \
        if (thread < threads) {                                                                                    \
            Kernel::Of<Storage>::template run<pass>(parameters, arrays, scratch, thread);                          \
        }                                                                                                          \
    }
#define POOLING_GPU_REGISTER(stem, name, Kernel)
#define POOLING_GPU_REGISTER_BYTES(stem, name, Kernel)

#else

#include "gpu_registry.h"

#if defined(POOLING_GPU_STUB)
// What the stub driver of the tests calls; see gpu_registry.h.
#define POOLING_GPU_ENTRY(name, Kernel, pass, Storage, suffix)                                          \
    namespace {                                                                                         \
    const pooling::GpuEntryRegistration POOLING_GPU_ENTRY_NAME(name, pass, suffix##_entry)(             \
        #name "_" #pass "_" #suffix, [](void** arguments, pooling::Index begin, pooling::Index end) {   \
            typedef Kernel::Of<Storage> Typed;                                                          \
            const Typed::Parameters& parameters = *static_cast<const Typed::Parameters*>(arguments[0]); \
            const pooling::GpuArrays& arrays = *static_cast<const pooling::GpuArrays*>(arguments[1]);   \
            char* scratch = *static_cast<char**>(arguments[2]);                                         \
            pooling::Index threads = *static_cast<const pooling::Index*>(arguments[3]);                 \
            for (pooling::Index thread = begin; thread < end && thread < threads; thread++) {           \
                Typed::run<pass>(parameters, arrays, scratch, thread);                                  \
            }                                                                                           \
        });                                                                                             \
    }
#else
#define POOLING_GPU_ENTRY(name, Kernel, pass, Storage, suffix)
#endif
#define POOLING_GPU_REGISTER(stem, name, Kernel)                                                      \
    namespace {                                                                                       \
    const pooling::GpuKernelRegistration name##_registration(                                         \
        pooling::GpuKernelEntry::of<Kernel::Of<float>, Kernel::Of<double>, Kernel::Of<pooling::Half>, \
                                    Kernel::Of<pooling::BFloat16>>(#stem, #name));                    \
    }
#define POOLING_GPU_REGISTER_BYTES(stem, name, Kernel)                                                                 \
    namespace {                                                                                                        \
    const pooling::GpuKernelRegistration name##_registration(                                                          \
        pooling::GpuKernelEntry::of_bytes<Kernel::Of<pooling::SignedByte>, Kernel::Of<pooling::UnsignedByte>>(#stem,   \
                                                                                                              #name)); \
    }

#endif

// The run-time compiler is told one type; all others compile every type.
#if !defined(POOLING_GPU_TYPE) || POOLING_GPU_TYPE == 0
#define POOLING_GPU_FLOAT(name, Kernel, pass) POOLING_GPU_ENTRY(name, Kernel, pass, float, f32)
#else
#define POOLING_GPU_FLOAT(name, Kernel, pass)
#endif
#if !defined(POOLING_GPU_TYPE) || POOLING_GPU_TYPE == 1
#define POOLING_GPU_DOUBLE(name, Kernel, pass) POOLING_GPU_ENTRY(name, Kernel, pass, double, f64)
#else
#define POOLING_GPU_DOUBLE(name, Kernel, pass)
#endif
#if !defined(POOLING_GPU_TYPE) || POOLING_GPU_TYPE == 2
#define POOLING_GPU_HALF(name, Kernel, pass) POOLING_GPU_ENTRY(name, Kernel, pass, pooling::Half, f16)
#else
#define POOLING_GPU_HALF(name, Kernel, pass)
#endif
#if !defined(POOLING_GPU_TYPE) || POOLING_GPU_TYPE == 3
#define POOLING_GPU_BFLOAT16(name, Kernel, pass) POOLING_GPU_ENTRY(name, Kernel, pass, pooling::BFloat16, bf16)
#else
#define POOLING_GPU_BFLOAT16(name, Kernel, pass)
#endif

#if !defined(POOLING_GPU_TYPE) || POOLING_GPU_TYPE == 4
#define POOLING_GPU_SIGNED(name, Kernel, pass) POOLING_GPU_ENTRY(name, Kernel, pass, pooling::SignedByte, s8)
#else
#define POOLING_GPU_SIGNED(name, Kernel, pass)
#endif
#if !defined(POOLING_GPU_TYPE) || POOLING_GPU_TYPE == 5
#define POOLING_GPU_UNSIGNED(name, Kernel, pass) POOLING_GPU_ENTRY(name, Kernel, pass, pooling::UnsignedByte, u8)
#else
#define POOLING_GPU_UNSIGNED(name, Kernel, pass)
#endif

#define POOLING_GPU_PASS(name, Kernel, pass) \
    POOLING_GPU_FLOAT(name, Kernel, pass)    \
    POOLING_GPU_DOUBLE(name, Kernel, pass)   \
    POOLING_GPU_HALF(name, Kernel, pass)     \
    POOLING_GPU_BFLOAT16(name, Kernel, pass)

#define POOLING_GPU_PASSES_1(name, Kernel) POOLING_GPU_PASS(name, Kernel, 0)
#define POOLING_GPU_PASSES_2(name, Kernel) POOLING_GPU_PASSES_1(name, Kernel) POOLING_GPU_PASS(name, Kernel, 1)
#define POOLING_GPU_PASSES_3(name, Kernel) POOLING_GPU_PASSES_2(name, Kernel) POOLING_GPU_PASS(name, Kernel, 2)
#define POOLING_GPU_PASSES_4(name, Kernel) POOLING_GPU_PASSES_3(name, Kernel) POOLING_GPU_PASS(name, Kernel, 3)
#define POOLING_GPU_PASSES_5(name, Kernel) POOLING_GPU_PASSES_4(name, Kernel) POOLING_GPU_PASS(name, Kernel, 4)
#define POOLING_GPU_PASSES_6(name, Kernel) POOLING_GPU_PASSES_5(name, Kernel) POOLING_GPU_PASS(name, Kernel, 5)

// stem: of this file; name: of the CPU's kernel; passes: the number Kernel::Of<...>::kPasses, in digits.
#define POOLING_GPU_KERNEL(stem, name, Kernel, passes)                                             \
    static_assert(Kernel::Of<float>::kPasses == passes, "all passes of " #name " must be listed"); \
    POOLING_GPU_PASSES_##passes(name, Kernel) POOLING_GPU_REGISTER(stem, name, Kernel)

// For 8-bit numbers alone, in one pass.
#define POOLING_GPU_BYTE_KERNEL(stem, name, Kernel)                                                         \
    static_assert(Kernel::Of<pooling::SignedByte>::kPasses == 1, "kernels of bytes have one pass: " #name); \
    POOLING_GPU_SIGNED(name, Kernel, 0)                                                                     \
    POOLING_GPU_UNSIGNED(name, Kernel, 0)                                                                   \
    POOLING_GPU_REGISTER_BYTES(stem, name, Kernel)
