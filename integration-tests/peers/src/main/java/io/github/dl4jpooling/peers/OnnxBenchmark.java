// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.dl4jpooling.integrationtests.benchmark.BenchmarkProcess;
import io.github.dl4jpooling.integrationtests.benchmark.Workload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** ONNX Runtime, which has forward passes only. The result goes into memory that is there before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OnnxBenchmark {

    private static final Map<String, String> OF_WINDOWS =
            Map.of("max_pool", "MaxPool", "average_pool", "AveragePool", "pnorm_pool", "LpPool");

    /** See {@link Workload}. */
    @Param("max_pool 2x2/2 1x1x8x8 float first")
    public String workload;

    private OrtEnvironment environment;
    private OrtSession session;
    private Map<String, OnnxTensor> inputs;
    private OnnxTensor output;

    /** Makes model and arrays. */
    @Setup
    public void setUp() throws OrtException {
        Workload parsed = Workload.of(workload);
        environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(Integer.getInteger(BenchmarkProcess.THREADS_PROPERTY));
        inputs = new LinkedHashMap<>();
        inputs.put("x", random(parsed.shape()));
        OnnxModel model;
        if (parsed.hasBoxes()) {
            model = roiAlign(parsed);
            addBoxes(parsed);
        } else {
            model = window(parsed);
        }
        session = environment.createSession(model.toBytes(), options);
        try (OrtSession.Result result = session.run(inputs)) {
            output = floats(((OnnxTensor) result.get(0)).getInfo().getShape());
        }
    }

    private static OnnxModel window(Workload workload) {
        int dimensions = workload.dimensions();
        OnnxModel model = new OnnxModel(OF_WINDOWS.get(workload.operator()))
                .input("x", OnnxModel.FLOAT_ELEMENTS)
                .integers("kernel_shape", workload.kernel())
                .integers("strides", LongStream.generate(workload::stride).limit(dimensions).toArray())
                .integers("pads", LongStream.generate(workload::padding).limit(2L * dimensions).toArray());
        return workload.operator().equals("pnorm_pool") ? model.integer("p", 2) : model;
    }

    private static OnnxModel roiAlign(Workload workload) {
        return new OnnxModel("RoiAlign")
                .input("x", OnnxModel.FLOAT_ELEMENTS)
                .input("rois", OnnxModel.FLOAT_ELEMENTS)
                .input("images", OnnxModel.INT64_ELEMENTS)
                .integer("output_height", workload.cells()[0])
                .integer("output_width", workload.cells()[1])
                .integer("sampling_ratio", workload.samples())
                .number("spatial_scale", 1)
                .text("mode", "avg")
                .text("coordinate_transformation_mode", "half_pixel");
    }

    private void addBoxes(Workload workload) throws OrtException {
        List<double[]> boxes = workload.boxNumbers();
        OnnxTensor rois = floats(boxes.size(), 4);
        FloatBuffer numbers = rois.getBufferRef().map(FloatBuffer.class::cast).orElseThrow();
        LongBuffer images = direct(Long.BYTES * boxes.size()).asLongBuffer();
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = 0; j < 4; j++) {
                numbers.put(4 * i + j, (float) boxes.get(i)[j + 1]);
            }
            images.put(i, (long) boxes.get(i)[0]);
        }
        inputs.put("rois", rois);
        inputs.put("images", OnnxTensor.createTensor(environment, images, new long[] {boxes.size()}));
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    private OnnxTensor floats(long... shape) throws OrtException {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return OnnxTensor.createTensor(environment, direct(Float.BYTES * elements).asFloatBuffer(), shape);
    }

    private OnnxTensor random(long... shape) throws OrtException {
        OnnxTensor tensor = floats(shape);
        FloatBuffer numbers = tensor.getBufferRef().map(FloatBuffer.class::cast).orElseThrow();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < numbers.capacity(); i++) {
            numbers.put(i, (float) random.nextDouble() - 0.5f);
        }
        return tensor;
    }

    /** @return keeps the work alive */
    @Benchmark
    public long forward() throws OrtException {
        try (OrtSession.Result result = session.run(inputs, Map.of("y", output))) {
            return result.size();
        }
    }

    /** Frees the session. */
    @TearDown
    public void close() throws OrtException {
        session.close();
    }
}
