// SPDX-License-Identifier: Apache-2.0
// What the host knows of the kernels for GPUs: which file a kernel stands in, and how to plan its passes. For the
// host's compiler only. Files of cuda/ add their kernels when the library is loaded.
#pragma once

#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct GpuKernelEntry {
    typedef void (*Plan)(const void* parameters, const Index* addresses, bool deterministic, GpuPlan& plan);

    const char* stem;
    const char* name;
    int parameter_words;
    int arrays;
    int passes;
    Plan plans[6];  // float, double, half, bfloat16, signed byte, unsigned byte; null: not made for it

    template <class Float, class Double, class HalfType, class BFloat16Type>
    static GpuKernelEntry of(const char* stem, const char* name) {
        return {stem,
                name,
                sizeof(typename Float::Parameters) / 8,
                Float::kArrays,
                Float::kPasses,
                {plan_of<Float>, plan_of<Double>, plan_of<HalfType>, plan_of<BFloat16Type>, nullptr, nullptr}};
    }

    template <class Signed, class Unsigned>
    static GpuKernelEntry of_bytes(const char* stem, const char* name) {
        return {stem,
                name,
                sizeof(typename Signed::Parameters) / 8,
                Signed::kArrays,
                Signed::kPasses,
                {nullptr, nullptr, nullptr, nullptr, plan_of<Signed>, plan_of<Unsigned>}};
    }

private:
    template <class Typed>
    static void plan_of(const void* parameters, const Index* addresses, bool deterministic, GpuPlan& plan) {
        typedef typename Typed::Parameters Parameters;
        plan = {};
        Typed::plan(GpuRequest<Parameters>{*static_cast<const Parameters*>(parameters), addresses, deterministic},
                    plan);
    }
};

// A list that grows while the library is loaded.
class GpuKernelRegistration {
public:
    explicit GpuKernelRegistration(const GpuKernelEntry& entry) : entry_(entry), next_(first()) {
        first() = this;
    }

    static const GpuKernelRegistration*& first() {
        static const GpuKernelRegistration* registration = nullptr;
        return registration;
    }

    const GpuKernelEntry& entry() const {
        return entry_;
    }

    const GpuKernelRegistration* next() const {
        return next_;
    }

private:
    GpuKernelEntry entry_;
    const GpuKernelRegistration* next_;
};

#if defined(POOLING_GPU_STUB)
// A kernel that the stub driver can run: some of its threads, one after the other.
class GpuEntryRegistration {
public:
    typedef void (*Function)(void** arguments, Index begin, Index end);

    GpuEntryRegistration(const char* name, Function function) : name_(name), function_(function), next_(first()) {
        first() = this;
    }

    static const GpuEntryRegistration*& first() {
        static const GpuEntryRegistration* registration = nullptr;
        return registration;
    }

    const char* name() const {
        return name_;
    }

    Function run() const {
        return function_;
    }

    const GpuEntryRegistration* next() const {
        return next_;
    }

private:
    const char* name_;
    Function function_;
    const GpuEntryRegistration* next_;
};
#endif

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
