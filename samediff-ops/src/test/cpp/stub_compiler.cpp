// SPDX-License-Identifier: Apache-2.0
// Stands in for libnvrtc in tests on machines without NVIDIA's libraries: checks what a compiler would be given, and
// gives the stub driver an image that says which of its kernels are meant.
#include <stdlib.h>
#include <string.h>

#include <regex>
#include <string>

#include "stub_control.h"

namespace {

enum { kSuccess = 0, kInvalidInput = 3, kInvalidOption = 5, kCompilation = 6 };

struct Program {
    std::string source;
    std::string log;
    std::string image;
};

const int kTargets[] = {50, 60, 70, 75, 80, 86};

}  // namespace

#define STUB_API extern "C" __attribute__((visibility("default")))

STUB_API const char* nvrtcGetErrorString(int code) {
    return code == kSuccess        ? "NVRTC_SUCCESS"
           : code == kCompilation  ? "NVRTC_ERROR_COMPILATION"
           : code == kInvalidInput ? "NVRTC_ERROR_INVALID_INPUT"
                                   : "NVRTC_ERROR";
}

STUB_API int nvrtcVersion(int* major, int* minor) {
    *major = 11;
    *minor = 6;
    return kSuccess;
}

STUB_API int nvrtcGetNumSupportedArchs(int* count) {
    *count = sizeof(kTargets) / sizeof(*kTargets);
    return stub::failure("nvrtcGetNumSupportedArchs");
}

STUB_API int nvrtcGetSupportedArchs(int* targets) {
    memcpy(targets, kTargets, sizeof(kTargets));
    return kSuccess;
}

STUB_API int nvrtcCreateProgram(Program** program, const char* source, const char*, int headers, const char* const*,
                                const char* const*) {
    if (source == nullptr || headers != 0) {
        return kInvalidInput;
    }
    *program = new Program{source, "", ""};
    return kSuccess;
}

STUB_API int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
    std::string all;
    for (int i = 0; i < count; i++) {
        all += std::string(options[i]) + " ";
    }
    std::smatch match;
    if (!std::regex_match(all, match,
                          std::regex("--gpu-architecture=(sm|compute)_\\d+ --std=c\\+\\+17 "
                                     "--device-as-default-execution-space -DPOOLING_GPU_TYPE=([0-5]) "
                                     "(-DPOOLING_NARROW_INDICES )?"))) {
        program->log = "unexpected options: " + all;
        return kInvalidOption;
    }
    if (std::regex_search(program->source, std::regex("(^|\n)#include"))) {
        program->log = "this compiler has no files to include";
        return kCompilation;
    }
    if (int code = stub::failure("nvrtcCompileProgram")) {
        program->log = "soft_pool.cu(1): error: injected by a test";
        return code;
    }
    program->image = "stub image of type " + match[2].str();
    return kSuccess;
}

STUB_API int nvrtcGetPTXSize(Program* program, size_t* size) {
    *size = program->image.size() + 1;
    return kSuccess;
}

STUB_API int nvrtcGetPTX(Program* program, char* image) {
    memcpy(image, program->image.c_str(), program->image.size() + 1);
    return kSuccess;
}

STUB_API int nvrtcGetCUBINSize(Program* program, size_t* size) {
    return nvrtcGetPTXSize(program, size);
}

STUB_API int nvrtcGetCUBIN(Program* program, char* image) {
    return nvrtcGetPTX(program, image);
}

STUB_API int nvrtcGetProgramLogSize(Program* program, size_t* size) {
    *size = program->log.size() + 1;
    return kSuccess;
}

STUB_API int nvrtcGetProgramLog(Program* program, char* log) {
    memcpy(log, program->log.c_str(), program->log.size() + 1);
    return kSuccess;
}

STUB_API int nvrtcDestroyProgram(Program** program) {
    delete *program;
    *program = nullptr;
    return kSuccess;
}
