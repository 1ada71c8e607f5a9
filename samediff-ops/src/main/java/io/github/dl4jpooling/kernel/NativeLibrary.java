// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The functions of {@code native_api.h}, bound by JavaCPP. Nothing here checks its arguments: {@link CpuKernels}
 * does.
 */
@Platform(include = "native_api.h", library = "jnidl4jpooling")
final class NativeLibrary {

    static {
        Loader.load(NativeLibrary.class);
    }

    private NativeLibrary() {}

    @Name("pooling_best_instruction_set")
    static native int bestInstructionSet();

    @Name("pooling_instruction_set_name")
    static native String instructionSetName(int instructionSet);

    @Name("pooling_find_kernel")
    static native @Cast("long long") long findKernel(String name, int instructionSet);

    @Name("pooling_parameter_words")
    static native int parameterWords(@Cast("long long") long kernel);

    @Name("pooling_array_count")
    static native int arrayCount(@Cast("long long") long kernel);

    @Name("pooling_launch")
    static native int launch(
            @Cast("long long") long kernel,
            int dataType,
            @Cast("const long long*") long[] parameters,
            @Cast("const long long*") long[] addresses);

    @Name("pooling_find_gpu_kernel")
    static native @Cast("long long") long findGpuKernel(String name);

    @Name("pooling_gpu_kernel_stem")
    static native String gpuKernelStem(@Cast("long long") long kernel);

    @Name("pooling_gpu_parameter_words")
    static native int gpuParameterWords(@Cast("long long") long kernel);

    @Name("pooling_gpu_array_count")
    static native int gpuArrayCount(@Cast("long long") long kernel);

    @Name("pooling_gpu_pass_count")
    static native int gpuPassCount(@Cast("long long") long kernel);

    @Name("pooling_plan_gpu_kernel")
    static native void planGpuKernel(
            @Cast("long long") long kernel,
            int dataType,
            @Cast("bool") boolean deterministic,
            @Cast("const long long*") long[] parameters,
            @Cast("const long long*") long[] addresses,
            @Cast("long long*") long[] plan);
}
