// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RandomMixedPool;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Random mixed pooling: in training maximum or average, drawn at random (a fair coin) in each forward pass; in
 * inference, for each channel, what was drawn more often. Definition and edge cases: {@link RandomMixedPool}.
 *
 * <p>The counts are parameters of the layer, so that they are saved with the model; the updater leaves them alone.
 *
 * <pre>{@code
 * .layer(new RandomMixedPooling.Builder(2, 2).stride(2, 2).sharing(Sharing.CHANNEL).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class RandomMixedPooling extends WindowPoolingLayer {

    private static final String CHOICE = "choice";
    private static final String MAXIMUM_COUNT = "maximumCount";
    private static final String AVERAGE_COUNT = "averageCount";

    private Sharing sharing = Sharing.LAYER;

    private RandomMixedPooling(Builder builder) {
        super(builder);
        sharing = builder.sharing;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new RandomMixedPool(window, sharing == Sharing.LAYER ? Sharing.LAYER : Sharing.CHANNEL);
    }

    @Override
    protected WindowOp op(PoolingWindow window, boolean training) {
        return training ? new RandomMixedPool(window, sharing) : op(window);
    }

    @Override
    protected void check() {
        super.check();
        if (sharing != Sharing.LAYER && sharing != Sharing.CHANNEL && sharing != Sharing.CHANNEL_REGION) {
            throw configError(
                    "sharing must be LAYER, CHANNEL or CHANNEL_REGION (a draw for each window, the same for all "
                            + "examples), got " + sharing,
                    null);
        }
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        long[] shape = super.parameterShapes().get(CHOICE); // as inference has it
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(MAXIMUM_COUNT, shape);
        shapes.put(AVERAGE_COUNT, shape);
        return shapes;
    }

    @Override
    public IUpdater getUpdaterByParam(String paramName) {
        return new NoOp();
    }

    @Override
    @SuppressWarnings("try") // closing is all that the resource is for
    public INDArray input(String name, Map<String, INDArray> parameters, boolean training) {
        INDArray maximumCount = parameters.get(MAXIMUM_COUNT);
        INDArray averageCount = parameters.get(AVERAGE_COUNT);
        if (!training) {
            return RandomMixedPool.inferenceChoice(maximumCount, averageCount);
        }
        // The gradient needs the choice when DL4J has closed the workspace of the forward pass.
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            long[] shape = choiceShape(maximumCount);
            INDArray choice = Nd4j.rand(shape).gte(0.5).castTo(maximumCount.dataType());
            INDArray share = choice;
            if (sharing == Sharing.CHANNEL_REGION) {
                int channelAxis = isChannelsLast() ? shape.length - 1 : 0;
                share = choice.mean(IntStream.range(0, shape.length).filter(axis -> axis != channelAxis).toArray());
            }
            maximumCount.addi(share.reshape(maximumCount.shape()));
            averageCount.addi(share.rsub(1).reshape(averageCount.shape()));
            return choice;
        }
    }

    /** That of the counts, unless each window draws; the size of the map is known only where it matters. */
    private long[] choiceShape(INDArray count) {
        WindowOp op = op(window(), true);
        return sharing == Sharing.CHANNEL_REGION
                ? op.furtherInputs().get(0).shape(op, getExampleShape())
                : count.shape();
    }

    /** Builds a {@link RandomMixedPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private Sharing sharing = Sharing.LAYER;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newSharing what a draw is for: LAYER (the default), CHANNEL or CHANNEL_REGION (each window)
         * @return this
         */
        public Builder sharing(Sharing newSharing) {
            sharing = Objects.requireNonNull(newSharing, "sharing");
            return this;
        }

        @Override
        public RandomMixedPooling build() {
            return checked(new RandomMixedPooling(this));
        }
    }
}
