// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Platform;

/** The functions of {@code native_api.h}, bound by JavaCPP. Nothing here checks its arguments: {@link CpuKernels} does. */
@Platform(include = "native_api.h", library = "jnidl4jpooling")
final class NativeLibrary {

    static {
        Loader.load(NativeLibrary.class);
    }

    private NativeLibrary() {}

    static native int pooling_best_instruction_set();

    static native String pooling_instruction_set_name(int instructionSet);

    static native @Cast("long long") long pooling_find_kernel(String name, int instructionSet);

    static native int pooling_parameter_words(@Cast("long long") long kernel);

    static native int pooling_array_count(@Cast("long long") long kernel);

    static native int pooling_launch(
            @Cast("long long") long kernel,
            int dataType,
            @Cast("const long long*") long[] parameters,
            @Cast("const long long*") long[] addresses);
}
