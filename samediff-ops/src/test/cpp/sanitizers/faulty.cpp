// SPDX-License-Identifier: Apache-2.0
// A kernel with faults, which the sanitizers must find. It copies x to y; the fault that it has besides is a parameter.
#include <limits.h>
#include <stdlib.h>

#include "../../../main/cpp/cpu/kernel_table.h"
#include "../../../main/cpp/cpu/scratch.h"
#include "../../../main/cpp/cpu/threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

struct FaultyParameters {
    Index count;
    Index y_stride;
    Index fault;
};

enum Fault {  // in the order of KernelSanitizerTest.Fault
    kNone,
    kReadsBehind,
    kReadsBefore,
    kWritesInput,
    kWritesBehind,
    kWritesBetween,
    kLeavesOut,
    kReadsNothing,
    kLeaks,
    kLeavesScratch,
    kOverflows,
    kConvertsNan,
    kRaces,
    kDependsOnThreads
};

// As sanitizers do not see instructions that the compiler does not know.
template <class Storage>
__attribute__((noinline, no_sanitize("address", "thread", "undefined"))) float unseen(const Storage* p) {
    float value = 0;
    for (unsigned i = 0; i < sizeof(Storage); i++) {
        value += static_cast<float>(reinterpret_cast<const UInt8*>(p)[i]);
    }
    return value;
}

volatile float discarded;
volatile int largest = INT_MAX;
volatile float not_a_number = __builtin_nanf("");
void* volatile lost;

template <class Storage>
KernelStatus run(const void* parameters, void* const* arrays) {
    const FaultyParameters& p = *static_cast<const FaultyParameters*>(parameters);
    Storage* x = static_cast<Storage*>(arrays[0]);
    Storage* y = static_cast<Storage*>(arrays[1]);
    Index count = p.fault == kLeavesOut ? p.count - 1 : p.count;
    parallel_ranges(count, 1, [&](Index begin, Index end) {
        for (Index i = begin; i < end; i++) {
            y[i * p.y_stride] = x[i];
        }
        if (p.fault == kRaces || (p.fault == kDependsOnThreads && begin == 0)) {
            store(y, static_cast<float>(end));
        }
    });
    Scratch<Storage> scratch(3);
    switch (p.fault) {
        case kReadsBehind:
            discarded = unseen(x + p.count);
            break;
        case kReadsBefore:
            discarded = unseen(x - 1);
            break;
        case kWritesInput:
            *x = *y;
            break;
        case kWritesBehind:
            y[p.count * p.y_stride] = *x;
            break;
        case kWritesBetween:
            y[1] = *x;
            break;
        case kReadsNothing:
            store(y, unseen(scratch.get()));
            break;
        case kLeaks:
            lost = malloc(24);
            break;
        case kLeavesScratch:
            *y = scratch.get()[3];
            break;
        case kOverflows:
            store(y, static_cast<float>(largest + 1));
            break;
        case kConvertsNan:
            store(y, static_cast<float>(static_cast<int>(not_a_number)));
            break;
        default:
            break;
    }
    return kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(faulty)[];
const KernelEntry POOLING_KERNEL_TABLE(faulty)[] = {
    POOLING_KERNEL("faulty", FaultyParameters, 2, run),
    {},
};

}  // namespace pooling
