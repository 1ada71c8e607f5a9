// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operators that tests go through. The system property {@value #PROPERTY} names some, to test these alone. */
public final class Operators {

    private static final String PROPERTY = "dl4jpooling.operators";

    private Operators() {}

    /** Every operator of the list that has a gradient. Those of 8-bit numbers have tests of their own. */
    public static Stream<PoolingOperator> all() {
        String names = System.getProperty(PROPERTY, "");
        Stream<PoolingOperator> operators = names.isEmpty()
                ? Arrays.stream(PoolingOperator.values())
                : Arrays.stream(names.split(",")).map(PoolingOperator::valueOf);
        return operators.filter(PoolingOperator::hasGradient);
    }

    /** Those with a window and a layer of their own. */
    public static Stream<PoolingOperator> withLayer() {
        return withWindow().filter(Conventions::hasLayer);
    }

    /** Two without parameters that draw nothing: what concerns all layers alike is tested with these. */
    public static Stream<PoolingOperator> withPlainLayer() {
        return all().filter(operator -> operator == PoolingOperator.SOFT_POOL || operator == PoolingOperator.MAX_POOL);
    }

    /** Those with a window; {@link Conventions} applies them to one array. */
    public static Stream<PoolingOperator> withWindow() {
        return all().filter(Operators::hasWindow);
    }

    /** All with a window, whatever the property says. */
    public static List<PoolingOperator> everyOneWithWindow() {
        return Arrays.stream(PoolingOperator.values()).filter(Operators::hasWindow).collect(Collectors.toList());
    }

    static boolean hasWindow(PoolingOperator operator) {
        return operator.newOp() instanceof WindowOp;
    }
}
