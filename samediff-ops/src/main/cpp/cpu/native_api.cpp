// SPDX-License-Identifier: Apache-2.0
#include "native_api.h"

#include <stdint.h>
#include <string.h>

#include "kernel_table.h"

#if defined(__x86_64__)
#define POOLING_TABLES(stem) \
    { stem##_kernels_baseline, stem##_kernels_avx2, stem##_kernels_avx512 }
#else
#define POOLING_TABLES(stem) \
    { stem##_kernels_baseline }
#endif

namespace pooling {

// The build lists the stems of cpu/ in kernel_stems.inc, one POOLING_STEM(stem) a line.
#define POOLING_STEM(stem)                              \
    extern const KernelEntry stem##_kernels_baseline[]; \
    extern const KernelEntry stem##_kernels_avx2[];     \
    extern const KernelEntry stem##_kernels_avx512[];
#include "kernel_stems.inc"
#undef POOLING_STEM

namespace {

constexpr int kInstructionSets = 3;
const char* const kNames[kInstructionSets] = {"baseline", "avx2", "avx512"};

const KernelEntry* const kTables[][kInstructionSets] = {
#define POOLING_STEM(stem) POOLING_TABLES(stem),
#include "kernel_stems.inc"
#undef POOLING_STEM
};

const KernelEntry* entry(long long kernel) {
    return reinterpret_cast<const KernelEntry*>(static_cast<intptr_t>(kernel));
}

}  // namespace
}  // namespace pooling

int pooling_best_instruction_set() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return avx2 && avx512 ? 2 : avx2 ? 1 : 0;
#else
    return 0;
#endif
}

const char* pooling_instruction_set_name(int instruction_set) {
    bool known = instruction_set >= 0 && instruction_set < pooling::kInstructionSets;
    return known ? pooling::kNames[instruction_set] : nullptr;
}

long long pooling_find_kernel(const char* name, int instruction_set) {
    if (instruction_set < 0 || instruction_set > pooling_best_instruction_set()) {
        return 0;
    }
    for (const auto& tables : pooling::kTables) {
        for (const pooling::KernelEntry* e = tables[instruction_set]; e->name != nullptr; e++) {
            if (strcmp(e->name, name) == 0) {
                return static_cast<long long>(reinterpret_cast<intptr_t>(e));
            }
        }
    }
    return 0;
}

int pooling_parameter_words(long long kernel) {
    return pooling::entry(kernel)->parameter_words;
}

int pooling_array_count(long long kernel) {
    return pooling::entry(kernel)->arrays;
}

int pooling_launch(long long kernel, int data_type, const long long* parameters, const long long* addresses) {
    void* arrays[pooling::kMaximumArrays];
    const pooling::KernelEntry* e = pooling::entry(kernel);
    for (int i = 0; i < e->arrays; i++) {
        arrays[i] = reinterpret_cast<void*>(static_cast<intptr_t>(addresses[i]));
    }
    pooling::Kernel kernel_of_type = e->by_type[data_type];
    return kernel_of_type == nullptr ? pooling::kWrongType : kernel_of_type(parameters, arrays);
}
