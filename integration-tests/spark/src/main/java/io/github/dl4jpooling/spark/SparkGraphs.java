// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.spark;

import io.github.dl4jpooling.ops.GemPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.SoftPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a SameDiff graph with pooling ops on executors, which know the graph's bytes only: the ops are found because
 * this project's jar is on the class path.
 */
public final class SparkGraphs {

    private static final int ROWS = 64;
    private static final int SIZE = 6;

    private SparkGraphs() {}

    /**
     * Runs, and compares with the driver's results.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws IOException {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 1, SIZE, SIZE);
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        SDVariable soft = new SDPooling(graph).pool("soft", new SoftPool(window), x);
        new SDPooling(graph).pool("y", new GemPool(window), soft, graph.var("p", Nd4j.createFromArray(3f)));
        byte[] bytes = bytes(graph);
        List<double[]> rows = rows();
        List<Double> expected = new ArrayList<>();
        for (double[] row : rows) {
            expected.add(run(bytes, row));
        }
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("pooling graphs"))) {
            Broadcast<byte[]> shared = spark.broadcast(bytes);
            List<Double> results = spark.parallelize(rows, 4).map(row -> run(shared.value(), row)).collect();
            if (!results.equals(expected)) {
                throw new IllegalStateException("executors: " + results + ", driver: " + expected);
            }
            System.out.println("equal results on " + (spark.sc().getExecutorMemoryStatus().size() - 1) + " executors");
        }
    }

    private static byte[] bytes(SameDiff graph) throws IOException {
        ByteBuffer buffer = graph.asFlatBuffers(true);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static List<double[]> rows() {
        Random random = new Random(1);
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(random.doubles(SIZE * SIZE).toArray());
        }
        return rows;
    }

    /** The only code that runs on executors; it names no class of this project. */
    private static double run(byte[] bytes, double... row) throws IOException {
        SameDiff graph = SameDiff.fromFlatBuffers(ByteBuffer.wrap(bytes));
        return graph.output(Map.of("x", Nd4j.createFromArray(row).castTo(DataType.FLOAT).reshape(1, 1, SIZE, SIZE)),
                "y").get("y").sumNumber().doubleValue();
    }
}
