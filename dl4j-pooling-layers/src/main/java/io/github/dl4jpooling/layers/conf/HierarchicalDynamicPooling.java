// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.AttentionParameters;
import io.github.dl4jpooling.ops.HierarchicalDynamicPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hierarchical dynamic pooling: stages one behind the other, each of which mixes several poolings as a learned gate
 * says that looks at what they found, for every example anew. Definition and edge cases: {@link
 * HierarchicalDynamicPool}.
 *
 * <pre>{@code
 * .layer(new HierarchicalDynamicPooling.Builder()
 *         .stage(new MaxPooling.Builder(2, 2).stride(2, 2).build(),
 *                 new AveragePooling.Builder(2, 2).stride(2, 2).build())
 *         .stage(new MaxPooling.Builder(3, 3).stride(2, 2).padding(1, 1).build(),
 *                 new AveragePooling.Builder(5, 5).stride(2, 2).padding(2, 2).build())
 *         .hiddenUnits(8)
 *         .build())
 * }</pre>
 *
 * <p>For videos {@code [N,C,T,H,W]} a stage {@linkplain Builder#stageWithDifferences with differences} also sees how
 * much changes from frame to frame. The parameters are those of the gates: weights as the layer's weight initialisation
 * says, Xavier by default, and biases of 0. The network's input type must be set. Masks are not supported.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class HierarchicalDynamicPooling extends CombinedPoolingLayer {

    /** Number of poolings of each stage. */
    private int[] stageSizes;

    /** Whether the gate of each stage sees differences along the first spatial axis. */
    private boolean[] differences;

    private int hiddenUnits;

    private HierarchicalDynamicPooling(Builder builder) {
        super(builder, new MaxPooling.Builder(2, 2).build(), new AveragePooling.Builder(2, 2).build());
        int count = builder.sizes.size();
        stageSizes = count == 0 ? new int[] {2} : builder.sizes.stream().mapToInt(size -> size).toArray();
        differences = new boolean[stageSizes.length];
        for (int i = 0; i < count; i++) {
            differences[i] = builder.differences.get(i);
        }
        hiddenUnits = builder.hiddenUnits;
    }

    @Override
    protected HierarchicalDynamicPool newOp(List<PoolingOp> poolings) {
        if (stageSizes == null || differences == null || differences.length != stageSizes.length
                || Arrays.stream(stageSizes).anyMatch(size -> size < 1)
                || Arrays.stream(stageSizes).asLongStream().sum() != poolings.size()) {
            throw new IllegalArgumentException("stageSizes must be positive and add up to the number of poolings, "
                    + poolings.size() + ", with as many differences, got " + Arrays.toString(stageSizes) + " and "
                    + Arrays.toString(differences));
        }
        HierarchicalDynamicPool.Builder builder = HierarchicalDynamicPool.builder().hiddenUnits(hiddenUnits);
        int next = 0;
        for (int i = 0; i < stageSizes.length; i++) {
            builder.stage(differences[i], poolings.subList(next, next + stageSizes[i]));
            next += stageSizes[i];
        }
        return builder.build();
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        if (getExampleShape() == null) {
            throw configError("has parameters, whose shapes follow from the input: set the input type of the network",
                    null);
        }
        try {
            return ((HierarchicalDynamicPool) op(false)).parameterShapes(withLength(getExampleShape()));
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    @Override
    public boolean isWeight(String name) {
        return HierarchicalDynamicPool.isWeight(name);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        AttentionParameters.initialize(isWeight(name), parameter,
                getWeightInitFn() == null ? new WeightInitXavier() : getWeightInitFn());
    }

    @Override
    public HierarchicalDynamicPooling clone() {
        HierarchicalDynamicPooling clone = (HierarchicalDynamicPooling) super.clone();
        clone.stageSizes = stageSizes == null ? null : stageSizes.clone();
        clone.differences = differences == null ? null : differences.clone();
        return clone;
    }

    /** Builds a {@link HierarchicalDynamicPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends CombinedPoolingLayer.Builder<Builder> {

        private final List<Integer> sizes = new ArrayList<>();
        private final List<Boolean> differences = new ArrayList<>();
        private int hiddenUnits;

        /** Starts without stages; with none, there is one of maximum and average of 2x2 windows of images. */
        public Builder() {
            // There is nothing to do.
        }

        /**
         * Adds a stage.
         *
         * @param poolings pooling layers without parameters, with results of the same size, one at least
         * @return this
         */
        public Builder stage(PoolingLayer... poolings) {
            return stage(false, poolings);
        }

        /**
         * Adds a stage whose gate also sees the differences along the first spatial axis, that is from frame to frame.
         *
         * @param poolings pooling layers without parameters, with results of the same size, one at least
         * @return this
         */
        public Builder stageWithDifferences(PoolingLayer... poolings) {
            return stage(true, poolings);
        }

        private Builder stage(boolean seesDifferences, PoolingLayer... poolings) {
            sizes.add(Objects.requireNonNull(poolings, "poolings").length);
            differences.add(seesDifferences);
            Arrays.stream(poolings).forEach(this::add);
            return this;
        }

        /**
         * @param units hidden units of each gate; default 0, for linear gates
         * @return this
         */
        public Builder hiddenUnits(int units) {
            hiddenUnits = units;
            return this;
        }

        @Override
        public HierarchicalDynamicPooling build() {
            return checked(new HierarchicalDynamicPooling(this));
        }
    }
}
