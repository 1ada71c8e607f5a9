// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Plain elements, reused from one fill to the next. Without memory it stays as it is and says so.
template <class T>
class GrowingArray {
   public:
    GrowingArray() = default;
    GrowingArray(const GrowingArray&) = delete;
    GrowingArray& operator=(const GrowingArray&) = delete;

    ~GrowingArray() {
        free(data_);
    }

    void clear() {
        size_ = 0;
    }

    void add(const T& element) {
        if (size_ < capacity_ || reserve(2 * capacity_ + 64)) {
            data_[size_++] = element;
        }
    }

    bool reserve(Index capacity) {
        if (capacity > capacity_) {
            void* data = realloc(data_, static_cast<size_t>(capacity) * sizeof(T));
            if (data == nullptr) {
                failed_ = true;
                return false;
            }
            data_ = static_cast<T*>(data);
            capacity_ = capacity;
        }
        return true;
    }

    bool failed() const {
        return failed_;
    }

    Index size() const {
        return size_;
    }

    T* data() {
        return data_;
    }

    T& operator[](Index i) {
        return data_[i];
    }

    const T& operator[](Index i) const {
        return data_[i];
    }

   private:
    T* data_ = nullptr;
    Index size_ = 0;
    Index capacity_ = 0;
    bool failed_ = false;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
