// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.zoo.text.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What a {@link PoolingSwap} did at each pooling layer. {@link #toString()} is a table to print. */
public final class SwapReport {
    private final List<Entry> entries;

    SwapReport(List<Entry> entries) {
        this.entries = Collections.unmodifiableList(new ArrayList<>(entries));
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

    /** @return a table with one line for each pooling layer */
    @Override
    public String toString() {
        Table table = new Table("layer", "before", "after", "kernel", "stride", "padding", "mode", ">parameters added",
                "remark");
        entries.forEach(entry -> table.row(entry.cells().toArray(new String[0])));
        return table.toText();
    }

    /** One pooling layer: what it was and what became of it. */
    public static final class Entry {
        private final PoolingSite site;
        private final String after;
        private final long parametersAdded;
        private final String remark;

        private Entry(PoolingSite site, String after, long parametersAdded, String remark) {
            this.site = site;
            this.after = after;
            this.parametersAdded = parametersAdded;
            this.remark = remark;
        }

        static Entry swapped(PoolingSite site, Pooling pooling, long parametersAdded) {
            return new Entry(site, pooling.name(), parametersAdded, "");
        }

        static Entry kept(PoolingSite site, String reason) {
            return new Entry(site, "kept", 0, reason);
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
                    remark);
        }
    }
}
