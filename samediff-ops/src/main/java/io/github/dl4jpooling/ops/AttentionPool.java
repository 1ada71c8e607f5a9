// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Attention pooling: the mean of a whole map or sequence, weighted by what a small network says of each position.
 *
 * <pre>
 * h_i = x_i                                                 no hidden units
 * h_i = tanh(V x_i + c) * sigmoid(U x_i + d)                gated, elementwise product
 * CHANNEL    y_k = sum_i g_ik x_ik / sum_i g_ik,  g_i = sigmoid(W h_i + b)
 * POSITION   y_k = sum_i a_i x_ik,                a_i = exp(w h_i) / sum_j exp(w h_j)
 * </pre>
 *
 * <p>x_i are the channels at position i: V, U, W are convolutions of size 1. With W or w of zeros this is global
 * average pooling. CHANNEL lets each channel look elsewhere; POSITION can pick a single position, and finds the few
 * that matter among many: multiple instance learning. Gates with hidden units tell apart what a linear score cannot.
 * Where everything on the map matters alike, global average pooling does the same and learns nothing wrong.
 *
 * <p>CHANNEL is {@link LipPool} with a window of the whole map and logits log(g), which does not under- or overflow.
 *
 * <p>Inputs, with L hidden units: input {@code [N,C,W]}, {@code [N,C,H,W]}, {@code [N,C,D,H,W]}, or C last; with hidden
 * units hiddenWeights V {@code [L,C]}, hiddenBias c {@code [L]}, gateWeights U {@code [L,C]}, gateBias d {@code [L]};
 * weights W {@code [C,L]} or w {@code [1,L]}, C in place of L without hidden units; bias b {@code [C]} for CHANNEL
 * only, since a softmax does not notice one; mask, if masked: see {@link AttentionOp}. All but the mask have exact
 * gradients. Output {@code [N,C]}; types float, double, half, bfloat16. A NaN where the mask counts spreads over the
 * output of its example; where it does not, nothing notices.
 *
 * <p>Memory: the scores and hidden units of one example.
 *
 * <p>Paper: M. Ilse, J. Tomczak, M. Welling: "Attention-based deep multiple instance learning", ICML 2018 (POSITION,
 * with hidden units: its gated attention).
 */
public final class AttentionPool extends AttentionOp {

    private static final String WEIGHTS = "weights";
    private static final String BIAS = "bias";
    private static final String HIDDEN_WEIGHTS = "hiddenWeights";
    private static final String HIDDEN_BIAS = "hiddenBias";
    private static final String GATE_WEIGHTS = "gateWeights";
    private static final String GATE_BIAS = "gateBias";

    /** For SameDiff, which fills in the arguments. */
    public AttentionPool() {}

    /**
     * Chooses everything.
     *
     * @param dimensions spatial axes: 1 for sequences, 2 for images, 3 for volumes
     * @param channelsLast whether the channels are the last axis
     * @param gate what the weights are
     * @param hiddenUnits units of the network that gives the scores; 0 for a linear one
     * @param masked whether there is a mask, the last input
     */
    public AttentionPool(int dimensions, boolean channelsLast, AttentionGate gate, int hiddenUnits, boolean masked) {
        super(channelsLast, options(dimensions, Objects.requireNonNull(gate, "gate"), hiddenUnits, masked));
        checkOptions();
    }

    /** @return what the weights are */
    public AttentionGate gate() {
        return option(1, AttentionGate.class);
    }

    /** @return units of the network that gives the scores; 0 for a linear one */
    public int hiddenUnits() {
        return (int) option(2, "hiddenUnits", 0, MOST);
    }

    @Override
    protected int dimensions() {
        return (int) option(0, "dimensions", 1, MapAxes.KERNEL_AXES);
    }

    @Override
    boolean isMasked(int map) {
        return flag(3, "masked");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ATTENTION_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        gate();
        hiddenUnits();
        isMasked(0);
    }

    @Override
    public Map<String, long[]> parameterShapes(long... channels) {
        long hidden = hiddenUnits();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        if (hidden > 0) {
            shapes.put(HIDDEN_WEIGHTS, new long[] {hidden, channels[0]});
            shapes.put(HIDDEN_BIAS, new long[] {hidden});
            shapes.put(GATE_WEIGHTS, new long[] {hidden, channels[0]});
            shapes.put(GATE_BIAS, new long[] {hidden});
        }
        boolean byChannel = gate() == AttentionGate.CHANNEL;
        shapes.put(WEIGHTS, new long[] {byChannel ? channels[0] : 1, hidden > 0 ? hidden : channels[0]});
        if (byChannel) {
            shapes.put(BIAS, new long[] {channels[0]});
        }
        return shapes;
    }

    @Override
    public long outputSize(long... channels) {
        return channels[0];
    }

    @Override
    Pass pass(Map<String, INDArray> parameters, Map<String, INDArray> gradients, Temporaries temporaries) {
        return gate() == AttentionGate.CHANNEL
                ? new ByChannel(parameters, gradients)
                : new ByPosition(parameters, gradients);
    }

    /** Scores of the positions of one example, and what led to them. */
    private static final class Scores {
        private final Pass pass;
        private final INDArray x;
        private final INDArray hidden;
        private final INDArray tanh; // null without hidden units
        private final INDArray sigmoid;
        private final INDArray values;

        Scores(Pass pass, INDArray x, Temporaries t) {
            this.pass = pass;
            this.x = x;
            boolean isLinear = pass.parameter(HIDDEN_WEIGHTS) == null;
            tanh = isLinear ? null : Transforms.tanh(linear(HIDDEN_WEIGHTS, HIDDEN_BIAS, x, t), false);
            sigmoid = isLinear ? null : Transforms.sigmoid(linear(GATE_WEIGHTS, GATE_BIAS, x, t), false);
            hidden = isLinear ? x : t.add(tanh.mul(sigmoid));
            values = linear(WEIGHTS, BIAS, hidden, t);
        }

        private INDArray linear(String weights, String bias, INDArray columns, Temporaries t) {
            INDArray result = t.add(pass.parameter(weights).mmul(columns));
            return pass.parameter(bias) == null ? result : result.addiColumnVector(column(pass.parameter(bias)));
        }

        private static INDArray column(INDArray vector) {
            return vector.reshape(vector.length(), 1);
        }

        /** Adds what goes through the scores to the gradient of x. */
        void backward(INDArray gradient, INDArray xGradient, Temporaries t) {
            INDArray ofHidden = linearBackward(WEIGHTS, BIAS, hidden, gradient, t);
            if (tanh == null) {
                xGradient.addi(ofHidden);
                return;
            }
            INDArray ofTanh = t.add(ofHidden.mul(sigmoid)).muli(t.add(tanh.mul(tanh)).negi().addi(1));
            INDArray ofSigmoid = ofHidden.muli(hidden).muli(t.add(sigmoid.neg()).addi(1));
            xGradient.addi(linearBackward(HIDDEN_WEIGHTS, HIDDEN_BIAS, x, ofTanh, t));
            xGradient.addi(linearBackward(GATE_WEIGHTS, GATE_BIAS, x, ofSigmoid, t));
        }

        private INDArray linearBackward(String weights, String bias, INDArray columns, INDArray gradient,
                Temporaries t) {
            pass.add(weights, t.add(gradient.mmul(columns.transpose())));
            if (pass.parameter(bias) != null) {
                pass.add(bias, t.add(gradient.sum(1)));
            }
            return t.add(pass.parameter(weights).transpose().mmul(gradient));
        }
    }

    private static final class ByPosition extends Pass {

        ByPosition(Map<String, INDArray> parameters, Map<String, INDArray> gradients) {
            super(parameters, gradients);
        }

        @Override
        INDArray forward(INDArray[] maps, Temporaries t) {
            INDArray weights = Softmax.ofRows(new Scores(this, maps[0], t).values, t);
            return t.add(weights.mmul(maps[0].transpose()));
        }

        @Override
        INDArray[] backward(INDArray[] maps, INDArray yGradient, Temporaries t) {
            INDArray x = maps[0];
            Scores scores = new Scores(this, x, t);
            INDArray weights = Softmax.ofRows(scores.values, t);
            INDArray xGradient = t.add(yGradient.transpose().mmul(weights));
            scores.backward(Softmax.backward(weights, t.add(yGradient.mmul(x)), t), xGradient, t);
            return new INDArray[] {xGradient};
        }
    }

    private static final class ByChannel extends Pass {

        ByChannel(Map<String, INDArray> parameters, Map<String, INDArray> gradients) {
            super(parameters, gradients);
        }

        private static LipPool pooling(INDArray x) {
            return new LipPool(PoolingWindow.builder(Math.toIntExact(x.size(1))).build());
        }

        /** A matrix as a batch of one sequence. */
        private static INDArray batch(INDArray matrix) {
            return matrix.reshape('c', 1, matrix.size(0), matrix.size(1));
        }

        /** log(sigmoid(s)) = min(s, 0) - log(1 + exp(-|s|)). */
        private static INDArray logSigmoid(INDArray s, Temporaries t) {
            INDArray e = t.add(Transforms.abs(s, true)).negi();
            Transforms.log(Transforms.exp(e, false).addi(1), false);
            return t.add(Transforms.min(s, 0, true)).subi(e);
        }

        @Override
        INDArray forward(INDArray[] maps, Temporaries t) {
            INDArray x = maps[0];
            INDArray logits = logSigmoid(new Scores(this, x, t).values, t);
            INDArray y = t.create(x.dataType(), 1, x.size(0), 1);
            pooling(x).execute(Arrays.asList(batch(x), batch(logits)), Arrays.asList(y));
            return y.reshape(1, x.size(0));
        }

        @Override
        INDArray[] backward(INDArray[] maps, INDArray yGradient, Temporaries t) {
            INDArray x = maps[0];
            Scores scores = new Scores(this, x, t);
            INDArray logits = logSigmoid(scores.values, t);
            INDArray xGradient = t.create(x.dataType(), x.shape());
            INDArray gradient = t.create(x.dataType(), x.shape());
            INDArray ofY = yGradient.reshape('c', 1, x.size(0), 1);
            List<INDArray> results = Arrays.asList(batch(xGradient), batch(gradient));
            pooling(x).gradient().execute(Arrays.asList(batch(x), batch(logits), ofY), results);
            gradient.muli(Transforms.sigmoid(scores.values.negi(), false)); // of log(sigmoid(s))
            scores.backward(gradient, xGradient, t);
            return new INDArray[] {xGradient};
        }
    }
}
