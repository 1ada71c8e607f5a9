// SPDX-License-Identifier: Apache-2.0
// What tests tell the stub libraries, in the file that the environment variable POOLING_STUB_CONTROL names. Words:
//     devices=N           number of devices; 1 where nothing is said
//     capability=N        compute capability, 80 for 8.0
//     misaligned=N        memory is allocated N bytes behind a page
//     trace=FILE          names of the kernels that run are written behind what the file holds
//     order=reverse       blocks of a launch run from the last to the first
//     fail=FUNCTION:CODE  the function fails
//     lost=CODE           the context is lost: every function that needs it fails
#pragma once

#include <fstream>
#include <string>

namespace stub {

inline std::string word(const std::string& name, const std::string& otherwise) {
    const char* path = getenv("POOLING_STUB_CONTROL");
    std::ifstream file(path == nullptr ? "" : path);
    for (std::string next; file >> next;) {
        if (next.compare(0, name.size() + 1, name + "=") == 0) {
            return next.substr(name.size() + 1);
        }
    }
    return otherwise;
}

inline int number(const std::string& name, int otherwise) {
    return std::stoi(word(name, std::to_string(otherwise)));
}

// The code with which a function shall fail, or 0.
inline int failure(const std::string& function) {
    std::string fail = word("fail", "");
    std::string::size_type colon = fail.find(':');
    return colon != std::string::npos && fail.substr(0, colon) == function ? std::stoi(fail.substr(colon + 1)) : 0;
}

}  // namespace stub
