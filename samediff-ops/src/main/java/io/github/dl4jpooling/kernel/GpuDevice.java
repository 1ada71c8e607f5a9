// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.cuCtxPopCurrent;
import static org.bytedeco.cuda.global.cudart.cuCtxPushCurrent;
import static org.bytedeco.cuda.global.cudart.cuCtxSynchronize;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRetain;
import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;
import static org.bytedeco.cuda.global.cudart.cuMemAlloc;
import static org.bytedeco.cuda.global.cudart.cuMemFree;
import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuModuleLoadData;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** A device with its primary context, the one that other libraries use too: modules, functions and spare memory. */
final class GpuDevice {

    private static final String[] SUFFIXES = {"f32", "f64", "f16", "bf16", "s8", "u8"}; // in the order of native_api.h
    private static final int BLOCK = 256;
    private static final long LEAST_BYTES = 1 << 12;
    private static final long MOST_SPARE_BYTES = 1L << 30;

    // Opened once: what was compiled and allocated for a device is used again when it is chosen again.
    private static final Map<String, GpuDevice> OPEN = new ConcurrentHashMap<>();

    private final int ordinal;
    private final CUctx_st context = new CUctx_st();
    private final GpuCompiler compiler;
    private final String target;
    private final int driver;
    private final Map<String, CUmod_st> modules = new ConcurrentHashMap<>();
    private final Map<String, CUfunc_st> functions = new ConcurrentHashMap<>();
    private final TreeMap<Long, Deque<Long>> spare = new TreeMap<>();
    private long spareBytes;

    private GpuDevice(int ordinal, GpuCompiler compiler, String target) {
        this.ordinal = ordinal;
        this.compiler = compiler;
        this.target = target;
        this.driver = CudaDriver.version();
        CudaDriver.check(cuDevicePrimaryCtxRetain(context, ordinal), "cuDevicePrimaryCtxRetain");
    }

    /**
     * Opens a device, unless it is open.
     *
     * @param ordinal its number
     * @param compiler the compiler
     */
    static GpuDevice open(int ordinal, GpuCompiler compiler) {
        String target = compiler.target(CudaDriver.capability(ordinal));
        return OPEN.computeIfAbsent(ordinal + " " + target, key -> new GpuDevice(ordinal, compiler, target));
    }

    /** Opens the device anew next time. */
    void forget() {
        OPEN.values().remove(this);
    }

    int ordinal() {
        return ordinal;
    }

    /** Makes the device's context the thread's until it is closed. */
    Current makeCurrent() {
        CudaDriver.check(cuCtxPushCurrent(context), "cuCtxPushCurrent");
        return () -> {
            try (CUctx_st popped = new CUctx_st()) {
                cuCtxPopCurrent(popped);
            }
        };
    }

    /** A context that is current. */
    interface Current extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether the context still works: after a fault inside a kernel every call on it fails. */
    boolean isLost() {
        int code = cuCtxPushCurrent(context);
        if (code == CUDA_SUCCESS) {
            code = cuCtxSynchronize();
            try (CUctx_st popped = new CUctx_st()) {
                cuCtxPopCurrent(popped);
            }
        }
        return code != CUDA_SUCCESS;
    }

    /** One pass of a kernel, compiled where it was not. The context is current. */
    CUfunc_st function(String stem, String entry, int type, boolean wide) {
        String module = stem + " " + type + (wide ? " wide" : "");
        return functions.computeIfAbsent(module + " " + entry, key -> {
            CUfunc_st function = new CUfunc_st();
            String name = entry + "_" + SUFFIXES[type];
            CUmod_st loaded = modules.computeIfAbsent(module, m -> load(stem, type, wide));
            CudaDriver.check(cuModuleGetFunction(function, loaded, name), "cuModuleGetFunction " + name);
            return function;
        });
    }

    private CUmod_st load(String stem, int type, boolean wide) {
        byte[] image = compiler.compile(stem, type, wide, target, driver);
        CUmod_st module = new CUmod_st();
        // Intermediate code is a text, which the driver expects to end with 0.
        try (BytePointer bytes = new BytePointer(image.length + 1L)) {
            bytes.put(image, 0, image.length).put(image.length, (byte) 0);
            CudaDriver.check(cuModuleLoadData(module, bytes), "cuModuleLoadData " + stem + " for " + target);
        }
        return module;
    }

    /** Launches some threads. The context is current. */
    void launch(CUfunc_st function, long threads, CUstream_st stream, PointerPointer<Pointer> arguments) {
        long blocks = (threads + BLOCK - 1) / BLOCK;
        if (blocks > Integer.MAX_VALUE) {
            throw new GpuException("A pass needs " + threads + " threads, more than a device can count", 0);
        }
        CudaDriver.check(
                cuLaunchKernel(function, (int) blocks, 1, 1, BLOCK, 1, 1, 0, stream, arguments, null),
                "cuLaunchKernel");
    }

    /**
     * Memory of the device; what was given back is used again, since the driver is slow to find some. The context is
     * current.
     *
     * @param bytes how much, at least
     * @return its address
     * @throws GpuException if there is too little
     */
    long allocate(long bytes) {
        long size = roomFor(bytes);
        synchronized (spare) {
            Deque<Long> pieces = spare.get(size);
            if (pieces != null && !pieces.isEmpty()) {
                spareBytes -= size;
                return pieces.pop();
            }
        }
        long[] address = new long[1];
        int code = cuMemAlloc(address, size);
        if (code == CUDA_ERROR_OUT_OF_MEMORY) {
            releaseSpare();
            code = cuMemAlloc(address, size);
        }
        CudaDriver.check(code, "cuMemAlloc of " + size + " bytes");
        return address[0];
    }

    /** Takes memory back for later use. The context is current, and nothing that runs uses the memory. */
    void free(long address, long bytes) {
        long size = roomFor(bytes);
        synchronized (spare) {
            if (spareBytes + size <= MOST_SPARE_BYTES) {
                spareBytes += size;
                spare.computeIfAbsent(size, key -> new ArrayDeque<>()).push(address);
                return;
            }
        }
        cuMemFree(address);
    }

    private void releaseSpare() {
        synchronized (spare) {
            spare.values().forEach(pieces -> pieces.forEach(address -> cuMemFree(address)));
            spare.clear();
            spareBytes = 0;
        }
    }

    /** Few sizes, so that pieces fit again: an eighth is lost at most. */
    private static long roomFor(long bytes) {
        long size = Math.max(LEAST_BYTES, bytes);
        long step = Math.max(LEAST_BYTES, Long.highestOneBit(size) / 8);
        return Math.multiplyExact((size + step - 1) / step, step);
    }
}
