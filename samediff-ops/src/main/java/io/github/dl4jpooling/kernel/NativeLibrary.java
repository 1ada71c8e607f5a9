// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Platform;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The functions of {@code native_api.h}, bound by JavaCPP. Nothing here checks its arguments: {@link CpuKernels}
 * does.
 */
@Platform(include = "native_api.h", library = "jnidl4jpooling")
final class NativeLibrary {

    static {
        load();
    }

    private NativeLibrary() {}

    /** ND4J's back-end for the CPU brings an OpenMP runtime along, which serves where the system has none. */
    private static void load() {
        try {
            Loader.load(NativeLibrary.class);
        } catch (UnsatisfiedLinkError e) {
            try {
                Nd4j.getBackend();
                Loader.load(NativeLibrary.class);
            } catch (UnsatisfiedLinkError | RuntimeException | ExceptionInInitializerError again) {
                throw error(e);
            }
        }
    }

    private static UnsatisfiedLinkError error(UnsatisfiedLinkError cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError("The native kernels of dl4j-pooling cannot be loaded on "
                + Loader.getPlatform() + ": " + cause.getMessage() + ". Either the jar samediff-ops on the class path "
                + "was not built for this platform, or there is no room to unpack it (system property "
                + "org.bytedeco.javacpp.cachedir names another folder), or the OpenMP runtime is missing (on Linux "
                + "libgomp.so.1, Debian's package libgomp1)");
        error.initCause(cause);
        return error;
    }

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
