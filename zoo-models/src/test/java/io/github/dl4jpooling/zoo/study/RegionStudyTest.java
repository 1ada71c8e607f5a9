// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionStudyTest {
    /** RoIAlign better than RoI pooling with every seed by nearly the same; accuracies with no order. */
    @Test
    void saysWhichDifferencesAreReal() {
        List<RegionRun> runs = new ArrayList<>();
        double[] noise = {0.001, -0.002, 0.0005, 0.0012, -0.0007};
        for (Regions regions : List.of(Regions.values())) {
            for (int seed = 1; seed <= noise.length; seed++) {
                double swing = noise[(seed + regions.ordinal()) % noise.length];
                double iou = 0.7 + (regions == Regions.ALIGN ? 0.1 : 0) + swing;
                runs.add(new RegionRun(regions, seed, 1000, 1, 0.8 + swing, 0.64, iou, 1, List.of()));
            }
        }
        RegionStudy study = new RegionStudy(new RegionProtocol(List.of(Regions.values()), 5, 1, 1, 1), "", 1, runs);
        assertThat(study.words().get(2)).startsWith("accuracy, no difference shown: ")
                .contains("RoI align - RoI pool (");
        assertThat(study.words().get(1)).endsWith("none.");
        assertThat(study.words().get(3)).startsWith("IoU, differences that are real").contains(
                "RoI align - RoI pool (rounding and mean, +0.10", "RoI align - RoI pool, average (rounding only",
                "deformable RoI - RoI align (learned offsets, -0.1");
        assertThat(study.words().get(4)).contains("RoI align, max - RoI pool (", "RoI pool, average - RoI pool (");
        assertThat(study.results().toText()).contains("RoI align ", "80.00 %", "0.8000");
        assertThat(study.differences().toText()).contains("< 0.001");
        RegionStudy two = new RegionStudy(
                new RegionProtocol(List.of(Regions.MAX, Regions.AVERAGE), 5, 1, 1, 1), "", 1, runs);
        assertThat(two.differences().toText().lines()).hasSize(4); // one question, two measures
        assertThat(two.results().toText()).doesNotContain("align");
    }
}
