// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.bytedeco.cuda.global.cudart.cuMemsetD8Async;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernels for a GPU: plans the passes of a kernel and launches them, wherever the arrays are. */
final class GpuKernels implements KernelBackend {

    // Of gpu_kernel.cuh.
    private static final int MOST_ARRAYS = 32;
    private static final int MOST_PASSES = 6;
    private static final int SCRATCH = 0;
    private static final int ZEROED = 1;
    private static final int WIDE = 2;
    private static final int THREADS = 3;

    private static final Map<String, Kernel> KERNELS = new ConcurrentHashMap<>();

    private final GpuArrays arrays;

    /**
     * Uses a device.
     *
     * @param arrays how arrays come to the device and back
     */
    GpuKernels(GpuArrays arrays) {
        this.arrays = arrays;
    }

    GpuDevice device() {
        return arrays.device();
    }

    @Override
    public long address(INDArray array) {
        return arrays.address(array);
    }

    @Override
    @SuppressWarnings("try") // nobody asks what is current
    public void run(KernelLaunch launch) {
        Kernel kernel = KERNELS.computeIfAbsent(launch.name(), Kernel::new);
        launch.requireSizes(kernel.parameterWords, kernel.arrays);
        GpuDevice device = arrays.device();
        try (GpuDevice.Current current = device.makeCurrent()) {
            run(kernel, launch, device);
        } catch (GpuException e) {
            boolean lost = device.isLost();
            if (lost) {
                ComputeDevices.giveUp(device, e);
            }
            throw new GpuException(launch + " failed on CUDA device " + device.ordinal() + ": " + e.getMessage()
                    + (lost ? ". The device's context is lost, later calls run on the CPU." : ""), e);
        }
    }

    private void run(Kernel kernel, KernelLaunch launch, GpuDevice device) {
        long[] present = new long[launch.arrays().length];
        for (int i = 0; i < present.length; i++) {
            present[i] = launch.arrays()[i] == null ? 0 : 1;
        }
        long scratch = plan(kernel, launch, present)[SCRATCH];
        try (GpuArrays.Borrowed borrowed = arrays.borrow(launch, scratch)) {
            // Once more: which passes run depends on where the arrays stand, the memory does not.
            long[] plan = plan(kernel, launch, borrowed.addresses());
            if (plan[SCRATCH] != scratch) {
                throw new IllegalStateException(launch + " needs " + plan[SCRATCH] + " bytes, planned were " + scratch);
            }
            launchPasses(kernel, launch, plan, borrowed, device);
            GpuTimes.record(
                    launch, borrowed, device, () -> launchPasses(kernel, launch, plan, borrowed, device));
            borrowed.finish();
        }
    }

    private static long[] plan(Kernel kernel, KernelLaunch launch, long[] addresses) {
        long[] plan = new long[THREADS + MOST_PASSES];
        NativeLibrary.planGpuKernel(
                kernel.handle,
                launch.typeCode(),
                ComputeDevices.isDeterministic(),
                launch.parameters(),
                addresses,
                plan);
        if (plan[SCRATCH] < 0) {
            throw new IllegalArgumentException(launch + " is not made for this type");
        }
        return plan;
    }

    private static void launchPasses(
            Kernel kernel, KernelLaunch launch, long[] plan, GpuArrays.Borrowed borrowed, GpuDevice device) {
        long scratch = borrowed.scratch();
        CUstream_st stream = borrowed.stream();
        if (plan[ZEROED] > 0) {
            CudaDriver.check(cuMemsetD8Async(scratch, (byte) 0, plan[ZEROED], stream), "cuMemsetD8Async");
        }
        long[] addresses = Arrays.copyOf(borrowed.addresses(), MOST_ARRAYS);
        try (LongPointer parameters = new LongPointer(launch.parameters());
                LongPointer places = new LongPointer(addresses);
                LongPointer memory = new LongPointer(new long[] {scratch});
                LongPointer threads = new LongPointer(new long[1]);
                PointerPointer<Pointer> arguments = new PointerPointer<>(parameters, places, memory, threads)) {
            for (int pass = 0; pass < kernel.passes; pass++) {
                long count = plan[THREADS + pass];
                if (count > 0) {
                    threads.put(count);
                    String entry = launch.name() + "_" + pass;
                    device.launch(
                            device.function(kernel.stem, entry, launch.typeCode(), plan[WIDE] != 0),
                            count,
                            stream,
                            arguments);
                }
            }
        }
    }

    /** A kernel that the library knows. */
    private static final class Kernel {
        private final long handle;
        private final String stem;
        private final int parameterWords;
        private final int arrays;
        private final int passes;

        private Kernel(String name) {
            handle = NativeLibrary.findGpuKernel(name);
            if (handle == 0) {
                throw new IllegalArgumentException("There is no kernel " + name + " for GPUs");
            }
            stem = NativeLibrary.gpuKernelStem(handle);
            parameterWords = NativeLibrary.gpuParameterWords(handle);
            arrays = NativeLibrary.gpuArrayCount(handle);
            passes = NativeLibrary.gpuPassCount(handle);
        }
    }
}
