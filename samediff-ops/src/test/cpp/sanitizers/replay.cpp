// SPDX-License-Identifier: Apache-2.0
// Makes calls of kernels that were recorded, on arrays between guard pages. Compiled together with the kernels, with a
// sanitizer.
//
//     replay --kernels                          lists kernels and the numbers of their types
//     replay FILE before|behind THREADS,...     makes each call once for each number of threads
//
// Prints each call before it is made and a digest of its results after that. The program fails where a kernel writes
// outside its arrays or into inputs, leaves elements of its outputs out, does not free memory, or where results depend
// on the number of threads or on what was in the outputs.
#include <memory>

#include "../../../main/cpp/cpu/kernel_table.h"
#include "call_file.h"
#include "guarded_memory.h"
#include "openmp.h"

namespace pooling {

#define POOLING_STEM(stem) extern const KernelEntry POOLING_KERNEL_TABLE(stem)[];
#include "kernel_stems.inc"
POOLING_STEM(faulty)
#undef POOLING_STEM

}  // namespace pooling

#if defined(__SANITIZE_ADDRESS__)
extern "C" size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace replay {
namespace {

using pooling::KernelEntry;

const KernelEntry* const kTables[] = {
#define POOLING_STEM(stem) pooling::POOLING_KERNEL_TABLE(stem),
#include "kernel_stems.inc"
    POOLING_STEM(faulty)
#undef POOLING_STEM
};

constexpr Word kTypes = sizeof(KernelEntry::by_type) / sizeof(pooling::Kernel);
const Byte kFills[] = {0xff, 0x55};  // NaN, and a large number

template <class Function>
void for_each_kernel(const Function& function) {
    for (const KernelEntry* table : kTables) {
        for (const KernelEntry* entry = table; entry->name != nullptr; entry++) {
            function(*entry);
        }
    }
}

void list_kernels() {
    for_each_kernel([](const KernelEntry& entry) {
        for (Word type = 0; type < kTypes; type++) {
            if (entry.by_type[type] != nullptr) {
                printf("%s %lld\n", entry.name, type);
            }
        }
    });
}

size_t allocated_bytes() {
#if defined(__SANITIZE_ADDRESS__)
    return __sanitizer_get_current_allocated_bytes();
#else
    return 0;
#endif
}

const KernelEntry& find(const Call& call) {
    const KernelEntry* found = nullptr;
    for_each_kernel([&](const KernelEntry& entry) {
        if (entry.name == call.kernel) {
            found = &entry;
        }
    });
    if (found == nullptr || call.type < 0 || call.type >= kTypes || found->by_type[call.type] == nullptr) {
        fail("there is no such kernel");
    }
    if (static_cast<size_t>(found->parameter_words) != call.parameters.size() ||
        static_cast<size_t>(found->arrays) != call.arrays.size()) {
        fail("the kernel takes other parameters");
    }
    return *found;
}

// Calls function(offset in bytes) for each element.
template <class Function>
void for_each_element(const Array& array, const Function& function) {
    size_t rank = array.sizes.size();
    std::vector<Word> index(rank, 0);
    for (;;) {
        Word offset = 0;
        for (size_t axis = 0; axis < rank; axis++) {
            offset += index[axis] * array.strides[axis];
        }
        function(offset * array.width);
        size_t axis = rank;
        while (axis > 0 && ++index[axis - 1] == array.sizes[axis - 1]) {
            index[--axis] = 0;
        }
        if (axis == 0) {
            return;
        }
    }
}

typedef std::vector<std::vector<Byte>> Results;  // of each output, element by element

// Makes the call and returns its results.
Results run(const Call& call, Guard guard, int threads, Byte fill) {
    pooling::Kernel kernel = find(call).by_type[call.type];
    std::vector<Word> parameters = call.parameters;
    std::vector<void*> addresses(call.arrays.size(), nullptr);
    std::vector<std::unique_ptr<GuardedMemory>> memory(call.arrays.size());
    for (size_t i = 0; i < memory.size(); i++) {
        const Array& array = call.arrays[i];
        if (array.width > 0) {
            memory[i].reset(new GuardedMemory(array.bytes.size(), guard, fill));
            addresses[i] = memory[i]->array();
            if (!array.output || call.keeps_outputs) {
                memcpy(memory[i]->array(), array.bytes.data(), array.bytes.size());
            }
            memory[i]->close(array.output);
        }
    }
    set_threads(threads);
    size_t allocated = allocated_bytes();
    pooling::KernelStatus status = kernel(parameters.data(), addresses.data());
    size_t left = allocated_bytes() - allocated;
    if (left != 0 && threads == 1) {  // threads have memory of their own, which the system keeps for the next ones
        fail("%zu bytes of memory were not freed", left);
    }
    if ((status != pooling::kSuccess) != call.refused) {
        fail("the status is %d", status);
    }
    Results results;
    for (size_t i = 0; i < memory.size(); i++) {
        const Array& array = call.arrays[i];
        if (array.width > 0 && array.output) {
            memory[i]->open();
            results.emplace_back();
            auto offsets = [&](const auto& function) { for_each_element(array, function); };
            if (!memory[i]->take(offsets, static_cast<size_t>(array.width), results.back())) {
                fail("array %zu: memory between or beside its elements was written", i);
            }
        }
    }
    return results;
}

unsigned long long digest(const Results& results) {
    unsigned long long hash = 14695981039346656037u;  // FNV-1a
    for (const auto& elements : results) {
        for (Byte byte : elements) {
            hash = (hash ^ byte) * 1099511628211u;
        }
    }
    return hash;
}

void make_calls(const char* path, Guard guard, const std::vector<int>& threads) {
    CallFile file(path);
    Call call;
    for (size_t number = 1; file.next(call); number++) {
        printf("%zu %s %lld", number, call.kernel.c_str(), call.type);
        for (const Array& array : call.arrays) {
            printf(" [");
            for (size_t axis = 0; axis < array.sizes.size(); axis++) {
                printf(axis == 0 ? "%lld" : ",%lld", array.sizes[axis]);
            }
            printf("]");
        }
        fflush(stdout);
        Results first;
        for (size_t i = 0; i < threads.size(); i++) {
            Results results = run(call, guard, threads[i], kFills[i % sizeof kFills]);
            if (i == 0) {
                first = results;
            } else if (results != first && !call.refused) {
                fail("results differ with the number of threads, or were not written");
            }
        }
        printf(call.refused ? " refused\n" : " %016llx\n", digest(first));
    }
}

std::vector<int> numbers(const char* text) {
    std::vector<int> result;
    for (const char* p = text; p != nullptr; p = strchr(p, ',')) {
        p += *p == ',';
        result.push_back(atoi(p));
    }
    return result;
}

}  // namespace
}  // namespace replay

int main(int count, char** arguments) {
    if (count == 2 && strcmp(arguments[1], "--kernels") == 0) {
        replay::list_kernels();
    } else if (count == 4) {
        bool before = strcmp(arguments[2], "before") == 0;
        replay::make_calls(arguments[1], before ? replay::Guard::kBefore : replay::Guard::kBehind,
                           replay::numbers(arguments[3]));
    } else {
        replay::fail("replay --kernels, or replay FILE before|behind THREADS,...");
    }
    return 0;
}
