// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.benchmark.BenchmarkProcess.Pass;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkTableTest {

    private static final Workload SOFT = Workload.of("soft_pool 3x3/2p1 2x3x8x8 half last");

    private static Figures figures() {
        Figures figures = new Figures();
        for (double factor : new double[] {3, 1, 2}) {
            figures.add(SOFT, Implementation.OURS, List.of(
                    new Pass("forward", 0, 2 * factor, 0), new Pass("streamForward", 0, factor, 0),
                    new Pass("forwardAndBackward", 0, 6 * factor, 0),
                    new Pass("streamForwardAndBackward", 0, 2 * factor, 0)));
            figures.add(SOFT, "other", List.of(new Pass("forward", 0, 10 * factor, 0)));
        }
        return figures;
    }

    @Test
    void ratiosAreThoseOfMediansOverRounds() {
        String[] lines = BenchmarkTable.of(List.of(SOFT), figures(), List.of("other")).toText().split("\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[2].trim().split("\\s+")).containsExactly("soft_pool", "3x3/2p1", "2x3x8x8", "half", "last",
                "forward", "4.00", "2.00", "-", "6.00", "2.00", "5.00", "x");
        assertThat(lines[3].trim().split("\\s+")).containsExactly("soft_pool", "3x3/2p1", "2x3x8x8", "half", "last",
                "both", "12.00", "6.00", "-", "18.00", "3.00");
    }

    @Test
    void everyFigureIsInTheFile() {
        assertThat(figures().csv(List.of(SOFT))).containsExactly(
                "operator,window,input,type,layout,pass,implementation,median ms,least ms,greatest ms",
                "soft_pool,3x3/2p1,2x3x8x8,half,last,forward,ours,4.00000,2.00000,6.00000",
                "soft_pool,3x3/2p1,2x3x8x8,half,last,forward,stream,2.00000,1.00000,3.00000",
                "soft_pool,3x3/2p1,2x3x8x8,half,last,forward,other,20.00000,10.00000,30.00000",
                "soft_pool,3x3/2p1,2x3x8x8,half,last,forwardAndBackward,ours,12.00000,6.00000,18.00000",
                "soft_pool,3x3/2p1,2x3x8x8,half,last,forwardAndBackward,stream,4.00000,2.00000,6.00000");
    }

    @Test
    void windowsCellsAndLevelsAreRead() {
        assertThat(SOFT.kernel()).containsExactly(3, 3);
        assertThat(new int[] {SOFT.stride(), SOFT.padding(), SOFT.dimensions()}).containsExactly(2, 1, 2);
        Workload boxes = Workload.of("roi_align to7x5s2b6 2x256x50x68 float first");
        assertThat(boxes.cells()).containsExactly(7, 5);
        assertThat(boxes.boxNumbers()).hasSize(6).allMatch(box -> box[0] < 2 && box[3] <= 68 && box[4] <= 50);
        assertThat(Workload.of("spatial_pyramid_pool levels1_2_4 1x1x9x9 float first").levels())
                .containsExactly(1, 2, 4);
    }

    @Test
    void textThatIsNoWorkloadIsNamed() {
        assertThatThrownBy(() -> Workload.of("soft_pool 3y3 2x3x8x8 half last"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3y3");
        assertThatThrownBy(() -> Workload.of("soft_pool")).hasMessageContaining("OPERATOR WINDOW SHAPE TYPE LAYOUT");
    }
}
