// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.swap.SwapReport;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A swap would change what a pretrained network computes, and nobody has said that it will be trained again. See
 * {@link HostModel.Builder#retrain()}.
 */
public final class FunctionChangedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final transient SwapReport report;

    FunctionChangedException(String model, SwapReport report) {
        super(model + " with pretrained weights: " + describe(report) + ". It has to be trained further with the new"
                + " pooling; say that you will by retrain(). Or choose settings that keep the function, see"
                + " docs/zoo.md");
        this.report = report;
    }

    /** What changes, as part of a sentence. */
    static String describe(SwapReport report) {
        String sites = report.swapped().stream()
                .filter(entry -> !entry.isFunctionPreserved())
                .map(entry -> String.format(Locale.ROOT, "\"%s\" from %s to %s by %.1e", entry.name(), entry.before(),
                        entry.after(), entry.difference().orElse(Double.NaN)))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "the swap changes the output by %.1e of its largest element%s",
                report.outputDifference().orElse(Double.NaN), sites.isEmpty() ? "" : ", and layer " + sites);
    }

    /** @return each layer before and after, with differences; null in a copy that was deserialized */
    public SwapReport report() {
        return report;
    }
}
