// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.bytedeco.cuda.global.cudart.cuEventCreate;
import static org.bytedeco.cuda.global.cudart.cuEventDestroy;
import static org.bytedeco.cuda.global.cudart.cuEventElapsedTime;
import static org.bytedeco.cuda.global.cudart.cuEventRecord;
import static org.bytedeco.cuda.global.cudart.cuEventSynchronize;
import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoDAsync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Times kernels on a GPU by the clock of the device, without the copies to it and back, and beside each the time that
 * the device takes to copy as many bytes as the kernel must move at least: each array once.
 */
public final class GpuTimes {

    private static final int WARM_UP = 3;
    private static final ThreadLocal<GpuTimes> RUNNING = new ThreadLocal<>();

    private final int repetitions;
    private final List<Time> times = new ArrayList<>();

    private GpuTimes(int repetitions) {
        this.repetitions = repetitions;
    }

    /** Times of one launch of a kernel. */
    public static final class Time {
        private final String kernel;
        private final long bytes;
        private final double milliseconds;
        private final double copyMilliseconds;

        private Time(String kernel, long bytes, double milliseconds, double copyMilliseconds) {
            this.kernel = kernel;
            this.bytes = bytes;
            this.milliseconds = milliseconds;
            this.copyMilliseconds = copyMilliseconds;
        }

        /** @return name of the kernel */
        public String kernel() {
            return kernel;
        }

        /** @return bytes of all its arrays */
        public long bytes() {
            return bytes;
        }

        /** @return median time of all passes */
        public double milliseconds() {
            return milliseconds;
        }

        /** @return median time in which the device reads and writes as many bytes, half of them each */
        public double copyMilliseconds() {
            return copyMilliseconds;
        }
    }

    /**
     * Runs something and times all kernels that it launches on a GPU from this thread. Each is launched again and
     * again, on the same arrays.
     *
     * @param call what to run
     * @param repetitions of each kernel, at least 1
     * @return the times in the order of the launches; empty where nothing ran on a GPU
     * @throws IllegalArgumentException if repetitions is less than 1
     */
    public static List<Time> measure(Runnable call, int repetitions) {
        if (repetitions < 1) {
            throw new IllegalArgumentException("repetitions must be at least 1, got " + repetitions);
        }
        GpuTimes running = new GpuTimes(repetitions);
        RUNNING.set(running);
        try {
            call.run();
        } finally {
            RUNNING.remove();
        }
        return running.times;
    }

    /** Times the passes of a launch, if somebody measures. */
    static void record(KernelLaunch launch, GpuArrays.Borrowed borrowed, GpuDevice device, Runnable passes) {
        GpuTimes running = RUNNING.get();
        if (running == null) {
            return;
        }
        long bytes = 0;
        for (INDArray array : launch.arrays()) {
            bytes += array == null ? 0 : array.length() * array.dataType().width();
        }
        long half = (bytes + 1) / 2;
        CUstream_st stream = borrowed.stream();
        long from = device.allocate(half);
        long to = device.allocate(half);
        double copy = running.median(
                stream, () -> CudaDriver.check(cuMemcpyDtoDAsync(to, from, half, stream), "cuMemcpyDtoDAsync"));
        device.free(from, half);
        device.free(to, half);
        running.times.add(new Time(launch.name(), bytes, running.median(stream, passes), copy));
    }

    private double median(CUstream_st stream, Runnable work) {
        double[] all = new double[repetitions];
        for (int i = -WARM_UP; i < repetitions; i++) {
            double time = time(stream, work);
            if (i >= 0) {
                all[i] = time;
            }
        }
        Arrays.sort(all);
        return (all[(repetitions - 1) / 2] + all[repetitions / 2]) / 2;
    }

    private static double time(CUstream_st stream, Runnable work) {
        try (CUevent_st begin = new CUevent_st(); CUevent_st end = new CUevent_st()) {
            CudaDriver.check(cuEventCreate(begin, 0), "cuEventCreate");
            CudaDriver.check(cuEventCreate(end, 0), "cuEventCreate");
            CudaDriver.check(cuEventRecord(begin, stream), "cuEventRecord");
            work.run();
            CudaDriver.check(cuEventRecord(end, stream), "cuEventRecord");
            CudaDriver.check(cuEventSynchronize(end), "cuEventSynchronize");
            float[] milliseconds = new float[1];
            CudaDriver.check(cuEventElapsedTime(milliseconds, begin, end), "cuEventElapsedTime");
            cuEventDestroy(begin);
            cuEventDestroy(end);
            return milliseconds[0];
        }
    }
}
