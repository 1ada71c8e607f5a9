// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.nd4j;

import java.util.Map;
import org.nd4j.linalg.env.EnvironmentalAction;

/**
 * ND4J's hook at the end of its start. It is meant to react to an environment variable; naming one that is always set
 * makes it run in every process, so that even a graph loaded as the first call of a JVM finds the ops.
 */
public final class PoolingEnvironmentalAction implements EnvironmentalAction {

    @Override
    public String targetVariable() {
        Map<String, String> environment = System.getenv();
        return environment.containsKey("PATH") || environment.isEmpty() ? "PATH"
                : environment.keySet().iterator().next();
    }

    @Override
    public void process(String value) {
        PoolingIntegration.install();
    }
}
