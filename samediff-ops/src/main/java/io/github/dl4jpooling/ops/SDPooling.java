// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Pooling operators of a SameDiff graph; the counterpart of ND4J's SDCNN. On arrays use {@link NDPooling}.
 *
 * <pre>{@code
 * SDVariable y = new SDPooling(sameDiff).softPool("pool1", x, PoolingWindow.builder(2, 2).build());
 * }</pre>
 */
public class SDPooling {

    private final SameDiff sameDiff;

    /** @param sameDiff the graph that variables are added to */
    public SDPooling(SameDiff sameDiff) {
        this.sameDiff = sameDiff;
    }

    /**
     * Soft pooling; definition and edge cases: {@link SoftPool}.
     *
     * @param x array to pool
     * @param window the window
     * @return the pooled array
     */
    public SDVariable softPool(SDVariable x, PoolingWindow window) {
        return softPool(null, x, window);
    }

    /**
     * Soft pooling; definition and edge cases: {@link SoftPool}.
     *
     * @param name name of the result, or null to have one chosen
     * @param x array to pool
     * @param window the window
     * @return the pooled array
     */
    public SDVariable softPool(String name, SDVariable x, PoolingWindow window) {
        SDVariable result = new SoftPool(sameDiff, x, window).outputVariable();
        return name == null ? result : sameDiff.updateVariableNameAndReference(result, name);
    }
}
