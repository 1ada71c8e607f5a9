// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Multi-head attention pooling: learned queries each gather from a whole map or sequence what suits them.
 *
 * <pre>
 * a_hqi = softmax over i of (q_hq . K_h x_i) / sqrt(d)       head h, query q, position i
 * z_q   = the heads' (sum_i a_hqi V_h x_i), one behind the other, + b
 * y_q   = O z_q + c
 * </pre>
 *
 * <p>x_i are the channels at position i. Of Q queries, keys K and values V of size H d, head h uses rows h d to before
 * (h + 1) d. A bias of the keys would change nothing. With queries of zeros this is global average pooling, followed by
 * the linear maps V and O. The positions have no order: where it matters, add an encoding of them to the input.
 *
 * <p>Good as the last pooling of sequences and maps, in place of recurrent states or a class token, when there is data
 * enough to learn what to look at; for one vector of unchanged channels {@link AttentionPool} is smaller.
 *
 * <p>Inputs: input {@code [N,C,W]}, {@code [N,C,H,W]}, {@code [N,C,D,H,W]}, or C last; queries {@code [Q,Hd]};
 * keyWeights K and valueWeights V {@code [Hd,C]}; valueBias b {@code [Hd]}; outputWeights O {@code [Hd,Hd]};
 * outputBias c {@code [Hd]}; mask, if masked: see {@link AttentionOp}. All but the mask have exact gradients. Output
 * {@code [N,QHd]}, query by query; 0 without c for an example that is masked out as a whole. Types float, double,
 * half, bfloat16. A NaN where the mask counts spreads over the output of its example; where it does not, nothing
 * notices.
 *
 * <p>Keys and values are never made: queries go through K, and sums of inputs through V, so that scores and weights, H
 * Q numbers a position of one example, are all there is.
 *
 * <p>Paper: J. Lee et al.: "Set Transformer", ICML 2019 (pooling by multi-head attention; its feed-forward layers and
 * shortcuts are left to the network around).
 */
public final class MultiHeadAttentionPool extends AttentionOp {

    private static final String QUERIES = "queries";
    private static final String KEY_WEIGHTS = "keyWeights";
    private static final String VALUE_WEIGHTS = "valueWeights";
    private static final String VALUE_BIAS = "valueBias";
    private static final String OUTPUT_WEIGHTS = "outputWeights";
    private static final String OUTPUT_BIAS = "outputBias";

    /** For SameDiff, which fills in the arguments. */
    public MultiHeadAttentionPool() {}

    /**
     * Chooses everything.
     *
     * @param dimensions spatial axes: 1 for sequences, 2 for images, 3 for volumes
     * @param channelsLast whether the channels are the last axis
     * @param queries number of queries
     * @param heads number of heads
     * @param headSize size d of a head
     * @param masked whether there is a mask, the last input
     */
    public MultiHeadAttentionPool(
            int dimensions, boolean channelsLast, int queries, int heads, int headSize, boolean masked) {
        super(channelsLast, options(dimensions, queries, heads, headSize, masked));
        checkOptions();
    }

    /** @return number of queries */
    public int queries() {
        return (int) option(1, "queries", 1, MOST);
    }

    /** @return number of heads */
    public int heads() {
        return (int) option(2, "heads", 1, MOST);
    }

    /** @return size of a head */
    public int headSize() {
        return (int) option(3, "headSize", 1, MOST);
    }

    @Override
    protected int dimensions() {
        return (int) option(0, "dimensions", 1, MapAxes.KERNEL_AXES);
    }

    @Override
    boolean isMasked(int map) {
        return flag(4, "masked");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MULTI_HEAD_ATTENTION_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        queries();
        heads();
        headSize();
        isMasked(0);
    }

    private long width() {
        return (long) heads() * headSize();
    }

    @Override
    public Map<String, long[]> parameterShapes(long... channels) {
        long width = width();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(QUERIES, new long[] {queries(), width});
        shapes.put(KEY_WEIGHTS, new long[] {width, channels[0]});
        shapes.put(VALUE_WEIGHTS, new long[] {width, channels[0]});
        shapes.put(VALUE_BIAS, new long[] {width});
        shapes.put(OUTPUT_WEIGHTS, new long[] {width, width});
        shapes.put(OUTPUT_BIAS, new long[] {width});
        return shapes;
    }

    @Override
    public long outputSize(long... channels) {
        return queries() * width();
    }

    @Override
    Pass pass(Map<String, INDArray> parameters, Map<String, INDArray> gradients, Temporaries temporaries) {
        return new Heads(parameters, gradients, temporaries);
    }

    private final class Heads extends Pass {

        private final int count = heads();
        private final int size = headSize();
        private final int queries = queries();
        private final double scale = 1 / Math.sqrt(size);
        private final Temporaries ofPass;
        private final INDArray scoring; // what x is multiplied by for scores: queries of the first head, of the second
        private INDArray scoringGradient;

        Heads(Map<String, INDArray> parameters, Map<String, INDArray> gradients, Temporaries temporaries) {
            super(parameters, gradients);
            ofPass = temporaries;
            INDArray keys = parameter(KEY_WEIGHTS);
            scoring = temporaries.create(keys.dataType(), (long) count * queries, keys.size(1));
            for (int head = 0; head < count; head++) {
                INDArray product = temporaries.add(columns(parameter(QUERIES), head).mmul(rows(keys, head, size)));
                rows(scoring, head, queries).assign(product.muli(scale));
            }
        }

        private INDArray rows(INDArray matrix, int head, int rowsOfHead) {
            long begin = (long) head * rowsOfHead;
            return matrix.get(NDArrayIndex.interval(begin, begin + rowsOfHead), NDArrayIndex.all());
        }

        private INDArray columns(INDArray matrix, int head) {
            long begin = (long) head * size;
            return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(begin, begin + size));
        }

        private INDArray weights(INDArray x, Temporaries t) {
            return Softmax.ofRows(t.add(scoring.mmul(x)), t);
        }

        /** Sums of values, a row a query, from weighted sums of inputs, a row a head and query. */
        private INDArray values(INDArray sums, Temporaries t) {
            INDArray values = t.create(sums.dataType(), queries, width());
            for (int head = 0; head < count; head++) {
                INDArray ofHead = rows(parameter(VALUE_WEIGHTS), head, size).transpose();
                columns(values, head).assign(t.add(rows(sums, head, queries).mmul(ofHead)));
            }
            return values.addiRowVector(row(VALUE_BIAS));
        }

        private INDArray row(String bias) {
            return parameter(bias).reshape(1, parameter(bias).length());
        }

        @Override
        INDArray forward(INDArray[] maps, Temporaries t) {
            INDArray sums = t.add(weights(maps[0], t).mmul(maps[0].transpose()));
            INDArray y = t.add(values(sums, t).mmul(parameter(OUTPUT_WEIGHTS).transpose()));
            return y.addiRowVector(row(OUTPUT_BIAS)).dup('c').reshape(1, y.length());
        }

        @Override
        INDArray[] backward(INDArray[] maps, INDArray yGradient, Temporaries t) {
            INDArray x = maps[0];
            INDArray weights = weights(x, t);
            INDArray sums = t.add(weights.mmul(x.transpose()));
            INDArray ofY = t.add(yGradient.dup('c')).reshape(queries, width());
            add(OUTPUT_WEIGHTS, t.add(ofY.transpose().mmul(values(sums, t))));
            add(OUTPUT_BIAS, t.add(ofY.sum(0)));
            INDArray ofValues = t.add(ofY.mmul(parameter(OUTPUT_WEIGHTS)));
            add(VALUE_BIAS, t.add(ofValues.sum(0)));
            INDArray ofSums = t.like(sums);
            INDArray ofValueWeights = t.like(parameter(VALUE_WEIGHTS));
            for (int head = 0; head < count; head++) {
                INDArray ofHead = columns(ofValues, head);
                rows(ofValueWeights, head, size)
                        .assign(t.add(ofHead.transpose().mmul(rows(sums, head, queries))));
                rows(ofSums, head, queries)
                        .assign(t.add(ofHead.mmul(rows(parameter(VALUE_WEIGHTS), head, size))));
            }
            add(VALUE_WEIGHTS, ofValueWeights);
            INDArray xGradient = t.add(ofSums.transpose().mmul(weights));
            INDArray ofScores = Softmax.backward(weights, t.add(ofSums.mmul(x)), t);
            xGradient.addi(t.add(scoring.transpose().mmul(ofScores)));
            addScoring(t.add(ofScores.mmul(x.transpose())));
            return new INDArray[] {xGradient};
        }

        private void addScoring(INDArray gradient) {
            if (scoringGradient == null) {
                scoringGradient = ofPass.like(scoring).assign(0);
            }
            scoringGradient.addi(gradient);
        }

        @Override
        void finish() {
            if (scoringGradient == null) {
                return; // every example was masked out
            }
            INDArray keys = parameter(KEY_WEIGHTS);
            INDArray ofQueries = ofPass.like(parameter(QUERIES));
            INDArray ofKeys = ofPass.like(keys);
            for (int head = 0; head < count; head++) {
                INDArray ofHead = rows(scoringGradient, head, queries).muli(scale);
                columns(ofQueries, head).assign(ofPass.add(ofHead.mmul(rows(keys, head, size).transpose())));
                rows(ofKeys, head, size)
                        .assign(ofPass.add(columns(parameter(QUERIES), head).transpose().mmul(ofHead)));
            }
            add(QUERIES, ofQueries);
            add(KEY_WEIGHTS, ofKeys);
        }
    }
}
