// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionScenesTest {
    private static final int SIZE = RegionScenes.SIZE;

    /** White rectangles of 10 x 6 pixels. */
    private static LabelledImages rectangles() {
        byte[] pixels = new byte[28 * 28];
        for (int row = 4; row < 10; row++) {
            Arrays.fill(pixels, row * 28 + 3, row * 28 + 13, (byte) 255);
        }
        return LabelledImages.of(pixels, new int[1], List.of("rectangle"), 1, 28, 28);
    }

    /** A pixel is white by the share of it that a box covers, and noise otherwise. */
    @Test
    void boxesAreExact() {
        RegionScenes scenes = new RegionScenes(rectangles(), 20, 1, 7);
        for (int scene = 0; scene < scenes.size(); scene++) {
            List<Box> boxes = scenes.boxes(scene);
            assertThat(boxes).hasSize(RegionScenes.ITEMS).allSatisfy(box -> {
                assertThat(box.width() / box.height()).isCloseTo(10 / 6.0, within(1e-9));
                assertThat(box.width()).isBetween(7.0, 18.0);
            });
            float[] pixels = scenes.pixels(scene);
            for (int i = 0; i < pixels.length; i++) {
                Box pixel = new Box(i % SIZE, i / SIZE, i % SIZE + 1, i / SIZE + 1);
                double covered = boxes.stream().mapToDouble(box -> common(pixel, box)).sum();
                assertThat((double) pixels[i]).isBetween(covered - 1e-6, covered + 0.2 * (1 - covered) + 1e-6);
            }
        }
    }

    private static double common(Box a, Box b) {
        return Math.max(0, Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1()))
                * Math.max(0, Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1()));
    }

    @Test
    void equalSeedsGiveEqualScenes() throws IOException {
        LabelledImages items = ImageDatasets.load(ImageDatasets.EMBEDDED).test();
        RegionScenes scenes = new RegionScenes(items, 3, 2, 1);
        RegionScenes same = new RegionScenes(items, 3, 2, 1);
        assertThat(scenes.pixels(2)).isEqualTo(same.pixels(2));
        assertThat(scenes.proposals(2)).asString().isEqualTo(same.proposals(2).toString());
        assertThat(scenes.labels(2)).isEqualTo(same.labels(2));
        assertThat(scenes.pixels(2)).isNotEqualTo(scenes.pixels(1))
                .isNotEqualTo(new RegionScenes(items, 3, 2, 2).pixels(2));
    }

    @Test
    void proposalsAreOffByAsMuchAsTold() throws IOException {
        RegionScenes scenes =
                new RegionScenes(ImageDatasets.load(ImageDatasets.EMBEDDED).test(), 100, 3, 5);
        double sum = 0;
        for (int scene = 0; scene < 100; scene++) {
            assertThat(scenes.boxes(scene)).hasSize(12);
            assertThat(scenes.labels(scene)).hasSize(12);
            for (int i = 0; i < 12; i++) {
                sum += scenes.proposals(scene).get(i).iou(scenes.boxes(scene).get(i));
            }
            assertThat(scenes.boxes(scene).get(0)).isEqualTo(scenes.boxes(scene).get(2));
        }
        assertThat(sum / 1200).isCloseTo(0.64, within(0.02));
    }

    @Test
    void wrongArguments() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RegionScenes(rectangles(), 0, 1, 1))
                .withMessage("scenes is 0, expected at least 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new RegionScenes(rectangles(), 1, 0, 1))
                .withMessage("proposalsOfAnItem is 0, expected at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionScenes(TestImages.random(2, 2, 1, 32, 28), 1, 1, 1))
                .withMessageContaining("items must be grey images of at most 31 pixels");
    }
}
