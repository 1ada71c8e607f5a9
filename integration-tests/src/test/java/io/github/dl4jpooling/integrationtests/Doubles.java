// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Switches ND4J's default type to double, which its gradient checks ask for, and back. */
public final class Doubles {

    private Doubles() {}

    /** Runs an action with double as the default type. */
    public static void byDefault(Runnable action) {
        DataType before = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            action.run();
        } finally {
            Nd4j.setDefaultDataTypes(before, before);
        }
    }
}
