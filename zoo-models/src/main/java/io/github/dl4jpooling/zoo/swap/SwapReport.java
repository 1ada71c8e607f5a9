// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.text.Table;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/**
 * What a {@link PoolingSwap} did at each pooling layer. {@link #toString()} is a table to print, {@link #toJson()} the
 * same for programs.
 *
 * <p>Differences are there where both networks were run, see {@link PoolingSwap#checkedOn} and {@link
 * PoolingSwap#inputTypes}: the largest difference of two elements, divided by the largest element of the old array.
 */
public final class SwapReport {
    /** Up to this relative difference arrays count as equal. */
    public static final double TOLERANCE = 1e-5;

    private final String pooling;
    private final List<Entry> entries;
    private final Double outputDifference;

    SwapReport(String pooling, List<Entry> entries) {
        this(pooling, entries, null);
    }

    private SwapReport(String pooling, List<Entry> entries, Double outputDifference) {
        this.pooling = pooling;
        this.entries = Collections.unmodifiableList(new ArrayList<>(entries));
        this.outputDifference = outputDifference;
    }

    /** The same report with measured differences: of the network's output, and of sites by their index. */
    SwapReport measured(double newOutputDifference, Map<Integer, Double> siteDifferences) {
        List<Entry> measured = entries.stream()
                .map(entry -> entry.measured(siteDifferences.get(entry.site().index())))
                .collect(Collectors.toList());
        return new SwapReport(pooling, measured, newOutputDifference);
    }

    /** @return all pooling layers of the network, in its order */
    public List<Entry> entries() {
        return entries;
    }

    /** @return the layers that were swapped */
    public List<Entry> swapped() {
        return entries.stream().filter(Entry::isSwapped).collect(Collectors.toList());
    }

    /** @return number of parameters that the new network has more than the old one */
    public long parametersAdded() {
        return entries.stream().mapToLong(Entry::parametersAdded).sum();
    }

    /** @return how much the network's output changed; empty if the networks were not run. NaN if one put out NaN. */
    public OptionalDouble outputDifference() {
        return optional(outputDifference);
    }

    /**
     * Whether the networks were run, and their outputs and those of all swapped layers agree within {@link #TOLERANCE}.
     * The output alone does not tell: a network that has not been trained may give nearly the same to everything.
     *
     * @return false, too, if the networks were not run
     */
    public boolean isFunctionPreserved() {
        return outputDifference != null && outputDifference <= TOLERANCE
                && swapped().stream().allMatch(Entry::isFunctionPreserved);
    }

    private static OptionalDouble optional(Double number) {
        return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    /** @return a table with one line for each pooling layer, and a line on the output */
    @Override
    public String toString() {
        Table table = new Table("layer", "before", "after", "kernel", "stride", "padding", "mode", ">parameters added",
                ">difference", "remark");
        entries.forEach(entry -> table.row(entry.cells().toArray(new String[0])));
        String output = "not checked: neither input types nor examples were given to an initialized network";
        if (outputDifference != null) {
            output = String.format(Locale.ROOT, "%.1e relative difference, the function is %s", outputDifference,
                    isFunctionPreserved() ? "preserved" : "not preserved");
        }
        return table.toText() + "Output: " + output + "\n";
    }

    /**
     * The report as JSON: {@code pooling}, {@code parametersAdded}, {@code outputDifference}, {@code
     * functionPreserved} and {@code sites}, a list of objects with {@code name}, {@code layerType}, {@code before},
     * {@code after}, {@code swapped}, {@code window}, {@code parametersAdded}, {@code difference}, {@code
     * functionPreserved} and {@code remark}. What is unknown is null.
     *
     * @return indented JSON
     */
    public String toJson() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("pooling", pooling);
        report.put("parametersAdded", parametersAdded());
        report.put("outputDifference", number(outputDifference));
        report.put("functionPreserved", outputDifference == null ? null : isFunctionPreserved());
        report.put("sites", entries.stream().map(Entry::toMap).collect(Collectors.toList()));
        try {
            return new ObjectMapper().writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JSON knows no NaN. */
    private static Double number(Double value) {
        return value == null || !Double.isFinite(value) ? null : value;
    }

    /** One pooling layer: what it was and what became of it. */
    public static final class Entry {
        private final PoolingSite site;
        private final String after;
        private final long parametersAdded;
        private final String remark;
        private final Double difference;

        private Entry(PoolingSite site, String after, long parametersAdded, String remark, Double difference) {
            this.site = site;
            this.after = after;
            this.parametersAdded = parametersAdded;
            this.remark = remark;
            this.difference = difference;
        }

        static Entry swapped(PoolingSite site, String pooling, long parametersAdded) {
            return new Entry(site, pooling, parametersAdded, "", null);
        }

        static Entry kept(PoolingSite site, String reason) {
            return new Entry(site, "kept", 0, reason, null);
        }

        private Entry measured(Double newDifference) {
            return new Entry(site, after, parametersAdded, remark, newDifference);
        }

        /** @return the layer before the swap: name, pooling, window */
        public PoolingSite site() {
            return site;
        }

        /** @return name of the layer or graph vertex */
        public String name() {
            return site.name();
        }

        /** @return what the layer computed: {@link PoolingSite#pooling()} */
        public String before() {
            return site.pooling();
        }

        /** @return name of the new pooling, or "kept" */
        public String after() {
            return after;
        }

        /** @return whether the layer was swapped */
        public boolean isSwapped() {
            return remark.isEmpty();
        }

        /** @return number of parameters that the new layer has more than the old one */
        public long parametersAdded() {
            return parametersAdded;
        }

        /** @return why the layer was kept; empty if it was swapped */
        public String remark() {
            return remark;
        }

        /**
         * @return how much old and new layer differ on what reaches the old one; empty if the layer was kept or the
         *     networks were not run
         */
        public OptionalDouble difference() {
            return optional(difference);
        }

        /** @return whether the layers were run and agree within {@link #TOLERANCE} */
        public boolean isFunctionPreserved() {
            return difference != null && difference <= TOLERANCE;
        }

        private List<String> cells() {
            boolean windowed = site.window() != null;
            return List.of(
                    name(),
                    before(),
                    after,
                    windowed ? site.kernelText() : "-",
                    windowed ? site.strideText() : "-",
                    windowed ? site.paddingText() : "-",
                    windowed ? site.modeText() : "-",
                    String.valueOf(parametersAdded),
                    difference == null ? "-" : String.format(Locale.ROOT, "%.1e", difference),
                    remark);
        }

        private Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name());
            map.put("layerType", site.layerType().getName());
            map.put("before", before());
            map.put("after", isSwapped() ? after : before());
            map.put("swapped", isSwapped());
            map.put("window", site.window() == null ? null : toMap(site.window()));
            map.put("parametersAdded", parametersAdded);
            map.put("difference", number(difference));
            map.put("functionPreserved", difference == null ? null : isFunctionPreserved());
            map.put("remark", remark.isEmpty() ? null : remark);
            return map;
        }

        private static Map<String, Object> toMap(PoolingWindow window) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("kernel", window.kernel());
            map.put("stride", window.stride());
            map.put("padding", window.padding());
            map.put("dilation", window.dilation());
            map.put("borderMode", window.borderMode().name());
            map.put("channelsLast", window.channelsLast());
            return map;
        }
    }
}
