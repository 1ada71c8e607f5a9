// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.BlurPool;
import io.github.dl4jpooling.ops.BlurPool.Front;
import io.github.dl4jpooling.ops.BlurPool.Padding;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SoftPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What blur pooling is for, and what it becomes with particular settings. */
class BlurPoolTest {

    private static INDArray pool(PoolingOp op, INDArray x) {
        return new NDPooling().pool(op, x);
    }

    @ParameterizedTest
    @EnumSource(value = Front.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void filterOfOneIsTheFrontPooling(Front front) {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 11, 12);
        PoolingWindow window = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();
        PoolingOp plain = front == Front.MAX ? new MaxPool(window)
                : front == Front.SOFT ? new SoftPool(window) : new AveragePool(window);
        INDArray y = pool(new BlurPool(window, front, 1, Padding.ZERO), x);
        assertThat(y.shape()).containsExactly(pool(plain, x).shape());
        assertThat(y.distance2(pool(plain, x))).isLessThan(1e-12);
    }

    /** Weights add up to 1 where nothing is lost at the border. */
    @ParameterizedTest
    @EnumSource(value = Padding.class, names = "ZERO", mode = EnumSource.Mode.EXCLUDE)
    void constantMapsStayConstant(Padding padding) {
        for (int size = 1; size <= 7; size++) {
            for (int map = 1; map <= 9; map++) {
                PoolingWindow window = PoolingWindow.builder(1, 1).stride(2, 2).build();
                INDArray y = pool(new BlurPool(window, Front.NONE, size, padding), Nd4j.ones(DataType.FLOAT, 1, 1, map,
                        9));
                assertThat(y.minNumber().floatValue()).isEqualTo(1);
                assertThat(y.maxNumber().floatValue()).isEqualTo(1);
            }
        }
    }

    /** Maxima of a fine pattern jump when it moves by an element; the filter keeps them where they are. */
    @Test
    void shiftsMatterLessThanForMaximumPooling() {
        INDArray wide = Nd4j.rand(DataType.FLOAT, 4, 8, 33, 33);
        INDArray x = wide.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 32),
                NDArrayIndex.interval(0, 32));
        INDArray moved = wide.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(1, 33),
                NDArrayIndex.interval(1, 33));
        PoolingWindow window = PoolingWindow.builder(2, 2).stride(2, 2).build();
        double plain = pool(new MaxPool(window), x).distance2(pool(new MaxPool(window), moved));
        BlurPool blur = new BlurPool(window, Front.MAX, 5, Padding.REFLECT);
        assertThat(pool(blur, x).distance2(pool(blur, moved))).isLessThan(plain / 2);
    }

    @Test
    void errorsNameTheArgument() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        assertThatThrownBy(() -> new BlurPool(window, Front.NONE, 3, Padding.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Blur pooling: without a pooling in front (front NONE) the kernel must be 1 along each "
                        + "axis, got [2, 2]");
        assertThatThrownBy(() -> new BlurPool(window, Front.MAX, 8, Padding.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Blur pooling: filterSize must be from 1 to 7, got 8");
        assertThatThrownBy(() -> new BlurPool(window, Front.MAX, 3, Padding.ZERO, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("furtherPadding must be from 0");
    }
}
