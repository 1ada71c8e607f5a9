#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The C++ formatter of the build: clang-format out of the LLVM jar of the JavaCPP presets, unpacked on first use.
# Spotless hands it a source file on standard input and takes the formatted text from standard output.
#
# usage: clang-format.sh <JDK> <llvm jar> <platform> <directory to unpack into> <arguments of clang-format>...
set -eu
jdk=$1 archive=$2 content=org/bytedeco/llvm/$3 directory=$4
shift 4

unpack() {
    (cd "$scratch" && "$jdk/bin/jar" xf "$archive" \
        "$content/libLLVM-13.so" "$content/libclang-cpp.so.13" "$content/clang-format") < /dev/null >&2 || return
    chmod +x "$scratch/$content/clang-format" || return
    # Modules may be built in parallel: an executable that is there must be complete, so it comes last.
    for file in libLLVM-13.so libclang-cpp.so.13 clang-format; do
        mv -f "$scratch/$content/$file" "$directory/$file" || return
    done
}

if [ ! -x "$directory/clang-format" ]; then
    mkdir -p "$directory"
    scratch=$(mktemp -d "$directory/unpack.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    if ! unpack; then
        cat > /dev/null
        echo "cannot unpack clang-format from $archive" >&2
        exit 1
    fi
    rm -rf "$scratch"
    trap - EXIT
fi
exec "$directory/clang-format" "$@"
