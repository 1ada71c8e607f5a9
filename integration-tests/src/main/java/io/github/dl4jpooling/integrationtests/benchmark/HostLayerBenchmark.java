// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** DL4J's own pooling layers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class HostLayerBenchmark {

    /** What DL4J calls the operators that it has. */
    static final Map<String, String> LAYERS = Map.of("max_pool", "max", "average_pool", "average");

    /** See {@link Workload}. */
    @Param("max_pool 2x2/2 1x1x8x8 float first")
    public String workload;

    private LayerUnderTest layer;

    /** Makes the layer. */
    @Setup
    public void setUp() {
        Workload parsed = Workload.of(workload);
        layer = new LayerUnderTest(LAYERS.get(parsed.operator()), (int) parsed.kernel()[0], parsed.stride(),
                parsed.padding(), parsed.shape());
    }

    static boolean runs(Workload workload) {
        return LAYERS.containsKey(workload.operator()) && workload.hasWindow() && workload.dimensions() == 2
                && workload.type().equals("float") && workload.layout().equals("first");
    }

    /** @return keeps the work alive */
    @Benchmark
    public double forward() {
        return layer.forward();
    }

    /** @return keeps the work alive */
    @Benchmark
    public double forwardAndBackward() {
        return layer.forwardAndBackward();
    }
}
