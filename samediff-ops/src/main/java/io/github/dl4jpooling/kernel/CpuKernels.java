// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Launches the native CPU kernels on ND4J arrays. Callers have checked shapes and types; this class checks what else
 * could lead native code astray: the parameter block, closed arrays, overlapping outputs.
 *
 * <p>Kernels are compiled for several instruction sets and the best one of the processor is chosen. The system property
 * {@value #INSTRUCTION_SET_PROPERTY} (baseline, avx2 or avx512) chooses a lesser one, to compare results or speed.
 */
public final class CpuKernels {

    /** System property that names the instruction set to use. */
    public static final String INSTRUCTION_SET_PROPERTY = "dl4jpooling.instructionSet";

    private static final int OUT_OF_MEMORY = 1;
    private static final int BAD_INDEX = 2;

    // In the order of native_api.h.
    private static final List<DataType> TYPES =
            Arrays.asList(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16);

    private static final InstructionSet INSTRUCTION_SET = chooseInstructionSet();
    private static final Map<String, Kernel> KERNELS = new ConcurrentHashMap<>();

    private CpuKernels() {}

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

    /**
     * Runs a kernel and returns when it has finished.
     *
     * @param name the kernel, for instance soft_pool_forward
     * @param parameters the kernel's parameter struct, field by field
     * @param outputs how many of the arrays, at the end, are outputs
     * @param arrays the kernel's arrays; null for one that is left out, where the kernel allows it. Not modified:
     *     inputs. Modified: every element of the outputs is written; where another array is empty, it becomes 0.
     */
    public static void launch(String name, long[] parameters, int outputs, INDArray... arrays) {
        Kernel kernel = KERNELS.computeIfAbsent(name, Kernel::new);
        if (parameters.length != kernel.parameterWords || arrays.length != kernel.arrays) {
            throw new IllegalArgumentException("Kernel " + name + " takes " + kernel.parameterWords
                    + " parameter words and " + kernel.arrays + " arrays, got " + parameters.length + " and "
                    + arrays.length);
        }
        if (Nd4j.getExecutioner().type() != OpExecutioner.ExecutionerType.NATIVE_CPU) {
            throw new UnsupportedOperationException(
                    "Kernel " + name + " runs with ND4J's CPU back-end (nd4j-native), not "
                            + "with " + Nd4j.getExecutioner().type());
        }
        for (INDArray array : arrays) {
            if (array != null && array.wasClosed()) {
                throw new IllegalStateException("Kernel " + name + ": an array was closed before the call");
            }
        }
        int inputs = arrays.length - outputs;
        if (Arrays.stream(arrays).anyMatch(array -> array != null && array.isEmpty())) {
            // Nothing was pooled, so that nothing depends on a parameter.
            Arrays.stream(arrays)
                    .skip(inputs)
                    .filter(array -> array != null && !array.isEmpty())
                    .forEach(array -> array.assign(0));
            return;
        }
        long[] addresses = new long[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            addresses[i] = arrays[i] == null ? 0 : address(arrays[i]);
        }
        for (int output = inputs; output < arrays.length; output++) {
            if (arrays[output] != null) {
                checkOutput(name, output, addresses, arrays);
            }
        }
        int status =
                NativeLibrary.launch(kernel.handle, typeCode(arrays[0].dataType()), parameters, addresses);
        // The kernel knows addresses only: without this the arrays could be collected while it runs.
        Reference.reachabilityFence(arrays);
        if (status == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("Kernel " + name + ": no native memory for its scratch arrays");
        }
        if (status == BAD_INDEX) {
            throw new IllegalArgumentException(
                    "Kernel " + name + ": the index must hold positions inside the map, from 0 to "
                            + "its number of elements less 1, or -1 for none");
        }
    }

    private static int typeCode(DataType type) {
        int code = TYPES.indexOf(type);
        if (code < 0) {
            throw new IllegalArgumentException("Kernels take arrays of type " + TYPES + ", got " + type);
        }
        return code;
    }

    private static long address(INDArray array) {
        // The buffer's address leaves out the offset of a view.
        return array.data().address() + array.offset() * array.dataType().width();
    }

    /** Two threads must not write the same place, and no input may change while it is read. */
    private static void checkOutput(String name, int output, long[] addresses, INDArray[] arrays) {
        for (int axis = 0; axis < arrays[output].rank(); axis++) {
            if (arrays[output].stride(axis) == 0 && arrays[output].size(axis) > 1) {
                throw new IllegalArgumentException(
                        "Kernel " + name + ": elements of an output must not share memory, but axis " + axis
                                + " has stride 0");
            }
        }
        for (int i = 0; i < arrays.length; i++) {
            if (i != output && arrays[i] != null && addresses[i] < addresses[output] + extent(arrays[output])
                    && addresses[output] < addresses[i] + extent(arrays[i])) {
                throw new IllegalArgumentException(
                        "Kernel " + name + ": the output must not share memory with an input or another output");
            }
        }
    }

    /** Bytes from the first to behind the last element. */
    private static long extent(INDArray array) {
        long last = 0;
        for (int axis = 0; axis < array.rank(); axis++) {
            last += (array.size(axis) - 1) * array.stride(axis);
        }
        return (last + 1) * array.dataType().width();
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
