// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.zoo.data.Box;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.data.RegionScenes;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class RegionTrainingTest {
    private static RegionScenes scenes(int count) throws IOException {
        return new RegionScenes(ImageDatasets.load(ImageDatasets.EMBEDDED).train(), count, 2, 3);
    }

    @ParameterizedTest
    @EnumSource(Regions.class)
    void trainingLowersTheLoss(Regions regions) throws IOException {
        RegionTraining training = new RegionTraining(scenes(4), regions, 1);
        double first = training.epoch(new Random(1));
        double last = first;
        for (int i = 0; i < 6; i++) {
            last = training.epoch(new Random(1));
        }
        assertThat(last).isLessThan(0.7 * first);
    }

    @ParameterizedTest
    @EnumSource(Regions.class)
    void equalSeedsStartWithEqualConvolutions(Regions regions) throws IOException {
        ComputationGraph network = new RegionTraining(scenes(1), regions, 5).network();
        ComputationGraph align = new RegionTraining(scenes(1), Regions.ALIGN, 5).network();
        ComputationGraph other = new RegionTraining(scenes(1), regions, 6).network();
        for (String name : List.of("conv1a_W", "conv2a_W", "conv3a_W")) {
            assertThat(network.getParam(name)).isEqualTo(align.getParam(name)).isNotEqualTo(other.getParam(name));
        }
    }

    @Test
    void labelsLeadFromProposalsToBoxes() throws IOException {
        RegionScenes scenes = scenes(3);
        INDArray[] inputs = RegionTraining.inputs(scenes, List.of(2, 0));
        INDArray[] labels = RegionTraining.labels(scenes, List.of(2, 0));
        assertThat(inputs[0].shape()).containsExactly(2, 1, 112, 112);
        assertThat(inputs[0].slice(1).ravel().toFloatVector()).isEqualTo(scenes.pixels(0));
        assertThat(inputs[1].getColumn(0).sumNumber().intValue()).isEqualTo(8);
        float[] row = inputs[1].getRow(9).toFloatVector();
        Box proposal = new Box(row[1], row[2], row[3], row[4]);
        Box reached = proposal.moved(labels[1].getRow(9).toDoubleVector());
        assertThat(reached.iou(scenes.boxes(0).get(1))).isCloseTo(1, within(1e-5));
        assertThat(labels[0].getRow(9).argMax().getInt(0)).isEqualTo(scenes.labels(0).get(1));
    }

    @Test
    void measuresOnTestScenes() throws IOException {
        RegionScenes scenes = scenes(5);
        RegionRun run = new RegionTraining(scenes, Regions.ALIGN, 1).run(1, scenes);
        assertThat(run.refined()).hasSize(RegionMeasurement.PICTURED).allSatisfy(boxes -> assertThat(boxes).hasSize(8));
        assertThat(run.accuracy()).isBetween(0.0, 1.0);
        double iou = 0;
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 8; j++) {
                iou += scenes.proposals(i).get(j).iou(scenes.boxes(i).get(j)) / 40;
            }
        }
        assertThat(run.proposalIou()).isCloseTo(iou, within(1e-9));
        assertThat(run.refinedIou()).isBetween(0.3, 1.0);
    }
}
