// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Time-window pooling: of events with time stamps, the sum, mean or largest element of those within the last day, the
 * last seven days and so on, with equal weights or such that fade with age.
 *
 * <pre>
 * y[w, t] = sum_i a_i x_i / Z   of the events i with t - W_w &lt; t_i &lt;= t
 * a_i = exp(-(t - t_i) / tau)   or 1 without decay
 * Z   = sum_i a_i for a mean, 1 for a sum;   tau = half-life / ln 2
 * </pre>
 *
 * <p>For sequences of purchases, clicks, visits, measurements: events come at irregular times, and how many of them a
 * week has is itself a signal, which windows of a fixed number of steps ({@link SumPool} and others) cannot see. Not
 * the right choice where steps are equally far apart: windows of steps cost less. Several windows are computed at once;
 * their results follow each other as channels, {@code w * C + c}.
 *
 * <p>The moments t ({@link Moments}) are the times of all events, each with a window that ends with it; the time of the
 * last event; or given ones. Events need not be sorted; those at the very time of a moment are in its windows, wherever
 * they stand. A window is half open: an event that is W old is no longer in it. W may be infinite.
 *
 * <p>Inputs, in this order: "input" {@code [N,C,T]} (or {@code [N,T,C]}), of float, double, half or bfloat16. "logTau"
 * {@code [C]}, if the decay is learned: the natural logarithms of the time constants, which so stay positive.
 * "times" {@code [N,T]}, double or of the input's type; any unit and origin, the windows' unit is the same. In float
 * take the origin near: seconds since 1970 have steps of two minutes there. "mask" {@code [N,T]}, if there is one, of
 * the input's type: where it is 0 there is no event, whatever input and times hold. "moments" {@code [N,Q]}, if given,
 * of the times' types. Output {@code [N,W*C,Q]}, with Q = T for every event (0 at masked ones) and 1 for the last.
 * {@link SpanOp.Kind#MAX} has a second output "index", INT64, of that shape, the step of the largest element; of equal
 * ones the earliest. A window without events gives 0 and index -1.
 *
 * <p>Gradients of events and of logTau are exact; times have none. The work is that of sorting the times, and for each
 * channel that of the events in the windows. The mean is computed relative to the newest event of the window, so that
 * it is right however old all of them are. A NaN reaches the windows that hold it.
 *
 * <p>Errors: a window that is not positive; a decay for a maximum; a time of an event, or a moment, that is not finite.
 *
 * <p>Fading sums are those of G. Cormode, V. Shkapenyuk, D. Srivastava, B. Xu: "Forward decay: a practical time decay
 * model for streaming systems", ICDE 2009.
 */
public final class TimeWindowPool extends SpanOp {

    /** Name of the input with the time of each step. */
    public static final String TIMES = "times";

    /** Name of the input with the moments where they are given. */
    public static final String MOMENTS = "moments";

    /** When windows end. The order is stored in saved graphs: new ones go to the end. */
    public enum Moments {
        /** At each event. */
        EVERY_EVENT,
        /** At the last event. */
        LAST_EVENT,
        /** At given times, an input. */
        GIVEN
    }

    /** For SameDiff, which fills in the arguments. */
    public TimeWindowPool() {}

    private TimeWindowPool(Builder b) {
        super(b.channelsLast, options(b.kind, b.moments, b.masked, b.learned));
        addTArgument(b.halfLife);
        addTArgument(b.windows);
        checkOptions();
    }

    /**
     * Starts a configuration.
     *
     * @param windows lengths of the windows, in the unit of the times; positive, infinity for all that came before
     * @return a builder
     */
    public static Builder builder(double... windows) {
        return new Builder(windows);
    }

    /** Builder of {@link TimeWindowPool}. */
    public static final class Builder {
        private final double[] windows;
        private Kind kind = Kind.MEAN;
        private Moments moments = Moments.EVERY_EVENT;
        private boolean channelsLast;
        private boolean masked;
        private boolean learned;
        private double halfLife;

        private Builder(double... windows) {
            this.windows = Objects.requireNonNull(windows, "windows").clone();
        }

        /**
         * Sets what is taken of a window.
         *
         * @param kind sum, mean (the default) or maximum
         * @return this
         */
        public Builder kind(Kind kind) {
            this.kind = Objects.requireNonNull(kind, "kind");
            return this;
        }

        /**
         * Sets when windows end.
         *
         * @param moments default: at each event
         * @return this
         */
        public Builder moments(Moments moments) {
            this.moments = Objects.requireNonNull(moments, "moments");
            return this;
        }

        /**
         * Lets events weigh less with their age.
         *
         * @param halfLife age at which an event weighs half as much, in the unit of the times; default: no decay
         * @return this
         */
        public Builder halfLife(double halfLife) {
            this.halfLife = halfLife;
            return this;
        }

        /**
         * Lets events weigh less with their age, as an input says.
         *
         * @param learned whether there is an input with the logarithm of the time constant of each channel
         * @return this
         */
        public Builder learnedDecay(boolean learned) {
            this.learned = learned;
            return this;
        }

        /**
         * Sets whether there is a mask.
         *
         * @param masked default: false
         * @return this
         */
        public Builder masked(boolean masked) {
            this.masked = masked;
            return this;
        }

        /**
         * Sets the order of axes.
         *
         * @param channelsLast default: false
         * @return this
         */
        public Builder channelsLast(boolean channelsLast) {
            this.channelsLast = channelsLast;
            return this;
        }

        /**
         * @return the op
         * @throws IllegalArgumentException if a setting is out of range
         */
        public TimeWindowPool build() {
            return new TimeWindowPool(this);
        }
    }

    @Override
    public Kind kind() {
        return option(0, Kind.class);
    }

    /** @return when windows end */
    public Moments moments() {
        return option(1, Moments.class);
    }

    @Override
    public boolean isMasked() {
        return flag(2, "masked");
    }

    /** @return whether the time constants of the decay are an input */
    public boolean isDecayLearned() {
        return flag(3, "learnedDecay");
    }

    /** @return age at which an event weighs half as much; 0 for no decay, or a learned one */
    public double halfLife() {
        return realOption(0, "halfLife", 0, Double.MAX_VALUE);
    }

    /** @return lengths of the windows */
    public double[] windows() {
        double[] windows = new double[tArgs().length - 1];
        if (windows.length == 0) {
            throw error("there must be a window, got none");
        }
        for (int i = 0; i < windows.length; i++) {
            windows[i] = realOption(i + 1, "window", Double.MIN_VALUE, Double.POSITIVE_INFINITY);
        }
        return windows;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.TIME_WINDOW_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        moments();
        isMasked();
        double halfLife = halfLife();
        windows();
        if (kind() == Kind.MAX && (halfLife > 0 || isDecayLearned())) {
            throw error("a decay goes with sums and means only, got kind MAX");
        }
        if (halfLife > 0 && isDecayLearned()) {
            throw error("halfLife must be 0 where the decay is learned, got " + halfLife);
        }
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(List.of("input"));
        if (isDecayLearned()) {
            names.add(LOG_TAU);
        }
        names.add(TIMES);
        if (isMasked()) {
            names.add(MASK);
        }
        if (moments() == Moments.GIVEN) {
            names.add(MOMENTS);
        }
        return names;
    }

    @Override
    public int differentiableInputs() {
        return isDecayLearned() ? 2 : 1;
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return isOfTimes(name) ? DataType.DOUBLE : super.typeOf(name, type);
    }

    @Override
    protected List<DataType> typesOf(String name, DataType type) {
        return isOfTimes(name) ? Arrays.asList(DataType.DOUBLE, type) : super.typesOf(name, type);
    }

    private static boolean isOfTimes(String name) {
        return name.equals(TIMES) || name.equals(MOMENTS);
    }

    @Override
    double rate() {
        return halfLife() > 0 ? Math.log(2) / halfLife() : 0;
    }

    @Override
    boolean decays() {
        return halfLife() > 0 || isDecayLearned();
    }

    private long momentCount(List<INDArray> inputs) {
        switch (moments()) {
            case EVERY_EVENT:
                return inputs.get(0).size(axes().spatialAxis(0));
            case LAST_EVENT:
                return 1;
            default:
                return input(MOMENTS, inputs).size(1);
        }
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        spatialSizes(x.shape());
        INDArray logTau = input(LOG_TAU, inputs);
        if (logTau != null) {
            checkShape(LOG_TAU, logTau, x.size(axes().channelAxis()));
        }
        checkOfSteps(TIMES, inputs);
        checkOfSteps(MASK, inputs);
        INDArray given = input(MOMENTS, inputs);
        if (given != null && (given.rank() != 2 || given.size(0) != x.size(0) || given.size(1) < 1)) {
            throw error("shape of the moments must be [" + x.size(0) + ", number of moments], got "
                    + Arrays.toString(given.shape()));
        }
        return shapes(x.shape(), windows().length, momentCount(inputs));
    }

    @Override
    Spans spans(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long steps = x.size(axes().spatialAxis(0));
        double[] times = Spans.numbers(input(TIMES, inputs));
        INDArray given = input(MOMENTS, inputs);
        Layout layout = new Layout(
                new Spans(x.size(0), steps, windows().length, momentCount(inputs), decays()),
                Math.toIntExact(steps), times, given == null ? null : Spans.numbers(given));
        int[][] taken = Spans.unmasked(input(MASK, inputs), x.size(0), steps);
        for (int example = 0; example < taken.length; example++) {
            layout.example(example, taken[example]);
        }
        return layout.spans;
    }

    /** Lays out the spans of one example after the other. */
    private final class Layout {
        private final Spans spans;
        private final int steps;
        private final double[] times;
        private final double[] given;
        private final double[] windows = windows();

        private Layout(Spans spans, int steps, double[] times, double[] given) {
            this.spans = spans;
            this.steps = steps;
            this.times = times;
            this.given = given;
        }

        private double time(int example, int step) {
            return times[example * steps + step];
        }

        private void example(int example, int[] taken) {
            for (int step : taken) {
                if (!Double.isFinite(time(example, step))) {
                    throw error("times must be finite, got " + time(example, step) + " in example " + example
                            + ", step " + step);
                }
            }
            int[] sorted = sorted(taken, step -> time(example, step));
            double[] ordered = Arrays.stream(sorted).mapToDouble(step -> time(example, step)).toArray();
            spans.order(example, sorted, times);
            switch (moments()) {
                case EVERY_EVENT:
                    everyEvent(example, sorted, ordered);
                    break;
                case LAST_EVENT:
                    double last = ordered.length == 0 ? 0 : ordered[ordered.length - 1];
                    layWindows(example, ordered, new int[] {0}, last);
                    break;
                default:
                    givenMoments(example, ordered);
            }
        }

        /** At masked steps nothing is pooled; they come last. */
        private void everyEvent(int example, int[] sorted, double[] ordered) {
            layWindows(example, ordered, sorted, ordered);
            boolean[] isEvent = new boolean[steps];
            Arrays.stream(sorted).forEach(step -> isEvent[step] = true);
            int next = sorted.length;
            for (int step = 0; step < steps; step++) {
                if (!isEvent[step]) {
                    spans.moment(example, next, step, 0);
                    for (int window = 0; window < windows.length; window++) {
                        spans.span(example, window, next, ordered.length, ordered.length);
                    }
                    next++;
                }
            }
        }

        private void givenMoments(int example, double[] ordered) {
            int count = spans.moments();
            for (int i = 0; i < count; i++) {
                if (!Double.isFinite(given[example * count + i])) {
                    throw error("moments must be finite, got " + given[example * count + i] + " in example " + example
                            + ", moment " + i);
                }
            }
            int[] sorted = sorted(IntStream.range(0, count).toArray(), i -> given[example * count + i]);
            layWindows(example, ordered, sorted,
                    Arrays.stream(sorted).mapToDouble(i -> given[example * count + i]).toArray());
        }

        /** Rising moments: both ends of a window move one way only. */
        private void layWindows(int example, double[] ordered, int[] targets, double... sortedMoments) {
            for (int window = 0; window < windows.length; window++) {
                int begin = 0;
                int end = 0;
                for (int i = 0; i < sortedMoments.length; i++) {
                    double now = sortedMoments[i];
                    while (end < ordered.length && ordered[end] <= now) {
                        end++;
                    }
                    while (begin < end && ordered[begin] <= now - windows[window]) {
                        begin++;
                    }
                    spans.moment(example, i, targets[i], now);
                    spans.span(example, window, i, begin, end);
                }
            }
        }
    }

    /** Sorted by a number; equal ones stay in their order. */
    private static int[] sorted(int[] numbers, java.util.function.IntToDoubleFunction key) {
        return Arrays.stream(numbers)
                .boxed()
                .sorted(Comparator.comparingDouble(key::applyAsDouble))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
