// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace replay {

// How many threads the next parallel regions have.
void set_threads(int count);

}  // namespace replay
