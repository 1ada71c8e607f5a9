// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

class LabelledImagesTest {
    private static final List<String> AB = List.of("a", "b");

    @Test
    void batchIsNchwFloatFromZeroToOneWithOneHotLabels() {
        byte[] pixels = {0, 51, 102, (byte) 153, (byte) 204, (byte) 255, 1, 2, 3, 4, 5, 6};
        LabelledImages images = LabelledImages.of(pixels, new int[] {1, 0}, AB, 3, 1, 2);

        DataSet batch = images.batch(1, 0);

        assertThat(batch.getFeatures().shape()).containsExactly(2, 3, 1, 2);
        assertThat(batch.getFeatures().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(batch.getFeatures().getFloat(0, 2, 0, 1)).isEqualTo(6 / 255f);
        assertThat(batch.getFeatures().slice(1).ravel().toFloatVector())
                .containsExactly(0f, 51 / 255f, 102 / 255f, 153 / 255f, 204 / 255f, 1f);
        assertThat(batch.getLabels().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(batch.getLabels().toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 0}, {0, 1}});
    }

    @Test
    void neverChanges() {
        byte[] pixels = {1, 2};
        int[] labels = {0, 1};
        LabelledImages images = LabelledImages.of(pixels, labels, AB, 1, 1, 1);
        pixels[0] = 9;
        labels[0] = 1;
        images.pixels(1)[0] = 9;
        images.batch(0).getFeatures().assign(9);

        assertThat(images.pixels(0)).containsExactly(1);
        assertThat(images.pixels(1)).containsExactly(2);
        assertThat(images.label(0)).isZero();
        assertThatThrownBy(() -> images.classNames().set(0, "c")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void takeIsStratifiedKeepsTheOrderAndNests() {
        // 12 of class 0, then 6 of class 1, then 3 of class 2.
        int[] labels = new int[21];
        byte[] pixels = new byte[21];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < 12 ? 0 : i < 18 ? 1 : 2;
            pixels[i] = (byte) i;
        }
        LabelledImages images = LabelledImages.of(pixels, labels, List.of("a", "b", "c"), 1, 1, 1);

        LabelledImages third = images.take(7);

        assertThat(third.classCounts()).containsExactly(4, 2, 1);
        assertThat(positions(third)).containsExactly(0, 1, 2, 3, 12, 13, 18);
        for (int n = 1; n < images.size(); n++) {
            assertThat(positions(images.take(n + 1))).containsSubsequence(positions(images.take(n)));
        }
        assertThat(positions(images.take(21))).containsExactly(positions(images));
    }

    private static Integer[] positions(LabelledImages images) {
        Integer[] positions = new Integer[images.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (int) images.pixels(i)[0];
        }
        return positions;
    }

    @Test
    void badArgumentsAreNamed() {
        LabelledImages images = TestImages.random(6, 2, 1, 2, 2);
        assertThatThrownBy(() -> images.take(0)).hasMessage("n is 0, expected 1 to 6 images");
        assertThatThrownBy(() -> images.take(7)).hasMessage("n is 7, expected 1 to 6 images");
        assertThatThrownBy(() -> images.batch(6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> images.select(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> LabelledImages.of(new byte[3], new int[] {0}, AB, 1, 2, 2))
                .hasMessage("pixels holds 3 bytes, expected 4 for 1 images of 1 x 2 x 2");
        assertThatThrownBy(() -> LabelledImages.of(new byte[2], new int[] {0, 2}, AB, 1, 1, 1))
                .hasMessage("labels[1] is 2, expected 0 to 1 for 2 classes");
        assertThatThrownBy(() -> LabelledImages.of(new byte[0], new int[] {0}, AB, 1, 0, 1))
                .hasMessage("height is 0, expected at least 1");
        assertThatThrownBy(() -> new ImageDataset(images, TestImages.random(6, 2, 1, 2, 3), "here"))
                .hasMessageContaining("6 images of 1 x 2 x 2")
                .hasMessageContaining("6 images of 1 x 2 x 3");
    }
}
