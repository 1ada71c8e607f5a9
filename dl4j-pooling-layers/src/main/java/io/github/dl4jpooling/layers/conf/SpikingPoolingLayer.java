// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SpikingOp;
import java.util.Arrays;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a layer that pools spike trains. Time is the first axis of the map: spikes of images are DL4J's
 * volumes {@code [N,C,T,H,W]} (depth is time), spikes of sequences its images {@code [N,C,T,W]} (height is time). The
 * window covers the axes behind time: two kernel sizes for volumes, one for images. A convolution before it that looks
 * at single steps has kernel size 1 and stride 1 along depth, or height.
 *
 * <p>Masks are not supported.
 */
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class SpikingPoolingLayer extends WindowPoolingLayer {

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected SpikingPoolingLayer(Builder<?> builder) {
        super(builder);
    }

    /** {@inheritDoc} Time is the first axis of its maps. */
    @Override
    public abstract SpikingOp op(PoolingWindow window);

    /** {@inheritDoc} Time is one of them. */
    @Override
    public int dimensions() {
        return super.dimensions() + 1;
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        throw new IllegalArgumentException(
                "masks are not supported, got one of shape " + Arrays.toString(mask.shape()));
    }

    @Override
    public SpikingPoolingLayer clone() {
        return (SpikingPoolingLayer) super.clone();
    }
}
