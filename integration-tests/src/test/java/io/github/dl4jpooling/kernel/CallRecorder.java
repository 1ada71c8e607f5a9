// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * While it is open, kernels run on the CPU, and every call of one is written to a file with all it was given. The
 * programs of {@code samediff-ops/src/test/cpp/sanitizers} make these calls again.
 */
public final class CallRecorder implements KernelBackend, AutoCloseable {

    private final CpuKernels cpu = new CpuKernels();
    private final OutputStream file;
    private final Collection<DataType> types;
    private final long mostBytes;
    private final Set<String> kernels = new TreeSet<>();
    private boolean paused;
    private boolean onlyNew;
    private int calls;
    private int leftOut;

    private CallRecorder(Path path, Collection<DataType> types, long mostBytes) {
        this.types = types;
        this.mostBytes = mostBytes;
        try {
            file = new BufferedOutputStream(Files.newOutputStream(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Begins.
     *
     * @param path the file
     * @param types calls of kernels of other types are not written
     * @param mostBytes of the arrays of a call; larger ones are not written
     */
    public static CallRecorder open(Path path, Collection<DataType> types, long mostBytes) {
        CallRecorder recorder = new CallRecorder(path, types, mostBytes);
        ComputeDevices.useBackend(recorder);
        return recorder;
    }

    @Override
    public void close() {
        ComputeDevices.use(null);
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many calls were written. */
    public int calls() {
        return calls;
    }

    /** Kernels of these calls, with the numbers of their types. */
    public Set<String> kernels() {
        return Collections.unmodifiableSet(kernels);
    }

    /** The number of a type. */
    public static int code(DataType type) {
        return KernelLaunch.TYPES.indexOf(type);
    }

    /** Types that are written. */
    public Collection<DataType> types() {
        return types;
    }

    /** The type of a kernel that stands with the number of its type. */
    public static DataType typeOf(String kernel) {
        return KernelLaunch.TYPES.get(Integer.parseInt(kernel.substring(kernel.indexOf(' ') + 1)));
    }

    /** How many calls were too large. */
    public int leftOut() {
        return leftOut;
    }

    /** Does something whose calls are not written. */
    public <T> T paused(Supplier<T> action) {
        paused = true;
        try {
            return action.get();
        } finally {
            paused = false;
        }
    }

    /** From now on only a kernel's first call of each type is written. */
    public void onlyNew() {
        onlyNew = true;
    }

    /** Writes a call without making it. */
    public void write(String kernel, long[] parameters, int outputs, INDArray... arrays) {
        KernelLaunch launch = new KernelLaunch(kernel, parameters, outputs, false, arrays);
        write(launch, false, bytes(launch));
    }

    @Override
    public synchronized void run(KernelLaunch launch) {
        byte[] call = paused || !types.contains(KernelLaunch.TYPES.get(launch.typeCode())) ? null : bytes(launch);
        try {
            cpu.run(launch);
            write(launch, false, call);
        } catch (IllegalArgumentException e) { // the kernel has found a bad index
            write(launch, true, call);
            throw e;
        }
    }

    private void write(KernelLaunch launch, boolean refused, byte... call) {
        String kernel = launch.name() + " " + launch.typeCode();
        if (call == null || onlyNew && kernels.contains(kernel)) {
            return;
        }
        if (call.length > mostBytes) {
            leftOut++;
            return;
        }
        calls++;
        kernels.add(kernel);
        try {
            file.write(word(refused ? 1 : 0));
            file.write(call);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(KernelLaunch launch) {
        ByteArrayOutputStream call = new ByteArrayOutputStream();
        writeBytes(call, launch.name().getBytes(StandardCharsets.US_ASCII));
        call.writeBytes(word(launch.typeCode()));
        call.writeBytes(word(launch.keepsOutputs() ? 1 : 0));
        writeWords(call, launch.parameters());
        INDArray[] arrays = launch.arrays();
        call.writeBytes(word(arrays.length));
        for (int i = 0; i < arrays.length; i++) {
            INDArray array = arrays[i];
            call.writeBytes(word(array == null ? 0 : array.dataType().width()));
            call.writeBytes(word(launch.isOutput(i) ? 1 : 0));
            writeWords(call, array == null ? new long[0] : array.shape());
            writeWords(call, array == null ? new long[0] : array.stride());
            writeBytes(call, array == null ? new byte[0] : content(array));
        }
        return call.toByteArray();
    }

    private static byte[] content(INDArray array) {
        byte[] content = new byte[Math.toIntExact(KernelLaunch.extent(array))];
        new BytePointer(HostArrays.memory(array)).get(content);
        return content;
    }

    private static byte[] word(long value) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(value).array();
    }

    private static void writeWords(ByteArrayOutputStream call, long... words) {
        call.writeBytes(word(words.length));
        for (long value : words) {
            call.writeBytes(word(value));
        }
    }

    private static void writeBytes(ByteArrayOutputStream call, byte... bytes) {
        call.writeBytes(word(bytes.length));
        call.writeBytes(bytes);
        call.writeBytes(new byte[Math.floorMod(-bytes.length, Long.BYTES)]);
    }
}
