// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.text.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes what other programs read: results.json with everything, results.csv with a row for each epoch of each run. */
final class ResultFiles {
    private ResultFiles() {}

    static void write(Comparison comparison, Path folder) throws IOException {
        Json.write(folder.resolve("results.json"), comparison);
        List<String> rows = new ArrayList<>();
        rows.add("pooling,seed,epoch,train_loss,test_loss,test_accuracy,train_ms_per_image,inference_ms_per_image");
        for (RunResult run : comparison.runs()) {
            for (int epoch = 0; epoch < run.epochs().size(); epoch++) {
                EpochResult result = run.epochs().get(epoch);
                rows.add(String.format(Locale.ROOT, "%s,%d,%d,%.6f,%.6f,%.6f,%.4f,%.4f", run.pooling(), run.seed(),
                        epoch + 1, result.trainLoss(), result.testLoss(), result.testAccuracy(), result.trainMillis(),
                        result.inferenceMillis()));
            }
        }
        WholeFile.write(folder.resolve("results.csv"), String.join("\n", rows) + "\n");
    }
}
