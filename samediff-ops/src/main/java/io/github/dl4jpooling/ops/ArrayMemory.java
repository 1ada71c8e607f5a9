// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * Whether native code may touch the memory of an array, and whether there is memory for an array yet to be made. ND4J
 * asks neither: it multiplies sizes without regard to overflow and has the system promise memory that it may not have.
 */
final class ArrayMemory {

    /** Arrays below this size are made without asking the system how much memory it has. */
    private static final long SMALL = 1L << 28;

    private ArrayMemory() {}

    /** Why arrays of these shapes cannot be made; nothing if they can. */
    static Optional<String> problem(List<LongShapeDescriptor> arrays) {
        long bytes = 0;
        for (LongShapeDescriptor array : arrays) {
            try {
                long elements = elements(array.getShape());
                bytes = Math.addExact(bytes, Math.multiplyExact(elements, (long) array.dataType().width()));
            } catch (ArithmeticException e) {
                return Optional.of("an array of shape " + Arrays.toString(array.getShape())
                        + " would have more than 2^63 bytes");
            }
        }
        if (bytes <= SMALL) {
            return Optional.empty();
        }
        long available = available();
        return bytes <= available
                ? Optional.empty()
                : Optional.of("arrays of shapes " + shapes(arrays) + " would take " + bytes + " bytes, there are "
                        + available + " available");
    }

    /** What the system has, as far as it says, or JavaCPP's limit, beyond which no other array could be made. */
    private static long available() {
        long system = Pointer.availablePhysicalBytes();
        long limit = Pointer.maxPhysicalBytes();
        return Math.min(system > 0 ? system : Long.MAX_VALUE, limit > 0 ? limit : Long.MAX_VALUE);
    }

    private static String shapes(List<LongShapeDescriptor> arrays) {
        return Arrays.deepToString(arrays.stream().map(LongShapeDescriptor::getShape).toArray());
    }

    /** An array with an axis of size 0 has none, however large the others are; ND4J multiplies those first. */
    private static long elements(long... shape) {
        long product = 1;
        boolean empty = false;
        for (long size : shape) {
            product = Math.multiplyExact(product, Math.max(1, size));
            empty |= size == 0;
        }
        return empty ? 0 : product;
    }

    /** Distance of neighbours along an axis, in elements. {@link INDArray#stride(int)} keeps 32 bits of it. */
    static long stride(INDArray array, int axis) {
        return array.stride()[axis];
    }

    /** Why the memory of an array is not its own any more; nothing if it is. */
    static Optional<String> released(INDArray array) {
        if (array.wasClosed()) {
            return Optional.of("was closed before the call");
        }
        if (array.isAttached()) {
            MemoryWorkspace workspace = array.data().getParentWorkspace();
            if (workspace != null && workspace.getWorkspaceType() != MemoryWorkspace.Type.CIRCULAR
                    && (!workspace.isScopeActive()
                            || workspace.getGenerationId() != array.data().getGenerationId())) {
                return Optional.of("belongs to the workspace " + workspace.getId() + ", which was left since");
            }
        }
        return Optional.empty();
    }

    /** Where an array reaches out of its buffer; nothing if it does not. ND4J takes any strides and offset. */
    static Optional<String> outside(INDArray array) {
        DataBuffer data = array.data();
        if (array.isEmpty() || data == null) {
            return Optional.empty();
        }
        double[] ends = ends(array);
        return ends[0] >= 0 && ends[1] < data.underlyingLength()
                ? Optional.empty()
                : Optional.of("must lie within its buffer, got elements " + (long) ends[0] + " to " + (long) ends[1]
                        + " of a buffer of " + data.underlyingLength() + " (shape " + Arrays.toString(array.shape())
                        + ", strides "
                        + Arrays.toString(array.stride()) + ", offset " + array.offset() + ")");
    }

    /** First and last place in the buffer; real numbers, which do not overflow. */
    private static double[] ends(INDArray array) {
        double first = array.offset();
        double last = first;
        long[] shape = array.shape();
        long[] strides = array.stride();
        for (int axis = 0; axis < shape.length; axis++) {
            double reach = (shape[axis] - 1.0) * strides[axis];
            first += Math.min(0, reach);
            last += Math.max(0, reach);
        }
        return new double[] {first, last};
    }

    /** Why results cannot be written to an array; nothing if they can. */
    static Optional<String> unwritable(INDArray output, List<INDArray> others) {
        for (int axis = 0; axis < output.rank() && !output.isEmpty(); axis++) {
            if (stride(output, axis) == 0 && output.size(axis) > 1) {
                return Optional.of("must have a place for each element, but axis " + axis + " has stride 0");
            }
        }
        for (INDArray other : others) {
            if (share(output, other)) {
                return Optional.of("must not share memory with an input or another output");
            }
        }
        return Optional.empty();
    }

    private static boolean share(INDArray a, INDArray b) {
        if (a.isEmpty() || b.isEmpty() || buffer(a) != buffer(b)) {
            return false;
        }
        double[] endsOfA = ends(a);
        double[] endsOfB = ends(b);
        return endsOfA[0] <= endsOfB[1] && endsOfB[0] <= endsOfA[1];
    }

    private static DataBuffer buffer(INDArray array) {
        DataBuffer whole = array.data().originalDataBuffer();
        return whole == null ? array.data() : whole;
    }

    /**
     * Whether every element has a place of its own and strides lead forward. BLAS takes no other matrices: it prints
     * that a parameter is illegal, and returns without having computed anything.
     */
    static boolean isSpread(INDArray array) {
        long reach = 0;
        for (long[] axis : axesByStride(array)) {
            if (axis[0] <= reach) {
                return false;
            }
            reach += axis[0] * (axis[1] - 1);
        }
        return true;
    }

    /** Strides and sizes of the axes that have more than one element. */
    private static List<long[]> axesByStride(INDArray array) {
        return IntStream.range(0, array.rank())
                .filter(axis -> array.size(axis) > 1)
                .mapToObj(axis -> new long[] {stride(array, axis), array.size(axis)})
                .sorted(Comparator.comparingLong(axis -> axis[0]))
                .collect(Collectors.toList());
    }
}
