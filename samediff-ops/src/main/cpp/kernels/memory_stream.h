// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../core/window_geometry.h"

namespace pooling {

struct MemoryStreamParameters {
    Index input;  // elements
    Index output;
};

}  // namespace pooling
