// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.catalogue;

import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.text.Table;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operator table, made from the list of operators alone. */
public final class OperatorTable {
    private static final String NONE = "none";

    private OperatorTable() {}

    /** @return the table: a row an operator */
    public static Table create() {
        return create(PoolingOperator::title);
    }

    /**
     * The table with other texts in the first column.
     *
     * @param title text for an operator
     * @return the table: a row an operator
     */
    public static Table create(Function<PoolingOperator, String> title) {
        Table table = new Table("Operator", "Dimensions", "Channels", "Data types", "Devices", "Inputs", "Gradients",
                "Outputs", "SameDiff op", "Operator class", "DL4J layer or vertex");
        for (PoolingOperator operator : PoolingOperator.values()) {
            PoolingOp op = example(operator, false);
            List<String> inputs = op.inputNames();
            table.row(title.apply(operator), joined(operator.dimensions()), channels(operator), dataTypes(operator),
                    joined(operator.devices()), joined(inputs), joined(inputs.subList(0, op.differentiableInputs())),
                    joined(op.outputNames()), operator.opName(), operator.className(), layers(operator));
        }
        return table;
    }

    /**
     * An op with the operator's defaults.
     *
     * @param operator the operator
     * @param channelsLast order of the axes
     * @return the op
     */
    public static PoolingOp example(PoolingOperator operator, boolean channelsLast) {
        int dimensions = operator.dimensions().contains(2) ? 2 : operator.dimensions().get(0);
        return Examples.of(dimensions, channelsLast).op(operator).orElseThrow(() -> new IllegalStateException(
                operator.className() + " has no public constructor or builder that " + Examples.class.getSimpleName()
                        + " has values for"));
    }

    private static String channels(PoolingOperator operator) {
        return example(operator, true).channelsLast() ? "first, last" : "first";
    }

    private static String joined(Collection<?> values) {
        return values.isEmpty() ? NONE : values.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String dataTypes(PoolingOperator operator) {
        return operator.dataTypes().stream().map(type -> type.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String layers(PoolingOperator operator) {
        return joined(LayerClasses.of(operator).stream().map(Class::getSimpleName).collect(Collectors.toList()));
    }
}
