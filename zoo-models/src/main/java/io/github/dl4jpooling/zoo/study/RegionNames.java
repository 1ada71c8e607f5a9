// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Names of region poolings, on the command line and in tables. */
final class RegionNames implements Iterable<String> {
    private static final Map<String, Regions> BY_OPTION = new LinkedHashMap<>();
    private static final Map<Regions, String> TITLES = Map.of(Regions.MAX, "RoI pool",
            Regions.AVERAGE, "RoI pool, average", Regions.ALIGN_MAX, "RoI align, max", Regions.ALIGN, "RoI align",
            Regions.DEFORMABLE, "deformable RoI");

    static {
        BY_OPTION.put("pool", Regions.MAX);
        BY_OPTION.put("pool-average", Regions.AVERAGE);
        BY_OPTION.put("align-max", Regions.ALIGN_MAX);
        BY_OPTION.put("align", Regions.ALIGN);
        BY_OPTION.put("deformable", Regions.DEFORMABLE);
    }

    /** All names on the command line. */
    static Set<String> options() {
        return BY_OPTION.keySet();
    }

    /** @throws IllegalArgumentException if there is none of this name */
    static Regions named(String option) {
        if (!BY_OPTION.containsKey(option)) {
            throw new IllegalArgumentException("region pooling \"" + option + "\" is unknown, expected "
                    + String.join(", ", options()));
        }
        return BY_OPTION.get(option);
    }

    /** Name on the command line. */
    static String option(Regions regions) {
        return options().stream().filter(option -> BY_OPTION.get(option) == regions).findFirst().orElseThrow();
    }

    /** Name in tables. */
    static String title(Regions regions) {
        return TITLES.get(regions);
    }

    @Override
    public Iterator<String> iterator() {
        return options().iterator();
    }
}
