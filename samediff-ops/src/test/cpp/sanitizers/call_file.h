// SPDX-License-Identifier: Apache-2.0
// Calls of kernels as CallRecorder.java writes them: 64-bit words, and bytes filled up to whole words.
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <string>
#include <vector>

namespace replay {

typedef long long Word;
typedef unsigned char Byte;

// Says why, and ends the program.
[[noreturn]] inline void fail(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

struct Array {
    Word width;  // bytes of an element; 0: the array is left out
    bool output;
    std::vector<Word> sizes;
    std::vector<Word> strides;
    std::vector<Byte> bytes;  // from the first to the last element, as they were before the call
};

struct Call {
    bool refused;  // the kernel found an index that is wrong
    std::string kernel;
    Word type;
    bool keeps_outputs;  // it writes parts of its outputs only
    std::vector<Word> parameters;
    std::vector<Array> arrays;
};

class CallFile {
public:
    explicit CallFile(const char* path) : path_(path), file_(fopen(path, "rb")) {
        if (file_ == nullptr) {
            fail("cannot read %s", path);
        }
    }

    CallFile(const CallFile&) = delete;
    CallFile& operator=(const CallFile&) = delete;

    ~CallFile() {
        fclose(file_);
    }

    // False at the end of the file.
    bool next(Call& call) {
        Word refused;
        if (fread(&refused, sizeof refused, 1, file_) != 1) {
            return false;
        }
        call.refused = refused != 0;
        std::vector<Byte> name = bytes();
        call.kernel.assign(name.begin(), name.end());
        call.type = word();
        call.keeps_outputs = word() != 0;
        call.parameters = words();
        call.arrays.resize(static_cast<size_t>(word()));
        for (Array& array : call.arrays) {
            array.width = word();
            array.output = word() != 0;
            array.sizes = words();
            array.strides = words();
            array.bytes = bytes();
        }
        return true;
    }

private:
    void read(void* to, size_t count) {
        if (count > 0 && fread(to, count, 1, file_) != 1) {
            fail("%s ends in the middle of a call", path_);
        }
    }

    Word word() {
        Word value;
        read(&value, sizeof value);
        return value;
    }

    std::vector<Word> words() {
        std::vector<Word> values(static_cast<size_t>(word()));
        read(values.data(), values.size() * sizeof(Word));
        return values;
    }

    std::vector<Byte> bytes() {
        std::vector<Byte> values(static_cast<size_t>(word()));
        read(values.data(), values.size());
        Byte rest[sizeof(Word)];
        read(rest, (sizeof(Word) - values.size() % sizeof(Word)) % sizeof(Word));
        return values;
    }

    const char* path_;
    FILE* file_;
};

}  // namespace replay
