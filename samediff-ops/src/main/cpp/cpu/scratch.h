// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include "../core/portability.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Memory of one thread, not initialised, at a place where no whole vector lies in two cache lines. False when there is
// none left, or the count says that nothing could hold it.
template <class Element>
class Scratch {
public:
    explicit Scratch(Index count)
        : memory_(count < 0 || count >= kMost ? nullptr : allocate(static_cast<size_t>(count) * sizeof(Element))) {}

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    ~Scratch() {
        free(memory_);
    }

    explicit operator bool() const {
        return memory_ != nullptr;
    }

    Element* get() const {
        UInt64 address = reinterpret_cast<UInt64>(memory_);
        return reinterpret_cast<Element*>((address + kLine - 1) / kLine * kLine);
    }

private:
    static constexpr UInt64 kLine = 64;
    static constexpr Index kMost = (Index(1) << 62) / Index(sizeof(Element));  // beyond, the product would wrap around

    static void* allocate(size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
        // Nothing to spare, so that the sanitizer sees what is read behind the last element.
        void* memory = nullptr;
        return posix_memalign(&memory, kLine, bytes) == 0 ? memory : nullptr;
#else
        return malloc(bytes + kLine);
#endif
    }

    void* memory_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
