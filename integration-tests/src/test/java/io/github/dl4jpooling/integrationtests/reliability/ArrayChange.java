// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What may be wrong with an array, or merely unusual. */
enum ArrayChange {
    /** Another size along an axis, 0 among them. */
    SIZE,
    /** An axis more or fewer. */
    RANK,
    /** Another type: real, whole, truth values, text. */
    TYPE,
    /** The same numbers, with gaps or another order in memory. */
    LAYOUT,
    /** All along an axis stand at the same place. */
    BROADCAST,
    /** Strides that lead out of the buffer. ND4J itself ends the JVM when an offset does. */
    OUTSIDE,
    /** An element that is not a number, infinite, huge or negative. */
    VALUE,
    /** All elements. */
    VALUES,
    /** Closed. */
    CLOSED,
    /** A view of an array that was closed. */
    VIEW_OF_CLOSED,
    /** Of a workspace that was left. */
    LEFT_WORKSPACE,
    /** Null. */
    MISSING;

    private static final DataType[] TYPES = {
        DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16, DataType.INT32, DataType.INT64,
        DataType.INT8,
        DataType.UINT8, DataType.BOOL, DataType.UTF8
    };

    private static final long MOST = 1 << 20; // elements
    private static final WorkspaceConfiguration WORKSPACE =
            WorkspaceConfiguration.builder().initialSize(1 << 16).policySpill(SpillPolicy.REALLOCATE).build();

    /** Whether it leaves numbers and shape alone. */
    boolean isHarmless() {
        return this == LAYOUT;
    }

    /** Whether it can be done to an array that results are written to: that has no numbers yet. */
    boolean isForOutputs() {
        return this != VALUE && this != VALUES;
    }

    /** A changed copy. */
    INDArray of(INDArray array, Random random) {
        if (array == null || array.dataType() == DataType.UTF8 || array.wasClosed()) {
            return null;
        }
        switch (this) {
            case SIZE:
                return resized(array, random);
            case RANK:
                return withOtherRank(array, random);
            case TYPE:
                DataType type = TYPES[random.nextInt(TYPES.length)];
                return type == DataType.UTF8 ? Nd4j.create("a", "b") : array.castTo(type);
            case LAYOUT:
                return laidOut(array, random);
            case BROADCAST:
            case OUTSIDE:
                return strided(array, random);
            case VALUE:
            case VALUES:
                return withValue(array, random);
            case MISSING:
                return null;
            default:
                return released(array);
        }
    }

    private static INDArray resized(INDArray array, Random random) {
        if (array.rank() == 0) {
            return array;
        }
        long[] shape = array.shape().clone();
        int axis = random.nextInt(shape.length);
        long[] sizes = {0, 1, 2, shape[axis] + 1, Math.max(0, shape[axis] - 1), 2 * shape[axis], 1000};
        shape[axis] = sizes[random.nextInt(sizes.length)];
        long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (elements > MOST) {
            return array;
        }
        INDArray result = Nd4j.create(array.dataType(), shape);
        for (long i = 0; i < elements && array.length() > 0; i++) {
            result.putScalar(i, array.getDouble(i % array.length()));
        }
        return result;
    }

    private static INDArray withOtherRank(INDArray array, Random random) {
        if (array.isEmpty() || random.nextInt(4) == 0) {
            return Nd4j.scalar(array.dataType(), 1);
        }
        switch (random.nextInt(3)) {
            case 0:
                return array.dup('c').reshape(LongShapes.withFirst(1, array.shape()));
            case 1:
                return array.dup('c').reshape(LongShapes.withLast(array.shape(), 1));
            default:
                return array.dup('c').reshape(array.length());
        }
    }

    private static INDArray laidOut(INDArray array, Random random) {
        int rank = array.rank();
        if (array.isEmpty() || rank < 2) {
            return array;
        }
        if (random.nextBoolean()) {
            return array.dup('f');
        }
        int[] reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        return array.permute(reversed).dup('c').permute(reversed);
    }

    private INDArray strided(INDArray array, Random random) {
        if (array.isEmpty() || array.rank() == 0) {
            return array;
        }
        INDArray dense = array.dup('c');
        long[] strides = dense.stride().clone();
        int axis = random.nextInt(strides.length);
        if (this == BROADCAST) {
            strides[axis] = 0;
        } else {
            long[] hostile = {-strides[axis], 1 << 24, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE / 2};
            strides[axis] = hostile[random.nextInt(hostile.length)];
        }
        return Nd4j.create(dense.data(), dense.shape(), strides, 0, 'c');
    }

    private INDArray withValue(INDArray array, Random random) {
        if (array.isEmpty()) {
            return array;
        }
        INDArray result = array.dup('c');
        double value = array.dataType().isFPType() ? HostileValues.real(random) : HostileValues.whole(random);
        if (this == VALUES) {
            return result.assign(value);
        }
        return result.putScalar((long) (random.nextDouble() * result.length()), value);
    }

    private INDArray released(INDArray array) {
        if (this == LEFT_WORKSPACE) {
            try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "HOSTILE")) {
                INDArray leaked = array.dup();
                return workspace.isScopeActive() ? leaked : array;
            }
        }
        INDArray copy = array.isEmpty() ? Nd4j.create(array.dataType(), 1, 1) : array.dup('c');
        INDArray view = this == CLOSED ? copy : copy.reshape(copy.shape());
        copy.close();
        return view;
    }
}
