// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import java.lang.ref.Reference;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The native kernels for the CPU. Use {@link Kernels} to run one.
 *
 * <p>Kernels are compiled for several instruction sets and the best one of the processor is chosen. The system property
 * {@value #INSTRUCTION_SET_PROPERTY} (baseline, avx2 or avx512) chooses a lesser one, to compare results or speed.
 */
public final class CpuKernels implements KernelBackend {

    /** System property that names the instruction set to use. */
    public static final String INSTRUCTION_SET_PROPERTY = "dl4jpooling.instructionSet";

    private static final int OUT_OF_MEMORY = 1;
    private static final int BAD_INDEX = 2;
    private static final int WRONG_TYPE = 3;

    private static final InstructionSet INSTRUCTION_SET = chooseInstructionSet();
    private static final Map<String, Kernel> KERNELS = new ConcurrentHashMap<>();

    CpuKernels() {}

    /** @return the instruction set in use */
    public static InstructionSet instructionSet() {
        return INSTRUCTION_SET;
    }

    /** @return the best instruction set of this processor */
    public static InstructionSet bestInstructionSet() {
        return InstructionSet.values()[NativeLibrary.bestInstructionSet()];
    }

    private static InstructionSet chooseInstructionSet() {
        InstructionSet best = bestInstructionSet();
        String wanted = System.getProperty(INSTRUCTION_SET_PROPERTY);
        if (wanted == null) {
            return best;
        }
        for (InstructionSet set : InstructionSet.values()) {
            if (set.name().equalsIgnoreCase(wanted) && set.compareTo(best) <= 0) {
                return set;
            }
        }
        throw new IllegalArgumentException("System property " + INSTRUCTION_SET_PROPERTY
                + " must name an instruction set that this processor has, up to "
                + best.name().toLowerCase(Locale.ROOT) + ", got " + wanted);
    }

    @Override
    public void run(KernelLaunch launch) {
        INDArray[] arrays = launch.arrays();
        long[] addresses = new long[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            addresses[i] = arrays[i] == null ? 0 : HostArrays.address(arrays[i]);
        }
        run(launch, addresses);
        // The kernel knows addresses only: without this the arrays could be collected while it runs.
        Reference.reachabilityFence(arrays);
    }

    private static void run(KernelLaunch launch, long[] addresses) {
        String name = launch.name();
        Kernel kernel = KERNELS.computeIfAbsent(name, Kernel::new);
        launch.requireSizes(kernel.parameterWords, kernel.arrays);
        int status = NativeLibrary.launch(kernel.handle, launch.typeCode(), launch.parameters(), addresses);
        if (status == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("Kernel " + name + ": no native memory for its scratch arrays");
        }
        if (status == WRONG_TYPE) {
            throw new IllegalArgumentException(launch + " is not made for this type");
        }
        if (status == BAD_INDEX) {
            throw new IllegalArgumentException(
                    "Kernel " + name + ": the index must hold positions inside the map, from 0 to "
                            + "its number of elements less 1, or -1 for none");
        }
    }

    /** A kernel found in the library. */
    private static final class Kernel {
        private final long handle;
        private final int parameterWords;
        private final int arrays;

        private Kernel(String name) {
            handle = NativeLibrary.findKernel(name, INSTRUCTION_SET.ordinal());
            if (handle == 0) {
                throw new IllegalArgumentException("There is no kernel " + name + " for " + INSTRUCTION_SET);
            }
            parameterWords = NativeLibrary.parameterWords(handle);
            arrays = NativeLibrary.arrayCount(handle);
        }
    }
}
