// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The measure of memory speed for benchmarks: reads one array and writes another, each once, with the threads and the
 * vectors of the pooling kernels. No pooling that reads its input and writes its result can take less time.
 */
public final class MemoryStream {

    private MemoryStream() {}

    /**
     * Reads and writes on the CPU.
     *
     * @param read what to read, in order 'c' and without gaps. Not modified.
     * @param written what to write, of the same type, in order 'c' and without gaps. Modified: holds sums of parts of
     *     the other array
     * @throws IllegalArgumentException if an array has gaps, or the types differ
     */
    public static void run(INDArray read, INDArray written) {
        if (read.dataType() != written.dataType() || hasGaps(read) || hasGaps(written)) {
            throw new IllegalArgumentException("Both arrays must have one type and no gaps, got "
                    + read.shapeInfoToString() + " and " + written.shapeInfoToString());
        }
        new CpuKernels().run(new KernelLaunch(
                "memory_stream", new long[] {read.length(), written.length()}, 1, false, read, written));
    }

    private static boolean hasGaps(INDArray array) {
        return KernelLaunch.extent(array) != array.length() * array.dataType().width();
    }
}
