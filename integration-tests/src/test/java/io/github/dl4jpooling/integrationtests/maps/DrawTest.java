// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.FractionalMaxPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Draws of fractional and S3 pooling. */
class DrawTest {

    private final NDPooling pooling = new NDPooling();

    /** A map whose largest element of every window is its last one, and tells its place. */
    private static INDArray places(int planes, int height, int width) {
        INDArray map = Nd4j.create(DataType.DOUBLE, 1, planes, height, width);
        for (long i = 0; i < map.length(); i++) {
            map.putScalar(i, i % (height * width));
        }
        return map;
    }

    private long[] index(FractionalMaxPool.Builder op, INDArray x) {
        return pooling.outputs(op.build(), x)[1].dup('c').data().asLong();
    }

    @Test
    void fractionalDrawsDifferFromPlaneToPlaneAndCallToCall() {
        INDArray x = places(50, 29, 31);
        FractionalMaxPool.Builder op = FractionalMaxPool.builder(2, 2).outputSize(20, 22);
        long[] index = index(op, x);
        assertThat(index(op, x)).isNotEqualTo(index);
        assertThat(IntStream.range(0, 50)
                .mapToObj(plane -> Arrays.toString(Arrays.copyOfRange(index, plane * 440, plane * 440 + 440)))
                .distinct()).hasSizeGreaterThan(30);
        for (int plane = 0; plane < 50; plane++) {
            // The first window begins at 0, the last one ends with the map, and each step is 1 or 2.
            for (int i = 0; i < 20; i++) {
                long row = index[plane * 440 + i * 22] / 31;
                long before = i == 0 ? -1 : index[plane * 440 + (i - 1) * 22] / 31;
                assertThat(row - before).isBetween(1L, 2L);
                assertThat(i == 0 ? row : 1).isEqualTo(1);
                assertThat(i == 19 ? row : 28).isEqualTo(28);
            }
        }
    }

    @Test
    void fractionalSeeds() {
        INDArray x = places(5, 29, 31);
        FractionalMaxPool.Builder op = FractionalMaxPool.builder(2, 2).outputSize(20, 22);
        long[] seven = index(op.seed(7), x);
        assertThat(index(op.seed(7), x)).isEqualTo(seven);
        assertThat(index(op.seed(8), x)).isNotEqualTo(seven);
        FractionalMaxPool.Builder unseeded = FractionalMaxPool.builder(2, 2).outputSize(20, 22);
        Nd4j.getRandom().setSeed(3);
        long[] first = index(unseeded, x);
        Nd4j.getRandom().setSeed(3);
        assertThat(index(unseeded, x)).isEqualTo(first);
    }

    private static S3Pool.Builder s3() {
        return S3Pool.builder(2).gridSize(6);
    }

    @Test
    void s3KeepsAThirdOfEachCell() {
        INDArray x = places(3, 24, 25); // z has 23 rows: three cells of 6, one of 5, three rows of each
        int[] kept = new int[23];
        int draws = 200;
        for (int draw = 0; draw < draws; draw++) {
            INDArray[] outputs = pooling.outputs(s3().build(), x);
            assertThat(outputs[0].shape()).containsExactly(1, 3, 12, 12);
            long[] index = outputs[1].dup('c').data().asLong();
            assertThat(Arrays.copyOfRange(index, 144, 288)).isEqualTo(Arrays.copyOf(index, 144));
            for (int i = 0; i < 12; i++) {
                int row = (int) (index[i * 12] / 25) - 1;
                kept[row]++;
                assertThat(row / 6).isEqualTo(i / 3);
                assertThat(i == 0 ? -1 : index[(i - 1) * 12] / 25 - 1).isLessThan(row);
            }
        }
        for (int row = 0; row < 23; row++) {
            double probability = row < 18 ? 3 / 6.0 : 3 / 5.0;
            double deviation = Math.sqrt(draws * probability * (1 - probability));
            assertThat((double) kept[row]).isBetween(draws * probability - 5 * deviation,
                    draws * probability + 5 * deviation);
        }
    }

    @Test
    void s3Seeds() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 1, 2, 24, 24);
        assertThat(pooling.pool(s3().seed(1).build(), x)).isEqualTo(pooling.pool(s3().seed(1).build(), x));
        assertThat(pooling.pool(s3().seed(2).build(), x)).isNotEqualTo(pooling.pool(s3().seed(1).build(), x));
        assertThat(pooling.pool(s3().build(), x)).isNotEqualTo(pooling.pool(s3().build(), x));
    }

    @Test
    void s3Phases() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 2, 3, 9, 8);
        S3Pool input = S3Pool.builder(2).seed(9).phase(TrainingPhase.INPUT).build();
        INDArray[] training = pooling.outputs(input, x, Nd4j.scalar(true));
        INDArray[] inference = pooling.outputs(input, x, Nd4j.scalar(false));
        assertThat(training).isEqualTo(pooling.outputs(S3Pool.builder(2).seed(9).build(), x));
        assertThat(inference[0])
                .isEqualTo(pooling.pool(S3Pool.builder(2).phase(TrainingPhase.INFERENCE).build(), x));
        assertThat(inference[1].minNumber().longValue()).isEqualTo(-1);
        assertThat(inference[1].maxNumber().longValue()).isEqualTo(-1);
        assertThat(training[0].shape()).containsExactly(2, 3, input.trainingSize(9), input.trainingSize(8));
        assertThat(inference[0].shape()).containsExactly(2, 3, input.inferenceSize(9), input.inferenceSize(8));
    }
}
