// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
        long available = Pointer.availablePhysicalBytes();
        return available <= 0 || bytes <= available
                ? Optional.empty()
                : Optional.of("arrays of shapes " + shapes(arrays) + " would take " + bytes + " bytes, the system has "
                        + available + " available");
    }

    private static String shapes(List<LongShapeDescriptor> arrays) {
        return Arrays.deepToString(arrays.stream().map(LongShapeDescriptor::getShape).toArray());
    }

    /** An array with an axis of size 0 has none, however large the others are; ND4J multiplies those first. */
    private static long elements(long... shape) {
        long product = 1;
        for (long size : shape) {
            product = Math.multiplyExact(product, Math.max(1, size));
        }
        return Arrays.stream(shape).anyMatch(size -> size == 0) ? 0 : product;
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
        double first = array.offset(); // real numbers, which do not overflow
        double last = first;
        for (int axis = 0; axis < array.rank(); axis++) {
            double reach = (array.size(axis) - 1.0) * array.stride()[axis]; // stride(axis) has 32 bits only
            first += Math.min(0, reach);
            last += Math.max(0, reach);
        }
        return first >= 0 && last < data.underlyingLength()
                ? Optional.empty()
                : Optional.of("must lie within its buffer, got elements " + (long) first + " to " + (long) last
                        + " of a buffer of " + data.underlyingLength() + " (shape " + Arrays.toString(array.shape())
                        + ", strides "
                        + Arrays.toString(array.stride()) + ", offset " + array.offset() + ")");
    }
}
