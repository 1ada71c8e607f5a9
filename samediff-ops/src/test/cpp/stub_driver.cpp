// SPDX-License-Identifier: Apache-2.0
// Stands in for libcuda in tests on machines without NVIDIA's libraries. Kernels are those of cuda/, compiled for the
// host into this library. Memory of the device cannot be touched but inside copies and launches, so that a host that
// takes an address of the device for one of its own is found out.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "../../main/cpp/cuda/gpu_registry.h"
#include "stub_control.h"

namespace {

typedef unsigned long long Address;

enum {
    kSuccess = 0,
    kInvalidValue = 1,
    kOutOfMemory = 2,
    kNotInitialized = 3,
    kNoDevice = 100,
    kInvalidDevice = 101,
    kInvalidImage = 200,
    kInvalidContext = 201,
    kNotFound = 500
};

const size_t kPage = 4096;
const unsigned kMostDevices = 8;

struct Context {
    int device;
};

struct Module {
    std::string suffix;
};

struct Function {
    std::string name;
    pooling::GpuEntryRegistration::Function run;
};

struct Event {
    std::chrono::steady_clock::time_point time;
};

std::mutex mutex;
bool started = false;
Context contexts[kMostDevices];
std::map<Address, size_t> memory;
thread_local std::vector<Context*> current;

size_t pages(size_t bytes) {
    return (bytes + kPage - 1) / kPage * kPage;
}

void* page_of(Address address) {
    return reinterpret_cast<void*>(address / kPage * kPage);
}

size_t pages_of(const std::pair<const Address, size_t>& piece) {
    return pages(piece.first % kPage + piece.second);
}

void protect(int protection) {
    for (const auto& piece : memory) {
        mprotect(page_of(piece.first), pages_of(piece), protection);
    }
}

bool holds(Address address, size_t bytes) {
    auto next = memory.upper_bound(address);
    if (next == memory.begin()) {
        return false;
    }
    --next;
    return address + bytes <= next->first + next->second;
}

int enter(const char* function, bool needs_context) {
    if (int code = stub::failure(function)) {
        return code;
    }
    if (!started) {
        return kNotInitialized;
    }
    if (needs_context && current.empty()) {
        return kInvalidContext;
    }
    return needs_context ? stub::number("lost", 0) : kSuccess;
}

}  // namespace

#define STUB_API extern "C" __attribute__((visibility("default"))) int
#define STUB_ENTER(function, needs_context)           \
    if (int code = enter(#function, needs_context)) { \
        return code;                                  \
    }                                                 \
    std::lock_guard<std::mutex> lock(mutex)

STUB_API cuInit(unsigned) {
    if (int code = stub::failure("cuInit")) {
        return code;
    }
    started = true;
    return stub::number("devices", 1) > 0 ? kSuccess : kNoDevice;
}

STUB_API cuDriverGetVersion(int* version) {
    *version = 12020;
    return kSuccess;
}

STUB_API cuDeviceGetCount(int* count) {
    STUB_ENTER(cuDeviceGetCount, false);
    *count = stub::number("devices", 1);
    return kSuccess;
}

STUB_API cuDeviceGetName(char* name, int size, int device) {
    STUB_ENTER(cuDeviceGetName, false);
    strncpy(name, ("Stub " + std::to_string(device)).c_str(), static_cast<size_t>(size));
    return kSuccess;
}

STUB_API cuDeviceTotalMem_v2(size_t* bytes, int) {
    STUB_ENTER(cuDeviceTotalMem, false);
    *bytes = size_t(1) << 30;
    return kSuccess;
}

STUB_API cuDeviceGetAttribute(int* value, int attribute, int) {
    STUB_ENTER(cuDeviceGetAttribute, false);
    int capability = stub::number("capability", 80);
    *value = attribute == 75 ? capability / 10 : attribute == 76 ? capability % 10 : 0;
    return kSuccess;
}

STUB_API cuDevicePrimaryCtxRetain(Context** context, int device) {
    STUB_ENTER(cuDevicePrimaryCtxRetain, false);
    if (device < 0 || device >= stub::number("devices", 1)) {
        return kInvalidDevice;
    }
    contexts[device].device = device;
    *context = &contexts[device];
    return kSuccess;
}

STUB_API cuCtxPushCurrent_v2(Context* context) {
    STUB_ENTER(cuCtxPushCurrent, false);
    current.push_back(context);
    return kSuccess;
}

STUB_API cuCtxPopCurrent_v2(Context** context) {
    if (current.empty()) {
        return kInvalidContext;
    }
    *context = current.back();
    current.pop_back();
    return kSuccess;
}

STUB_API cuCtxSynchronize() {
    STUB_ENTER(cuCtxSynchronize, true);
    return kSuccess;
}

STUB_API cuStreamSynchronize(void*) {
    STUB_ENTER(cuStreamSynchronize, true);
    return kSuccess;
}

STUB_API cuMemAlloc_v2(Address* address, size_t bytes) {
    STUB_ENTER(cuMemAlloc, true);
    if (bytes == 0) {
        return kInvalidValue;
    }
    size_t offset = static_cast<size_t>(stub::number("misaligned", 0));
    size_t room = pages(offset + bytes);
    void* piece = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) {
        return kOutOfMemory;
    }
    *address = reinterpret_cast<Address>(piece) + offset;
    memory[*address] = bytes;
    // What nobody has written is not 0 on a device either.
    memset(piece, 0x7b, room);
    mprotect(piece, room, PROT_NONE);
    return kSuccess;
}

STUB_API cuMemFree_v2(Address address) {
    STUB_ENTER(cuMemFree, true);
    auto piece = memory.find(address);
    if (piece == memory.end()) {
        return kInvalidValue;
    }
    munmap(page_of(address), pages_of(*piece));
    memory.erase(piece);
    return kSuccess;
}

STUB_API cuMemcpyHtoDAsync_v2(Address target, const void* source, size_t bytes, void*) {
    STUB_ENTER(cuMemcpyHtoDAsync, true);
    if (!holds(target, bytes)) {
        return kInvalidValue;
    }
    protect(PROT_READ | PROT_WRITE);
    memcpy(reinterpret_cast<void*>(target), source, bytes);
    protect(PROT_NONE);
    return kSuccess;
}

STUB_API cuMemcpyDtoHAsync_v2(void* target, Address source, size_t bytes, void*) {
    STUB_ENTER(cuMemcpyDtoHAsync, true);
    if (!holds(source, bytes)) {
        return kInvalidValue;
    }
    protect(PROT_READ | PROT_WRITE);
    memcpy(target, reinterpret_cast<const void*>(source), bytes);
    protect(PROT_NONE);
    return kSuccess;
}

STUB_API cuMemsetD8Async(Address target, unsigned char value, size_t bytes, void*) {
    STUB_ENTER(cuMemsetD8Async, true);
    if (!holds(target, bytes)) {
        return kInvalidValue;
    }
    protect(PROT_READ | PROT_WRITE);
    memset(reinterpret_cast<void*>(target), value, bytes);
    protect(PROT_NONE);
    return kSuccess;
}

STUB_API cuMemcpyDtoDAsync_v2(Address target, Address source, size_t bytes, void*) {
    STUB_ENTER(cuMemcpyDtoDAsync, true);
    if (!holds(target, bytes) || !holds(source, bytes)) {
        return kInvalidValue;
    }
    protect(PROT_READ | PROT_WRITE);
    memcpy(reinterpret_cast<void*>(target), reinterpret_cast<const void*>(source), bytes);
    protect(PROT_NONE);
    return kSuccess;
}

STUB_API cuEventCreate(Event** event, unsigned) {
    STUB_ENTER(cuEventCreate, true);
    *event = new Event();
    return kSuccess;
}

STUB_API cuEventRecord(Event* event, void*) {
    STUB_ENTER(cuEventRecord, true);
    event->time = std::chrono::steady_clock::now();
    return kSuccess;
}

STUB_API cuEventSynchronize(Event*) {
    STUB_ENTER(cuEventSynchronize, true);
    return kSuccess;
}

STUB_API cuEventElapsedTime(float* milliseconds, Event* begin, Event* end) {
    STUB_ENTER(cuEventElapsedTime, true);
    *milliseconds = std::chrono::duration<float, std::milli>(end->time - begin->time).count();
    return kSuccess;
}

STUB_API cuEventDestroy_v2(Event* event) {
    delete event;
    return kSuccess;
}

STUB_API cuModuleLoadData(Module** module, const void* image) {
    STUB_ENTER(cuModuleLoadData, true);
    static const char kHead[] = "stub image of type ";
    static const char* const kSuffixes[] = {"_f32", "_f64", "_f16", "_bf16", "_s8", "_u8"};
    const char* text = static_cast<const char*>(image);
    if (strncmp(text, kHead, sizeof(kHead) - 1) != 0) {
        return kInvalidImage;
    }
    *module = new Module{kSuffixes[text[sizeof(kHead) - 1] - '0']};
    return kSuccess;
}

STUB_API cuModuleGetFunction(Function** function, Module* module, const char* name) {
    STUB_ENTER(cuModuleGetFunction, true);
    std::string wanted = name;
    bool typed = wanted.size() > module->suffix.size() &&
                 wanted.compare(wanted.size() - module->suffix.size(), module->suffix.size(), module->suffix) == 0;
    for (auto r = pooling::GpuEntryRegistration::first(); typed && r != nullptr; r = r->next()) {
        if (wanted == r->name()) {
            *function = new Function{wanted, r->run()};
            return kSuccess;
        }
    }
    return kNotFound;
}

STUB_API cuLaunchKernel(Function* function, unsigned grid, unsigned grid_y, unsigned grid_z, unsigned block,
                        unsigned block_y, unsigned block_z, unsigned, void*, void** arguments, void**) {
    STUB_ENTER(cuLaunchKernel, true);
    if (grid == 0 || grid_y != 1 || grid_z != 1 || block == 0 || block > 1024 || block_y != 1 || block_z != 1) {
        return kInvalidValue;
    }
    std::string trace = stub::word("trace", "");
    if (!trace.empty()) {
        std::ofstream(trace, std::ios::app) << function->name << "\n";
    }
    bool reverse = stub::word("order", "") == "reverse";
    protect(PROT_READ | PROT_WRITE);
    for (pooling::Index i = 0; i < grid; i++) {
        pooling::Index number = reverse ? grid - 1 - i : i;
        function->run(arguments, number * block, (number + 1) * block);
    }
    protect(PROT_NONE);
    return kSuccess;
}

STUB_API cuGetErrorName(int code, const char** name) {
    *name = code == kOutOfMemory ? "CUDA_ERROR_OUT_OF_MEMORY"
            : code == kNoDevice  ? "CUDA_ERROR_NO_DEVICE"
            : code == kNotFound  ? "CUDA_ERROR_NOT_FOUND"
            : code == 719        ? "CUDA_ERROR_LAUNCH_FAILED"
                                 : "CUDA_ERROR_OTHER";
    return kSuccess;
}

STUB_API cuGetErrorString(int, const char** text) {
    *text = "from the stub driver";
    return kSuccess;
}
