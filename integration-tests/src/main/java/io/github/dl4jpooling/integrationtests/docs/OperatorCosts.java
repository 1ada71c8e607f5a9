// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Measured times of operators. */
final class OperatorCosts {

    static final String TITLE = "Times";

    private static final String FILE = "docs/operator-costs.csv";

    private OperatorCosts() {}

    static boolean exist(Path checkout) {
        return Files.exists(checkout.resolve(FILE));
    }

    static Optional<OperatorCosts> read(Path checkout) throws IOException {
        return Optional.empty();
    }

    String toMarkdown(Function<PoolingOperator, String> title) {
        return "";
    }
}
