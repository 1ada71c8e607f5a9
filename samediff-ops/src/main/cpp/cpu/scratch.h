// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include "../core/portability.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Memory of one thread, not initialised. False when there is none left, or the count says that nothing could hold it.
template <class Element>
class Scratch {
public:
    explicit Scratch(Index count)
        : elements_(count < 0 || count >= kMost
                        ? nullptr
                        : static_cast<Element*>(malloc(static_cast<size_t>(count + 1) * sizeof(Element)))) {}

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    ~Scratch() {
        free(elements_);
    }

    explicit operator bool() const {
        return elements_ != nullptr;
    }

    Element* get() const {
        return elements_;
    }

private:
    static constexpr Index kMost = (Index(1) << 62) / Index(sizeof(Element));  // beyond, the product would wrap around

    Element* elements_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
