// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Iterator;

/** The poolings as command lines name them. */
final class PoolingNames implements Iterable<String> {
    private static final String SHORT_AVERAGE = "avg";

    /** For help texts. */
    @Override
    public Iterator<String> iterator() {
        return Pooling.names().iterator();
    }

    /** The name that {@link Pooling} knows: avg is average. */
    static String resolve(String name) {
        return name.equals(SHORT_AVERAGE) ? Pooling.average().name() : name;
    }
}
