// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pooling operators on arrays, executed at once; the counterpart of ND4J's NDCNN. In graphs use {@link SDPooling}.
 *
 * <pre>{@code
 * INDArray y = new NDPooling().softPool(x, PoolingWindow.builder(2, 2).build());
 * }</pre>
 */
public class NDPooling {

    /**
     * Soft pooling; definition and edge cases: {@link SoftPool}.
     *
     * @param x array {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]}, or channels last, as the window says.
     *     Not modified.
     * @param window the window
     * @return the pooled array
     * @throws IllegalArgumentException if rank, sizes or type of {@code x} do not fit
     */
    public INDArray softPool(INDArray x, PoolingWindow window) {
        return Nd4j.exec(new SoftPool(x, null, window))[0];
    }

    /**
     * Gradient of {@link #softPool}.
     *
     * @param x input of the forward pass. Not modified.
     * @param yGradient gradient of the loss for its output. Not modified.
     * @param window the window
     * @return gradient of the loss for {@code x}
     * @throws IllegalArgumentException if ranks, sizes or types do not fit
     */
    public INDArray softPoolBp(INDArray x, INDArray yGradient, PoolingWindow window) {
        return Nd4j.exec(new SoftPoolBp(x, yGradient, null, window))[0];
    }
}
