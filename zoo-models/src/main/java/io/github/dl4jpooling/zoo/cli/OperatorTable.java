// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.text.Table;
import java.util.Locale;
import java.util.stream.Collectors;

/** The operator table, made from the list of operators alone: operator x dimensions x data type x layout x device. */
final class OperatorTable {
    private static final String LAYER_PACKAGE = "io.github.dl4jpooling.layers.conf.";
    private static final String[] AXES = {"W", "HW", "DHW"};

    private OperatorTable() {}

    static Table create() {
        Table table = new Table("Operator", "Dimensions", "Layouts", "Data types", "Devices", "SameDiff op",
                "Operator class", "DL4J layer");
        for (PoolingOperator operator : PoolingOperator.values()) {
            for (int dimensions : operator.dimensions()) {
                table.row(operator.title(), dimensions + "-D", layouts(dimensions), dataTypes(operator),
                        String.join(", ", operator.devices()), operator.opName(), operator.className(),
                        layer(operator, dimensions));
            }
        }
        return table;
    }

    private static String layouts(int dimensions) {
        String axes = AXES[dimensions - 1];
        return "NC" + axes + ", N" + axes + "C";
    }

    private static String dataTypes(PoolingOperator operator) {
        return operator.dataTypes().stream().map(type -> type.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String layer(PoolingOperator operator, int dimensions) {
        String name = operator.className() + "ing" + dimensions + "D";
        try {
            Class.forName(LAYER_PACKAGE + name, false, OperatorTable.class.getClassLoader());
            return name;
        } catch (ClassNotFoundException e) {
            return "none";
        }
    }
}
