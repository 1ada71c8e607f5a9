// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.benchmark.OperatorTimes;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorCostsTest {

    @Test
    void timesSurviveTheFileAndBecomeATable(@TempDir Path checkout) throws IOException {
        Files.createDirectory(checkout.resolve("docs"));
        assertThat(OperatorCosts.exist(checkout)).isFalse();
        new OperatorCosts("2026-01-02, a machine", List.of(
                new OperatorTimes(PoolingOperator.MIN_POOL, "3x3/2", "backward", 3, 6),
                new OperatorTimes(PoolingOperator.MIN_POOL, "3x3/2", "forward", 1, 2),
                new OperatorTimes(PoolingOperator.SOFT_POOL, "2x2/2", "forward", 0.75, 1.5),
                new OperatorTimes(PoolingOperator.ROI_POOL, "2x64x50x68 to 64x64x7x7", "backward", 2, 4),
                new OperatorTimes(PoolingOperator.ROI_POOL, "2x64x50x68 to 64x64x7x7", "forward", 1, 2)))
                        .write(checkout);
        assertThat(OperatorCosts.exist(checkout)).isTrue();

        assertThat(OperatorCosts.read(checkout).toMarkdown(PoolingOperator::title))
                .contains("2026-01-02, a machine")
                .contains("| Operator        | 2x2/2 forward | 3x3/2 forward | 3x3/2 backward |")
                .contains("| Soft pooling    |           1.5 |               |                |")
                .contains("| Minimum pooling |               |           2.0 |            6.0 |")
                .contains("| Operator    | Case                    | forward | backward |")
                .contains("| RoI pooling | 2x64x50x68 to 64x64x7x7 |     2.0 |      4.0 |");
    }
}
