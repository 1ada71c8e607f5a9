// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small comparisons with known numbers, without training. */
final class TestComparisons {
    private TestComparisons() {}

    /**
     * Three seeds and two epochs. Last accuracies in percent: max 80, 82, 84; average 79, 80, 81, so less by 1, 2, 3;
     * soft 80.5, 81.5, 84, so different by 0.5, -0.5, 0.
     */
    static Comparison three() {
        return of("max", new double[] {.80, .82, .84}, "average", new double[] {.79, .80, .81},
                "soft", new double[] {.805, .815, .84});
    }

    /** @param poolingsAndAccuracies names, each followed by its last accuracies by seed */
    static Comparison of(Object... poolingsAndAccuracies) {
        List<String> poolings = new ArrayList<>();
        List<RunResult> runs = new ArrayList<>();
        int seeds = ((double[]) poolingsAndAccuracies[1]).length;
        for (int i = 0; i < poolingsAndAccuracies.length; i += 2) {
            poolings.add((String) poolingsAndAccuracies[i]);
        }
        for (int seed = 1; seed <= seeds; seed++) {
            for (int i = 0; i < poolings.size(); i++) {
                double accuracy = ((double[]) poolingsAndAccuracies[2 * i + 1])[seed - 1];
                // A first epoch with a better accuracy and a slow start, neither of which may count.
                runs.add(new RunResult(poolings.get(i), seed, 105_866, "oneDNN runs conv1, conv2", List.of(
                        new EpochResult(1.5, 1.2, 0.99, seed == 1 ? 50 : 0.4, 0.1),
                        new EpochResult(0.9, 0.8, accuracy, 0.4, 0.1))));
            }
        }
        Protocol protocol = new Protocol("embedded", "tiny", poolings, seeds, 2, 400, 10, 64, false);
        return Comparison.of(protocol, Circumstances.now(images(), 2, 125, 0), runs,
                Map.of("max", 2048.0));
    }

    /** Ten grey test images of two classes, seven of them in one. */
    static ImageDataset images() {
        int[] labels = {1, 0, 1, 1, 0, 1, 1, 1, 0, 1};
        LabelledImages images = LabelledImages.of(new byte[10 * 64], labels, List.of("cat", "<dog>"), 1, 8, 8);
        return new ImageDataset(images, images, "pictures of \"Tom & Co\"");
    }
}
