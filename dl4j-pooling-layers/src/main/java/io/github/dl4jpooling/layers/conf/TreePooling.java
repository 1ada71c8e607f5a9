// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TreePool;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Tree pooling: learned filters of the window, mixed by a tree of learned gates. Definition and edge cases: {@link
 * TreePool}.
 *
 * <pre>{@code
 * .layer(new TreePooling.Builder(2, 2).stride(2, 2).levels(2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class TreePooling extends WindowPoolingLayer {

    private int levels = 1;
    private double initialDeviation = 0.1;

    private TreePooling(Builder builder) {
        super(builder);
        levels = builder.levels;
        initialDeviation = builder.initialDeviation;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new TreePool(window, levels);
    }

    /** Starts with the authors' small Gaussian numbers. */
    @Override
    public void initializeParameter(String name, INDArray parameter) {
        if (isWeight(name)) {
            Nd4j.getExecutioner().exec(new GaussianDistribution(parameter, 0, initialDeviation));
        } else {
            parameter.assign(0);
        }
    }

    /** Builds a {@link TreePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private int levels = 1;
        private double initialDeviation = 0.1;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newLevels levels of gates, 1 or 2; default 1
         * @return this
         */
        public Builder levels(int newLevels) {
            levels = newLevels;
            return this;
        }

        /**
         * @param newInitialDeviation standard deviation of the first masks; default 0.1
         * @return this
         */
        public Builder initialDeviation(double newInitialDeviation) {
            initialDeviation = newInitialDeviation;
            return this;
        }

        @Override
        public TreePooling build() {
            return checked(new TreePooling(this));
        }
    }
}
