// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The measure of memory speed: copies as many bytes as the input of a pooling has, on all cores. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class CopyBenchmark {

    private static final int PARTS = 64;

    /** Number of floats: that of the input of {@link PoolingBenchmark}, if nothing else is said. */
    @Param("25690112")
    public long floats;

    private long bytes;
    private BytePointer source;
    private BytePointer target;

    /** Allocates and touches the memory. */
    @Setup
    public void setUp() {
        bytes = Float.BYTES * floats;
        source = new BytePointer(bytes);
        target = new BytePointer(bytes);
        Pointer.memset(source, 1, bytes);
        Pointer.memset(target, 0, bytes);
    }

    /** @return keeps the work alive */
    @Benchmark
    public byte copy() {
        long part = bytes / PARTS;
        IntStream.range(0, PARTS)
                .parallel()
                .forEach(i -> Pointer.memcpy(at(target, i * part), at(source, i * part), part));
        return target.get(bytes - 1);
    }

    private static Pointer at(BytePointer pointer, long position) {
        return new BytePointer(pointer).position(position);
    }
}
