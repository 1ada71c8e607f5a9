// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.AdaUnpool;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.ChannelPool;
import io.github.dl4jpooling.ops.CornerPool;
import io.github.dl4jpooling.ops.CornerPool.Edge;
import io.github.dl4jpooling.ops.DiagonalPool;
import io.github.dl4jpooling.ops.FractionalMaxPool;
import io.github.dl4jpooling.ops.LineOp;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.Orientation;
import io.github.dl4jpooling.ops.OrientedPool;
import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.SpatialPyramidPool;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Bins;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Type;
import io.github.dl4jpooling.ops.StripPool;
import io.github.dl4jpooling.ops.TrainingPhase;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Errors of the operators on maps name the operator, the value and what is allowed. */
class InvalidMapInputTest {

    private final NDPooling pooling = new NDPooling();
    private final INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 6);

    private static void assertRejected(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }

    @Test
    void adaptive() {
        assertRejected(() -> new AdaptiveAvgPool(3, 0), "Adaptive average pooling", "outputSize", "1", "0");
        assertRejected(() -> new AdaptiveMaxPool(1, 2, 3, 4), "Adaptive maximum pooling", "1, 2 or 3", "4");
        assertRejected(() -> pooling.pool(new AdaptiveAvgPool(3), x), "rank 3", "[N,C,W]", "[2, 3, 8, 6]");
        assertRejected(() -> pooling.pool(new AdaptiveAvgPool(true, 3, 3), Nd4j.create(DataType.FLOAT, 2, 0, 3, 4)),
                "at least 1", "[N,H,W,C]", "[2, 0, 3, 4]");
        AdaptiveMaxPool max = new AdaptiveMaxPool(2, 2);
        INDArray y = Nd4j.rand(DataType.FLOAT, 2, 3, 2, 2);
        INDArray index = Nd4j.create(DataType.INT64, 2, 3, 2, 2).assign(48);
        assertRejected(() -> pooling.gradients(max, y, new INDArray[] {y, index}, x), "from 0 to 47", "48");
    }

    @Test
    void pyramid() {
        assertRejected(() -> new SpatialPyramidPool(new int[0]), "Spatial pyramid pooling", "at least one level");
        assertRejected(() -> new SpatialPyramidPool(4, 0), "levels", "1", "0");
        assertRejected(() -> new SpatialPyramidPool(false, Bins.ADAPTIVE, Type.MAX, new int[] {1, 2, 3}),
                "one number or two");
        SpatialPyramidPool caffe = new SpatialPyramidPool(false, Bins.CAFFE, Type.MAX, new int[] {1}, new int[] {7});
        assertRejected(() -> pooling.pool(caffe, x), "Caffe", "8 elements", "7 bins");
        pooling.pool(new SpatialPyramidPool(1, 7), x);
    }

    @Test
    void fractional() {
        assertRejected(() -> FractionalMaxPool.builder(2, 2).build(), "outputSize", "[2, 2]", "[]");
        assertRejected(() -> FractionalMaxPool.builder(2).outputSize(3).build(), "2 or 3 numbers");
        assertRejected(() -> pooling.pool(FractionalMaxPool.builder(2, 2).outputSize(8, 5).build(), x),
                "input size - kernel + 1", "[8, 5]", "[8, 6]");
        FractionalMaxPool given = FractionalMaxPool.builder(2, 2).outputSize(4, 3).drawsGiven(true).build();
        assertRejected(() -> pooling.pool(given, x, Nd4j.create(DataType.DOUBLE, 2, 3, 3)), "u", "[2, 3, 2]");
        assertRejected(() -> pooling.pool(given, x, Nd4j.create(DataType.FLOAT, 2, 3, 2)), "u", "DOUBLE", "FLOAT");
        assertRejected(() -> pooling.pool(given, x, Nd4j.ones(DataType.DOUBLE, 2, 3, 2)), "less than 1", "1.0");
        assertRejected(() -> pooling.pool(given, x, Nd4j.create(DataType.DOUBLE, 2, 3, 2).assign(Double.NaN)), "NaN");
    }

    @Test
    void s3() {
        assertRejected(() -> S3Pool.builder(2).gridSize(3).build(), "S3 pooling", "multiple", "3");
        assertRejected(() -> S3Pool.builder(0).build(), "poolSize", "0");
        assertRejected(() -> S3Pool.builder(2).gridSize(0).build(), "gridSize");
        assertRejected(() -> S3Pool.builder(2).dimensions(4).build(), "dimensions", "4");
        assertRejected(() -> S3Pool.builder(2).phase(TrainingPhase.INFERENCE).drawsGiven(true).build(), "INFERENCE");
        assertRejected(() -> pooling.pool(S3Pool.builder(7).build(), x), "at least the poolSize 7", "[8, 6]");
        S3Pool given = S3Pool.builder(2).drawsGiven(true).build();
        INDArray cols = Nd4j.createFromArray(0L, 4L);
        pooling.pool(given, x, Nd4j.createFromArray(1L, 6L), cols);
        assertRejected(() -> pooling.pool(given, x, Nd4j.createFromArray(1L, 7L), cols), "rows", "0 to 6", "[1, 7]");
        assertRejected(() -> pooling.pool(given, x, Nd4j.createFromArray(3L, 3L), cols), "ascend", "[3, 3]");
        assertRejected(() -> pooling.pool(given, x, Nd4j.createFromArray(-1L, 3L), cols), "rows", "[-1, 3]");
        S3Pool input = S3Pool.builder(2).phase(TrainingPhase.INPUT).build();
        assertRejected(() -> pooling.pool(input, x, Nd4j.scalar(1f)), "training", "BOOL", "FLOAT");
        assertRejected(() -> pooling.pool(input, x, Nd4j.create(DataType.BOOL, 2)), "training", "scalar");
    }

    @Test
    void lines() {
        assertRejected(() -> new OrientedPool(Orientation.VERTICAL, 0), "Oriented pooling", "length", "1", "0");
        assertRejected(() -> new OrientedPool(false, LineOp.Type.AVG, Orientation.VERTICAL, 3, 1, 0), "stride", "0");
        assertRejected(() -> new OrientedPool(false, LineOp.Type.AVG, Orientation.VERTICAL, 3), "stride", "[]");
        assertRejected(() -> pooling.pool(new StripPool(LineOp.Type.AVG), x.reshape(6, 8, 6)), "Strip pooling",
                "rank 4", "[N,C,H,W]", "[6, 8, 6]");
        assertRejected(() -> pooling.pool(new DiagonalPool(LineOp.Type.AVG), Nd4j.create(DataType.FLOAT, 2, 3, 0, 4)),
                "Diagonal pooling", "at least 1", "[2, 3, 0, 4]");
        assertRejected(() -> pooling.pool(new CornerPool(Edge.TOP), x.reshape(6, 8, 6)), "Corner pooling", "rank 4");
        assertRejected(() -> pooling.pool(new ChannelPool(false), Nd4j.create(DataType.FLOAT, 2, 0, 3, 4)),
                "Channel pooling", "at least 1 channel", "[2, 0, 3, 4]");
        OrientedPool max = new OrientedPool(false, LineOp.Type.MAX, Orientation.DIAGONAL, 3, 2);
        INDArray y = Nd4j.rand(DataType.FLOAT, 2, 3, 4, 3);
        INDArray index = Nd4j.create(DataType.INT64, 2, 3, 4, 3).assign(48);
        assertRejected(() -> pooling.gradients(max, y, new INDArray[] {y, index}, x), "from 0 to 47", "48");
    }

    @Test
    void unpool() {
        MaxUnpool op = new MaxUnpool(16, 12);
        INDArray index = Nd4j.create(DataType.INT64, 2, 3, 8, 6);
        index.putScalar(new int[] {1, 2, 3, 4}, 192);
        assertRejected(() -> pooling.pool(op, x, index), "Maximum unpooling", "from 0 to 191", "192", "[1, 2, 3, 4]");
        assertRejected(() -> pooling.gradients(op, Nd4j.rand(DataType.FLOAT, 2, 3, 16, 12), x, index), "192");
        index.putScalar(new int[] {1, 2, 3, 4}, -1);
        assertRejected(() -> pooling.pool(op, x, index), "got -1 at [1, 2, 3, 4]");
        assertRejected(() -> pooling.pool(op, x, index.castTo(DataType.INT32)), "index", "LONG", "INT");
        assertRejected(() -> pooling.pool(op, x, Nd4j.create(DataType.INT64, 2, 3, 6, 8)), "index", "[2, 3, 6, 8]");
        assertRejected(() -> new MaxUnpool(1 << 20, 1 << 20), "positions");
    }

    @Test
    void adaUnpool() {
        AdaUnpool op = new AdaUnpool(false);
        INDArray beta = Nd4j.rand(DataType.FLOAT, 8, 6);
        INDArray mask = Nd4j.rand(DataType.FLOAT, 2, 16, 12);
        pooling.pool(op, x, beta, mask, mask);
        assertRejected(() -> pooling.pool(op, x, mask, mask, mask), "beta", "[8, 6]");
        assertRejected(() -> pooling.pool(op, x, beta, beta, mask), "maskEdscw", "[2,H,W]", "[8, 6]");
        assertRejected(() -> pooling.pool(op, x, beta, mask, Nd4j.rand(DataType.FLOAT, 2, 12, 16)), "maskEm",
                "[2, 16, 12]", "[2, 12, 16]");
    }
}
