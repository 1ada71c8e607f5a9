// SPDX-License-Identifier: Apache-2.0
// Memory for one array, whose neighbours must not be touched.
#pragma once

#include <string.h>
#include <sys/mman.h>

#include "call_file.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#endif

namespace replay {

enum class Guard { kBefore, kBehind };

// Whole pages between two that cannot be touched. The array begins where they begin or ends where they end, so that the
// processor finds every access on that side, that of vector instructions too, which sanitizers know nothing of. What is
// left on the other side is poisoned: the address sanitizer finds what it sees there.
class GuardedMemory {
public:
    GuardedMemory(size_t size, Guard guard, Byte fill)
        : size_(size), pages_((size + kPage - 1) / kPage * kPage), mapped_(pages_ + 2 * kPage) {
        void* mapping = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapping == MAP_FAILED) {
            fail("no memory for an array of %zu bytes", size);
        }
        begin_ = static_cast<Byte*>(mapping) + kPage;
        array_ = guard == Guard::kBefore ? begin_ : begin_ + pages_ - size;
        protect(PROT_READ | PROT_WRITE);
        memset(begin_, fill, pages_);
    }

    GuardedMemory(const GuardedMemory&) = delete;
    GuardedMemory& operator=(const GuardedMemory&) = delete;

    ~GuardedMemory() {
        open();
        munmap(begin_ - kPage, mapped_);
    }

    Byte* array() {
        return array_;
    }

    // For a kernel.
    void close(bool writable) {
        before_.assign(begin_, begin_ + pages_);
        if (!writable) {
            protect(PROT_READ);
        }
        ASAN_POISON_MEMORY_REGION(begin_, static_cast<size_t>(array_ - begin_));
        ASAN_POISON_MEMORY_REGION(array_ + size_, static_cast<size_t>(begin_ + pages_ - array_) - size_);
    }

    // For the program.
    void open() {
        ASAN_UNPOISON_MEMORY_REGION(begin_, pages_);
        protect(PROT_READ | PROT_WRITE);
    }

    // Copies elements, `width` bytes each, at the offsets that a function gives to what it is called with, and says
    // whether everything else is as it was when the memory was closed.
    template <class Offsets>
    bool take(const Offsets& offsets, size_t width, std::vector<Byte>& elements) {
        elements.clear();
        Byte* known = before_.data() + (array_ - begin_);
        offsets([&](Word offset) {
            elements.insert(elements.end(), array_ + offset, array_ + offset + width);
            memcpy(known + offset, array_ + offset, width);
        });
        return memcmp(before_.data(), begin_, pages_) == 0;
    }

private:
    static constexpr size_t kPage = 4096;

    void protect(int protection) {
        if (mprotect(begin_, pages_, protection) != 0) {
            fail("cannot protect an array");
        }
    }

    size_t size_;
    size_t pages_;
    size_t mapped_;
    Byte* begin_;
    Byte* array_;
    std::vector<Byte> before_;
};

}  // namespace replay
