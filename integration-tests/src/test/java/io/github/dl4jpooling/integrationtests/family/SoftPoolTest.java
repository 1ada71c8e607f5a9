// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SoftPool;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What the definition says about particular windows, in numbers. */
class SoftPoolTest {

    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double TINY = 1e-12;

    private final NDPooling pooling = new NDPooling();

    @Test
    void weightsAreExponentials() {
        double ln3 = Math.log(3);
        double y = 0.75 * ln3;
        assertPooled(window(0, ln3), y, 0.25 * (1 - y), 0.75 * (1 + ln3 - y));
        assertPooled(window(-1000, ln3 - 1000), y - 1000, 0.25 * (1 - y), 0.75 * (1 + ln3 - y));
    }

    @Test
    void equalElementsAreAveraged() {
        assertPooled(window(-7, -7, -7, -7), -7, 0.25, 0.25, 0.25, 0.25);
    }

    @Test
    void windowOfOneElement() {
        assertPooled(window(42), 42, 1);
        assertPooled(window(-1e300), -1e300, 1);
    }

    @Test
    void oneLargeElementWins() {
        assertPooled(window(0, 1e3, -1e3), 1e3, 0, 1, 0);
        assertPooled(window(-1e30, 1e30), 1e30, 0, 1);
        assertPooled(window(Double.MAX_VALUE, -Double.MAX_VALUE), Double.MAX_VALUE, 1, 0);
    }

    @Test
    void nan() {
        double nan = Double.NaN;
        assertPooled(window(1, nan, 2), nan, nan, nan, nan);
        assertPooled(window(nan, INFINITY), nan, nan, nan);
        assertPooled(window(nan, -INFINITY), nan, nan, nan);
        assertPooled(window(nan), nan, nan);
        assertPooled(window(-INFINITY, nan), nan, nan, nan);
        assertPooled(window(-INFINITY, nan, -INFINITY), nan, nan, nan, nan);
    }

    @Test
    void negativeInfinity() {
        assertPooled(window(-INFINITY, -INFINITY), 0, 0, 0);
        assertPooled(window(-INFINITY), 0, 0);
        assertPooled(window(-INFINITY, 5), 5, 0, 1);
        assertPooled(window(5, -INFINITY, 5), 5, 0.5, 0, 0.5);
    }

    @Test
    void positiveInfinity() {
        assertPooled(window(INFINITY, 3), INFINITY, 1, 0);
        assertPooled(window(INFINITY, 3, INFINITY, -INFINITY), INFINITY, 0.5, 0, 0.5, 0);
    }

    /** The paper's "between average and maximum", and y(x + c) = y(x) + c. */
    @Test
    void liesBetweenAverageAndMaximum() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 3, 4, 12, 10).muli(3);
        PoolingWindow window = PoolingWindow.builder(3, 2).build();
        INDArray y = pooling.pool(new SoftPool(window), x);
        INDArray windows = x.reshape(3, 4, 4, 3, 5, 2);

        assertThat(windows.max(3, 5).sub(y).minNumber().doubleValue()).isPositive();
        assertThat(y.sub(windows.mean(3, 5)).minNumber().doubleValue()).isPositive();
        INDArray shifted = pooling.pool(new SoftPool(window), x.add(100)).sub(100);
        assertThat(Transforms.abs(shifted.sub(y)).maxNumber().doubleValue()).isLessThan(1e-12);
    }

    /** The authors publish w_i as gradient, which is not the derivative. */
    @Test
    void gradientIsNotThePapers() {
        INDArray x = Nd4j.createFromArray(0.0, 1.0).reshape(1, 1, 2);
        INDArray gradient =
                pooling.gradients(new SoftPool(PoolingWindow.builder(2).build()), Nd4j.ones(DataType.DOUBLE, 1, 1, 1),
                        x)[0];
        double weight = 1 / (1 + Math.exp(-1));
        assertThat(gradient.getDouble(0, 0, 1)).isEqualTo(weight * (2 - weight), within(TINY));
    }

    private static double[] window(double... elements) {
        return elements;
    }

    private void assertPooled(double[] elements, double value, double... gradient) {
        // Twice the window in a row: what happens in one window must not reach the other.
        INDArray x = Nd4j.concat(2, Nd4j.zeros(DataType.DOUBLE, 1, 1, elements.length), row(elements), row(elements));
        PoolingWindow window = PoolingWindow.builder(elements.length).build();
        INDArray y = pooling.pool(new SoftPool(window), x);
        INDArray yGradient = Nd4j.createFromArray(1.0, 1, -2).reshape(1, 1, 3);
        INDArray xGradient = pooling.gradients(new SoftPool(window), yGradient, x)[0];

        assertThat(y.getDouble(0, 0, 0)).isZero();
        assertNumber(y.getDouble(0, 0, 1), value, TINY);
        assertNumber(y.getDouble(0, 0, 2), value, TINY);
        for (int i = 0; i < elements.length; i++) {
            assertNumber(xGradient.getDouble(0, 0, i), 1.0 / elements.length, TINY);
            assertNumber(xGradient.getDouble(0, 0, elements.length + i), gradient[i], TINY);
            assertNumber(xGradient.getDouble(0, 0, 2 * elements.length + i), -2 * gradient[i], 2 * TINY);
        }
    }

    private static INDArray row(double[] elements) {
        return Nd4j.createFromArray(elements).reshape(1, 1, elements.length);
    }

    private static void assertNumber(double actual, double expected, double tolerance) {
        if (Double.isFinite(expected)) {
            assertThat(actual).isEqualTo(expected, within(tolerance * (1 + Math.abs(expected))));
        } else {
            assertThat(actual).isEqualTo(Double.valueOf(expected)); // NaN equals NaN as an object
        }
    }
}
