// SPDX-License-Identifier: Apache-2.0
// What Java asks of the kernels for GPUs; see native_api.h.
#include "../cpu/native_api.h"

#include <stdint.h>
#include <string.h>

#include "gpu_registry.h"

namespace {

const pooling::GpuKernelEntry* entry(long long kernel) {
    return reinterpret_cast<const pooling::GpuKernelEntry*>(static_cast<intptr_t>(kernel));
}

}  // namespace

long long pooling_find_gpu_kernel(const char* name) {
    for (auto r = pooling::GpuKernelRegistration::first(); r != nullptr; r = r->next()) {
        if (strcmp(r->entry().name, name) == 0) {
            return static_cast<long long>(reinterpret_cast<intptr_t>(&r->entry()));
        }
    }
    return 0;
}

const char* pooling_gpu_kernel_stem(long long kernel) {
    return entry(kernel)->stem;
}

int pooling_gpu_parameter_words(long long kernel) {
    return entry(kernel)->parameter_words;
}

int pooling_gpu_array_count(long long kernel) {
    return entry(kernel)->arrays;
}

int pooling_gpu_pass_count(long long kernel) {
    return entry(kernel)->passes;
}

void pooling_plan_gpu_kernel(long long kernel, int data_type, bool deterministic, const long long* parameters,
                             const long long* addresses, long long* plan) {
    pooling::GpuPlan result = {};
    if (entry(kernel)->plans[data_type] == nullptr) {
        result.scratch = -1;
    } else {
        entry(kernel)->plans[data_type](parameters, addresses, deterministic, result);
    }
    memcpy(plan, &result, sizeof(result));
}
