// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.stream.Stream;

/** The operators that tests go through. The system property {@value #PROPERTY} names some, to test these alone. */
public final class Operators {

    private static final String PROPERTY = "dl4jpooling.operators";

    private Operators() {}

    /** Every operator of the list. */
    public static Stream<PoolingOperator> all() {
        String names = System.getProperty(PROPERTY, "");
        return names.isEmpty()
                ? Arrays.stream(PoolingOperator.values())
                : Arrays.stream(names.split(",")).map(PoolingOperator::valueOf);
    }

    /** Those with a window; {@link Conventions} applies them to one array. */
    public static Stream<PoolingOperator> withWindow() {
        return all().filter(operator -> operator.newOp() instanceof WindowOp);
    }
}
