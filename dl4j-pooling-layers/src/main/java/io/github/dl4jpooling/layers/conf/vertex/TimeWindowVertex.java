// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.layers.impl.vertex.TimeWindowPooling;
import io.github.dl4jpooling.ops.SpanOp;
import io.github.dl4jpooling.ops.TimeWindowPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Time-window pooling: of events with time stamps, the sum, mean or largest element of those within the last day, the
 * last seven days and so on. Definition and edge cases: {@link TimeWindowPool}.
 *
 * <p>Inputs are the events {@code [N,C,T]} and their times {@code [N,1,T]} (or {@code [N,T]}, or {@code [N,T,1]}), and
 * for {@link TimeWindowPool.Moments#GIVEN} the moments {@code [N,1,Q]}. Times keep their type: feed doubles where float
 * is too coarse for them, also to a network in float. They get no gradient. Where the events have a mask, masked ones
 * are left out. The result is a sequence with a channel for each window and channel of the events, masked as the events
 * are, or as the moments; for {@link TimeWindowPool.Moments#LAST_EVENT} it is one vector an example.
 *
 * <pre>{@code
 * .addInputs("events", "times")
 * .addVertex("recent", new TimeWindowVertex.Builder(1, 7, 30)        // days
 *         .kind(SpanOp.Kind.SUM).moments(TimeWindowPool.Moments.LAST_EVENT).build(), "events", "times")
 * .setInputTypes(InputType.recurrent(8), InputType.recurrent(1))
 * }</pre>
 *
 * <p>With a learned decay there is a parameter "logTau", the logarithm of the time constant of each channel, which
 * starts at that of the half-life; how it learns: {@link PoolingVertex}.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PRIVATE)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class TimeWindowVertex extends PoolingVertex {

    /** Name of the parameter of a learned decay. */
    public static final String LOG_TAU = "logTau";

    private double[] windows;
    private SpanOp.Kind kind;
    private TimeWindowPool.Moments moments;
    private double halfLife;
    private boolean decayLearned;
    private boolean channelsLast;

    private TimeWindowVertex(Builder builder) {
        windows = builder.windows.clone();
        kind = builder.kind;
        moments = builder.moments;
        halfLife = builder.halfLife;
        decayLearned = builder.decayLearned;
        channelsLast = builder.channelsLast;
        check();
    }

    @Override
    protected void check() {
        if (windows == null || kind == null || moments == null) {
            throw new IllegalArgumentException("windows, kind and moments must be set, got "
                    + Arrays.toString(windows) + ", " + kind + " and " + moments);
        }
        op();
        if (decayLearned && !(halfLife > 0)) {
            throw new IllegalArgumentException("a learned decay of a TimeWindowVertex starts at a half-life, which must"
                    + " be positive, got " + halfLife);
        }
    }

    /** @return the operator this vertex applies to events without a mask */
    public TimeWindowPool op() {
        return op(false);
    }

    /**
     * The operator this vertex applies.
     *
     * @param masked whether the events have a mask
     * @return the operator
     */
    public TimeWindowPool op(boolean masked) {
        return TimeWindowPool.builder(windows)
                .kind(kind)
                .moments(moments)
                .halfLife(decayLearned ? 0 : halfLife)
                .learnedDecay(decayLearned)
                .channelsLast(channelsLast)
                .masked(masked)
                .build();
    }

    @Override
    protected List<String> inputNames() {
        List<String> names = new ArrayList<>(op().inputNames());
        names.remove(LOG_TAU);
        return names;
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        return decayLearned
                ? Map.of(LOG_TAU, new long[] {knownShape()[channelsLast ? 2 : 1]})
                : Collections.emptyMap();
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(Math.log(halfLife / Math.log(2)));
    }

    @Override
    protected TimeWindowPooling instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new TimeWindowPooling(graph, name, index, this, networkType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        checkCount(inputs);
        if (Arrays.stream(inputs).anyMatch(input -> input.getType() != InputType.Type.RNN)) {
            throw inputError("takes inputs of type RNN, got " + Arrays.toString(inputs));
        }
        for (int i = 1; i < inputs.length; i++) {
            if (((InputType.InputTypeRecurrent) inputs[i]).getSize() != 1) {
                throw inputError("the " + inputNames().get(i) + " must have one number a step, got " + inputs[i]);
            }
        }
        channelsLast = MapTypes.channelsLast(inputs[0], channelsLast);
        setExampleShape(decayLearned ? MapTypes.exampleShape(inputs[0], channelsLast) : null);
        long size = ((InputType.InputTypeRecurrent) inputs[0]).getSize() * windows.length;
        if (moments == TimeWindowPool.Moments.LAST_EVENT) {
            return InputType.feedForward(size);
        }
        InputType.InputTypeRecurrent like = (InputType.InputTypeRecurrent) inputs[inputs.length - 1];
        long length = moments == TimeWindowPool.Moments.GIVEN
                ? like.getTimeSeriesLength()
                : ((InputType.InputTypeRecurrent) inputs[0]).getTimeSeriesLength();
        RNNFormat format = channelsLast ? RNNFormat.NWC : RNNFormat.NCW;
        return length > 0 ? InputType.recurrent(size, length, format) : InputType.recurrent(size, format);
    }

    @Override
    public TimeWindowVertex clone() {
        return (TimeWindowVertex) super.clone();
    }

    /** Builds a {@link TimeWindowVertex}. */
    public static class Builder {

        private final double[] windows;
        private SpanOp.Kind kind = SpanOp.Kind.MEAN;
        private TimeWindowPool.Moments moments = TimeWindowPool.Moments.EVERY_EVENT;
        private double halfLife;
        private boolean decayLearned;
        private boolean channelsLast;

        /** @param windows lengths of the windows, in the unit of the times; positive, infinity for all before */
        public Builder(double... windows) {
            this.windows = Objects.requireNonNull(windows, "windows").clone();
        }

        /**
         * @param newKind what is taken of a window; default the mean
         * @return this
         */
        public Builder kind(SpanOp.Kind newKind) {
            kind = Objects.requireNonNull(newKind, "kind");
            return this;
        }

        /**
         * @param newMoments when windows end; default at each event
         * @return this
         */
        public Builder moments(TimeWindowPool.Moments newMoments) {
            moments = Objects.requireNonNull(newMoments, "moments");
            return this;
        }

        /**
         * @param newHalfLife age at which an event weighs half as much, in the unit of the times; default: no decay
         * @return this
         */
        public Builder halfLife(double newHalfLife) {
            halfLife = newHalfLife;
            return this;
        }

        /**
         * @param learned whether the half-life is where learning starts, for each channel its own; default false
         * @return this
         */
        public Builder decayLearned(boolean learned) {
            decayLearned = learned;
            return this;
        }

        /**
         * @param newChannelsLast order of axes, where the network's input type does not say it; default false
         * @return this
         */
        public Builder channelsLast(boolean newChannelsLast) {
            channelsLast = newChannelsLast;
            return this;
        }

        /**
         * @return the vertex
         * @throws IllegalArgumentException if a setting is out of range
         */
        public TimeWindowVertex build() {
            return new TimeWindowVertex(this);
        }
    }
}
