// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.zoo.catalogue.OperatorTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Chapters of the document on the operators; what an op is made of decides where it stands. */
enum OperatorFamily {
    WINDOWS("Windows"),
    WEIGHTED_WINDOWS("Windows with parameters"),
    OTHERS("Other operators");

    private final String title;

    OperatorFamily(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    private static OperatorFamily of(PoolingOperator operator) {
        PoolingOp op = OperatorTable.example(operator, false);
        if (op instanceof WindowOp) {
            return op.inputNames().size() == 1 ? WINDOWS : WEIGHTED_WINDOWS;
        }
        return OTHERS;
    }

    /** The operators of each family that has any, in the order of the list. */
    static Map<OperatorFamily, List<PoolingOperator>> of(PoolingOperator... operators) {
        Map<OperatorFamily, List<PoolingOperator>> families = new EnumMap<>(OperatorFamily.class);
        for (PoolingOperator operator : operators) {
            families.computeIfAbsent(of(operator), family -> new ArrayList<>()).add(operator);
        }
        return families;
    }
}
