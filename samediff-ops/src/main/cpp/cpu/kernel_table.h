// SPDX-License-Identifier: Apache-2.0
// What a cpu/<stem>.cpp exports: one table of kernels per instruction set it was compiled for. The tables are
// constants: no code of an instruction set runs before the processor was asked whether it has it.
#pragma once

#include "../core/bytes.h"
#include "../core/storage.h"

namespace pooling {

constexpr int kMaximumArrays = 32;

enum KernelStatus { kSuccess = 0, kOutOfMemory = 1, kBadIndex = 2, kWrongType = 3 };

// parameters: the kernel's parameter struct. arrays: addresses of element 0 of each array.
typedef KernelStatus (*Kernel)(const void* parameters, void* const* arrays);

struct KernelEntry {
    const char* name;  // nullptr ends a table
    int parameter_words;
    int arrays;
    Kernel by_type[6];  // float, double, half, bfloat16, signed byte, unsigned byte; null: not made for it
};

}  // namespace pooling

#define POOLING_CONCATENATE_(a, b) a##_##b
#define POOLING_CONCATENATE(a, b) POOLING_CONCATENATE_(a, b)
#define POOLING_KERNEL_TABLE(stem) POOLING_CONCATENATE(POOLING_CONCATENATE(stem, kernels), POOLING_INSTRUCTION_SET)

// The short form of the build for sanitizers leaves the other types out: compiling them all takes too long there.
#if defined(POOLING_FLOAT_ALONE)
#define POOLING_REAL_TYPES(function) function<float>
#else
#define POOLING_REAL_TYPES(function) function<float>, function<double>, function<Half>, function<BFloat16>
#endif

#define POOLING_KERNEL(name, parameters, arrays, function) \
    {                                                      \
        name, sizeof(parameters) / 8, arrays, {            \
            POOLING_REAL_TYPES(function)                   \
        }                                                  \
    }

// For 8-bit numbers alone.
#define POOLING_BYTE_KERNEL(name, parameters, arrays, function)                                                \
    {                                                                                                          \
        name, sizeof(parameters) / 8, arrays, {                                                                \
            nullptr, nullptr, nullptr, nullptr, function<pooling::SignedByte>, function<pooling::UnsignedByte> \
        }                                                                                                      \
    }
