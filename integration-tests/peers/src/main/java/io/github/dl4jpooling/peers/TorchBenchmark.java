// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.peers;

import static org.bytedeco.pytorch.global.torch.rand;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.github.dl4jpooling.integrationtests.benchmark.BenchmarkProcess;
import io.github.dl4jpooling.integrationtests.benchmark.Workload;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** libtorch. The backward pass is its automatic differentiation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("try") // scopes are opened and closed, not read
public class TorchBenchmark {

    private static final Map<String, torch.ScalarType> TYPES = Map.of(
            "float", torch.ScalarType.Float,
            "double", torch.ScalarType.Double,
            "half", torch.ScalarType.Half,
            "bfloat16", torch.ScalarType.BFloat16);

    /** See {@link Workload}. */
    @Param("soft_pool 2x2/2 1x1x8x8 float first")
    public String workload;

    private Workload parsed;
    private TorchPooling pooling;
    private Tensor x;
    private List<Tensor> further;
    private Tensor gradient;

    /** Makes the arrays. */
    @Setup
    public void setUp() {
        set_num_threads(Integer.getInteger(BenchmarkProcess.THREADS_PROPERTY));
        parsed = Workload.of(workload);
        pooling = new TorchPooling(parsed);
        x = random(-0.5f, parsed.shape());
        if (parsed.layout().equals("last")) {
            x = x.contiguous(parsed.dimensions() == 2 ? torch.MemoryFormat.ChannelsLast
                    : torch.MemoryFormat.ChannelsLast3d);
        }
        further = pooling.furtherShapes().stream().map(shape -> random(0.5f, shape)).collect(Collectors.toList());
        try (NoGradGuard none = new NoGradGuard()) {
            gradient = pooling.pool(x, further).contiguous();
        }
    }

    private Tensor random(float from, long... shape) {
        return rand(shape).add(new Scalar(from)).to(TYPES.get(parsed.type()));
    }

    /** @return keeps the work alive */
    @Benchmark
    public long forward() {
        try (PointerScope scope = new PointerScope(); NoGradGuard none = new NoGradGuard()) {
            return pooling.pool(x, further).numel();
        }
    }

    /** @return keeps the work alive */
    @Benchmark
    public long forwardAndBackward() {
        try (PointerScope scope = new PointerScope()) {
            x.requires_grad_(true);
            further.forEach(tensor -> tensor.requires_grad_(true));
            Tensor y = pooling.pool(x, further);
            y.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
            x.mutable_grad().reset();
            further.forEach(tensor -> tensor.mutable_grad().reset());
            return y.numel();
        }
    }
}
