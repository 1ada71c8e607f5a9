// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.DetailPreserving;
import io.github.dl4jpooling.ops.DppFullPool;
import io.github.dl4jpooling.ops.DppPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.UniformDistribution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Detail-preserving pooling (DPP). Definition and edge cases: {@link DppPool} (lite, the default) and, with a
 * learned filter as smoothing, {@link DppFullPool}, for images and windows of 2x2 with stride 2 only.
 *
 * <p>alpha and lambda start uniformly in +-1 / sqrt(C), as in the authors' code. The filter starts as the binomial
 * one, 1 2 1 along both axes, over 16; the bias at 0.
 *
 * <p>S3-DPP is this layer with stride 1 and an {@link S3Pooling} without maximum behind it:
 *
 * <pre>{@code
 * .layer(new DppPooling.Builder(2, 2).stride(1, 1).convolutionMode(ConvolutionMode.Same).build())
 * .layer(new S3Pooling.Builder(2).maxFirst(false).build())
 * }</pre>
 *
 * <pre>{@code
 * .layer(new DppPooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DppPooling extends WindowPoolingLayer {

    private DetailPreserving.Variant variant = DetailPreserving.Variant.SYMMETRIC;
    private DetailPreserving.Normalisation normalisation = DetailPreserving.Normalisation.NONE;
    private double epsilon = 1e-3;
    private boolean full;

    private DppPooling(Builder builder) {
        super(builder);
        variant = builder.variant;
        normalisation = builder.normalisation;
        epsilon = builder.epsilon;
        full = builder.full;
    }

    @Override
    public WindowedOp op(PoolingWindow window) {
        DetailPreserving settings = new DetailPreserving(variant, normalisation, epsilon);
        return full ? new DppFullPool(window, settings) : new DppPool(window, settings);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        if (name.equals("filter")) {
            double[] binomial = {1, 2, 1, 2, 4, 2, 1, 2, 1};
            parameter.assign(Nd4j.createFromArray(binomial).divi(16).reshape(1, 3, 3).castTo(parameter.dataType())
                    .broadcast(parameter.shape()));
            return;
        }
        if (name.equals("bias")) {
            parameter.assign(0);
            return;
        }
        initializeExponent(parameter);
    }

    /**
     * Gives alpha or lambda its first values.
     *
     * @param parameter one number a channel. Modified.
     */
    public static void initializeExponent(INDArray parameter) {
        double most = 1 / Math.sqrt(parameter.length());
        Nd4j.getExecutioner().exec(new UniformDistribution(parameter, -most, most));
    }

    /** Builds a {@link DppPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private DetailPreserving.Variant variant = DetailPreserving.Variant.SYMMETRIC;
        private DetailPreserving.Normalisation normalisation = DetailPreserving.Normalisation.NONE;
        private double epsilon = 1e-3;
        private boolean full;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newVariant what is done with negative differences; default SYMMETRIC
         * @return this
         */
        public Builder variant(DetailPreserving.Variant newVariant) {
            variant = Objects.requireNonNull(newVariant, "variant");
            return this;
        }

        /**
         * @param newNormalisation what squares are divided by; default NONE, the paper's formula
         * @return this
         */
        public Builder normalisation(DetailPreserving.Normalisation newNormalisation) {
            normalisation = Objects.requireNonNull(newNormalisation, "normalisation");
            return this;
        }

        /**
         * @param newEpsilon added to squares; default 1e-3
         * @return this
         */
        public Builder epsilon(double newEpsilon) {
            epsilon = newEpsilon;
            return this;
        }

        /**
         * @param newFull whether a learned filter smooths the map; default false: the mean of each window does
         * @return this
         */
        public Builder full(boolean newFull) {
            full = newFull;
            return this;
        }

        @Override
        public DppPooling build() {
            return checked(new DppPooling(this));
        }
    }
}
