// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BoxTest {
    private static final Box BOX = new Box(2, 3, 10, 7);

    @Test
    void intersectionOverUnion() {
        assertThat(BOX.iou(BOX)).isEqualTo(1);
        assertThat(BOX.iou(new Box(6, 3, 14, 7))).isEqualTo(16.0 / 48); // half of it
        assertThat(new Box(6, 3, 14, 7).iou(BOX)).isEqualTo(16.0 / 48);
        assertThat(BOX.iou(new Box(4, 4, 8, 6))).isEqualTo(8.0 / 32); // inside
        assertThat(BOX.iou(new Box(10, 3, 12, 7))).isZero(); // side by side
        assertThat(BOX.iou(new Box(20, 20, 22, 22))).isZero();
        assertThat(new Box(1, 1, 1, 1).iou(new Box(1, 1, 1, 1))).isZero();
        assertThat(BOX.iou(new Box(Double.NaN, 0, 1, 1))).isNaN();
    }

    @Test
    void stepsInTheNumbersOfFastRcnn() {
        // Centre (6,5), 8 x 4; target: centre (8,4), 16 x 2.
        assertThat(BOX.stepTo(new Box(0, 3, 16, 5))).containsExactly(
                new double[] {2.0 / 8 / 0.1, -1.0 / 4 / 0.1, Math.log(2) / 0.2, Math.log(0.5) / 0.2}, within(1e-12));
        assertThat(BOX.stepTo(BOX)).containsExactly(0, 0, 0, 0);
    }

    @Test
    void aStepLeadsToItsTarget() {
        Box target = new Box(-1.5, 4.25, 30.75, 5);
        Box reached = BOX.moved(BOX.stepTo(target));
        assertThat(new double[] {reached.x1(), reached.y1(), reached.x2(), reached.y2()})
                .containsExactly(new double[] {-1.5, 4.25, 30.75, 5}, within(1e-12));
        assertThat(BOX.moved(0, 0, 1e9, 0).width()).isCloseTo(8 * 62.5, within(1e-9));
    }

    @Test
    void partWithinAnImage() {
        Box part = new Box(-3, 2, 50, 120).within(40);
        assertThat(new double[] {part.x1(), part.y1(), part.x2(), part.y2()}).containsExactly(0, 2, 40, 40);
    }
}
