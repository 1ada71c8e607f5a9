// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.List;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The pretext network, its contrastive loss, and the start of other networks from its encoder. */
class PretextNetTest {
    private static final double STEP = 1e-6;

    private static PretextNet.Builder small() {
        return PooledZoo.pretextNet().inputShape(1, 8, 8);
    }

    /** Half black, half white, at one of several places. */
    private static INDArray images() {
        INDArray images = Nd4j.zeros(DataType.FLOAT, 8, 1, 8, 8);
        for (int i = 0; i < 8; i++) {
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 8; column++) {
                    images.putScalar(new int[] {i, 0, row, column}, (row + i) % 8 < 4 ? 1 : 0);
                }
            }
        }
        return images;
    }

    @Test
    void rebuildsImages() {
        ComputationGraph network = small().pooling(Pooling.soft()).build().init();
        INDArray images = images();
        assertThat(network.outputSingle(images).shape()).containsExactly(8, 1, 8, 8);
        assertThat(PretextNet.codes(network, images).shape()).containsExactly(8, 8 * 2 * 2);
        double before = error(network, images);
        for (int step = 0; step < 150; step++) {
            network.fit(new DataSet(images, images));
        }
        assertThat(error(network, images)).isLessThan(before / 4);
    }

    private static double error(ComputationGraph network, INDArray images) {
        INDArray difference = network.outputSingle(images).sub(images);
        return difference.mul(difference).meanNumber().doubleValue();
    }

    @Test
    void tellsViewsApart() {
        ComputationGraph network = small().objective(PretextNet.Objective.CONTRASTIVE).build().init();
        INDArray images = images();
        INDArray views = Nd4j.zeros(DataType.FLOAT, 16, 1, 8, 8);
        for (int i = 0; i < 16; i++) {
            views.slice(i).assign(images.slice(i / 2).mul(i % 2 == 0 ? 1 : 0.7));
        }
        DataSet data = new DataSet(views, Nd4j.zeros(DataType.FLOAT, 16, PretextNet.PROJECTION));
        double before = network.score(data);
        for (int step = 0; step < 60; step++) {
            network.fit(data);
        }
        assertThat(network.score(data)).isLessThan(0.7 * before);
    }

    @ParameterizedTest
    @EnumSource(PretextNet.Objective.class)
    void settingsSurviveJson(PretextNet.Objective objective) {
        ComputationGraphConfiguration configuration = small().objective(objective).build().init().getConfiguration();
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
    }

    /** Two pairs at right angles to each other: only the partner is near. */
    @Test
    void contrastiveLossByHand() {
        INDArray z = Nd4j.createFromArray(new double[][] {{2, 0}, {1, 0}, {0, 3}, {0, 0.5}});
        double expected = -Math.log(Math.exp(2) / (Math.exp(2) + 2));
        assertThat(new ContrastiveLoss(0.5).computeScore(null, z, new ActivationIdentity(), null, true))
                .isEqualTo(expected, Offset.offset(1e-12));
    }

    @Test
    void contrastiveGradient() {
        Nd4j.getRandom().setSeed(5);
        INDArray z = Nd4j.randn(DataType.DOUBLE, 6, 3);
        ContrastiveLoss loss = new ContrastiveLoss(0.3);
        INDArray gradient = loss.computeGradient(null, z, new ActivationTanH(), null);
        for (long i = 0; i < z.length(); i++) {
            double value = z.getDouble(i);
            z.putScalar(i, value + STEP);
            double above = loss.computeScore(null, z, new ActivationTanH(), null, false);
            z.putScalar(i, value - STEP);
            double below = loss.computeScore(null, z, new ActivationTanH(), null, false);
            z.putScalar(i, value);
            assertThat(gradient.getDouble(i)).isEqualTo((above - below) / (2 * STEP), Offset.offset(1e-7));
        }
    }

    @Test
    void wrongSettings() {
        assertThatThrownBy(() -> new ContrastiveLoss(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temperature must be above 0, got 0.0");
        assertThatThrownBy(() -> new ContrastiveLoss(1).computeScore(
                null, Nd4j.ones(DataType.DOUBLE, 3, 2), new ActivationIdentity(), null, true))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("even number of rows, got 3");
        assertThatThrownBy(() -> PooledZoo.pretextNet().inputShape(1, 28, 30).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiples of 4, got 28 and 30");
    }

    @Test
    void anotherNetworkStartsFromTheEncoder() {
        ComputationGraph pretext = small().seed(1).build().init();
        ComputationGraph other = small().seed(2).objective(PretextNet.Objective.CONTRASTIVE).build().init();
        INDArray images = images();
        WeightCopy copy = WeightCopy.of(pretext, other, PretextNet.ENCODER);
        assertThat(copy.copied()).containsExactlyInAnyOrder("conv1_W", "conv1_b", "conv2_W", "conv2_b", "code_W",
                "code_b");
        assertThat(copy.left()).isEmpty();
        assertThat(PretextNet.codes(other, images)).isEqualTo(PretextNet.codes(pretext, images));
    }

    @Test
    void reportSaysWhatWasLeftAndWhy() {
        ComputationGraph pretext = small().build().init();
        ComputationGraph wide = small().width(2).objective(PretextNet.Objective.CONTRASTIVE).build().init();
        WeightCopy copy = WeightCopy.of(pretext, wide, List.of("conv1", "decode1"));
        assertThat(copy.copied()).isEmpty();
        assertThat(copy.left()).containsEntry("conv1_W", "has shape [32, 1, 3, 3] in the other network")
                .containsEntry("decode1_W", "the other network has none of that name");
        assertThat(copy.report()).contains("conv1_W", "[16, 1, 3, 3]", "no: has shape [32, 1, 3, 3]");
        assertThat(WeightCopy.of(pretext, pretext.clone()).left()).isEmpty();
    }
}
