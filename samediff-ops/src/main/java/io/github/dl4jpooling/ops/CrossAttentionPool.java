// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Cross-modal attention pooling: of two maps or sequences of different width and length, say image positions and text
 * tokens, each attends to the other; the means of what they find are put one behind the other.
 *
 * <pre>
 * a_hts = softmax over s of (Q_h x_t + b_h) . (K_h v_s) / sqrt(d)       head h, position t of x, s of v
 * z     = the heads' mean over t of (sum_s a_hts V_h v_s), one behind the other, + c
 * y     = (z of the input x attending to the other v; z of the other attending to the input)
 * </pre>
 *
 * <p>Both directions have parameters of their own. Of queries, keys and values of size H d, head h uses rows h d to
 * before (h + 1) d. A bias of the keys would change nothing. With Q and b of zeros each half is the mean of the other
 * map, followed by the linear map V.
 *
 * <p>Where one modality says what of the other matters, as a question does of an image: no mean of each for itself can
 * tell. The mean over t dilutes what a single position of many finds; mask positions that have no question. Neither
 * half holds what a map is by itself: add its own pooling where that matters.
 *
 * <p>Inputs: input {@code [N,C,...]} and other {@code [N,E,...]}, each with one to three spatial axes, or channels
 * last in both; otherQueryWeights, otherQueryBias, otherKeyWeights, otherValueWeights, otherValueBias of the input
 * attending to the other: {@code [Hd,C]}, {@code [Hd]}, {@code [Hd,E]}, {@code [Hd,E]}, {@code [Hd]}; then
 * inputQueryWeights and so on of the other attending to the input, with C and E exchanged; mask and otherMask, if
 * masked: see {@link AttentionOp}. All but the masks have exact gradients. Output {@code [N,2Hd]}, 0 for an example of
 * which one map is masked out as a whole. Types float, double, half, bfloat16. A NaN where the masks count spreads
 * over the output of its example; where they do not, nothing notices.
 *
 * <p>The mean over t is taken of the weights, so that what each position finds is never made. Memory: queries, keys and
 * the scores of one head, of one example.
 *
 * <p>Papers: A. Vaswani et al.: "Attention is all you need", NeurIPS 2017; J. Lu et al.: "ViLBERT", NeurIPS 2019
 * (attention of two modalities to each other).
 */
public final class CrossAttentionPool extends AttentionOp {

    private static final String OTHER = "other";
    private static final List<String> MAPS = List.of("input", OTHER);

    /** For SameDiff, which fills in the arguments. */
    public CrossAttentionPool() {}

    /**
     * Chooses everything.
     *
     * @param dimensions spatial axes of the input: 1 for sequences, 2 for images, 3 for volumes
     * @param otherDimensions spatial axes of the other
     * @param channelsLast whether the channels are the last axis of both
     * @param heads number of heads
     * @param headSize size d of a head
     * @param masked whether there is a mask of the input
     * @param otherMasked whether there is a mask of the other
     */
    public CrossAttentionPool(
            int dimensions,
            int otherDimensions,
            boolean channelsLast,
            int heads,
            int headSize,
            boolean masked,
            boolean otherMasked) {
        super(channelsLast, options(dimensions, otherDimensions, heads, headSize, masked, otherMasked));
        checkOptions();
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
    public int dimensionsOf(int map) {
        return map == 0 ? dimensions() : (int) option(1, "otherDimensions", 1, MapAxes.KERNEL_AXES);
    }

    @Override
    List<String> mapNames() {
        return MAPS;
    }

    @Override
    boolean isMasked(int map) {
        return flag(4 + map, map == 0 ? "masked" : "otherMasked");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.CROSS_ATTENTION_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        heads();
        headSize();
        for (int map = 0; map < 2; map++) {
            dimensionsOf(map);
            isMasked(map);
        }
    }

    private long width() {
        return (long) heads() * headSize();
    }

    @Override
    public Map<String, long[]> parameterShapes(long... channels) {
        long width = width();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (int attended = 1; attended >= 0; attended--) {
            String of = MAPS.get(attended);
            shapes.put(of + "QueryWeights", new long[] {width, channels[1 - attended]});
            shapes.put(of + "QueryBias", new long[] {width});
            shapes.put(of + "KeyWeights", new long[] {width, channels[attended]});
            shapes.put(of + "ValueWeights", new long[] {width, channels[attended]});
            shapes.put(of + "ValueBias", new long[] {width});
        }
        return shapes;
    }

    @Override
    public long outputSize(long... channels) {
        return 2 * width();
    }

    @Override
    Pass pass(Map<String, INDArray> parameters, Map<String, INDArray> gradients, Temporaries temporaries) {
        return new BothWays(parameters, gradients);
    }

    private static INDArray rows(INDArray matrix, long begin, long end) {
        return matrix.get(NDArrayIndex.interval(begin, end), NDArrayIndex.all());
    }

    private static INDArray columns(INDArray matrix, long begin, long end) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(begin, end));
    }

    private final class BothWays extends Pass {

        private final long width = width();

        BothWays(Map<String, INDArray> parameters, Map<String, INDArray> gradients) {
            super(parameters, gradients);
        }

        @Override
        INDArray forward(INDArray[] maps, Temporaries t) {
            INDArray y = t.create(maps[0].dataType(), 1, 2 * width);
            columns(y, 0, width).assign(new OneWay(this, OTHER, maps[0], maps[1], t).forward());
            columns(y, width, 2 * width).assign(new OneWay(this, MAPS.get(0), maps[1], maps[0], t).forward());
            return y;
        }

        @Override
        INDArray[] backward(INDArray[] maps, INDArray yGradient, Temporaries t) {
            INDArray[] gradients =
                    Arrays.stream(maps).map(map -> t.create(map.dataType(), map.shape()).assign(0))
                            .toArray(INDArray[]::new);
            new OneWay(this, OTHER, maps[0], maps[1], t)
                    .backward(columns(yGradient, 0, width), gradients[0], gradients[1]);
            new OneWay(this, MAPS.get(0), maps[1], maps[0], t)
                    .backward(columns(yGradient, width, 2 * width), gradients[1], gradients[0]);
            return gradients;
        }
    }

    /** One map attends to another. */
    private final class OneWay {
        private final Pass pass;
        private final String name; // of the map attended to
        private final INDArray asking;
        private final INDArray attended;
        private final Temporaries t;
        private final INDArray queries;
        private final INDArray keys;
        private final int size = headSize();
        private final double scale = 1 / Math.sqrt(size);

        OneWay(Pass pass, String name, INDArray asking, INDArray attended, Temporaries t) {
            this.pass = pass;
            this.name = name;
            this.asking = asking;
            this.attended = attended;
            this.t = t;
            queries = t.add(parameter("QueryWeights").mmul(asking)).addiColumnVector(column("QueryBias"));
            keys = t.add(parameter("KeyWeights").mmul(attended));
        }

        private INDArray parameter(String part) {
            return pass.parameter(name + part);
        }

        private INDArray column(String part) {
            return parameter(part).reshape(width(), 1);
        }

        private INDArray ofHead(INDArray matrix, int head) {
            return rows(matrix, (long) head * size, (long) (head + 1) * size);
        }

        /** Positions that ask by positions attended to. */
        private INDArray weights(int head, Temporaries ofHead) {
            INDArray scores = ofHead.add(ofHead(queries, head).transpose().mmul(ofHead(keys, head)));
            return Softmax.ofRows(scores.muli(scale), ofHead);
        }

        /** A row of what the head finds on average, before the linear map. */
        private INDArray found(INDArray weights) {
            return t.add(t.add(weights.mean(true, 0)).mmul(attended.transpose()));
        }

        INDArray forward() {
            INDArray result = t.create(attended.dataType(), 1, width());
            for (int head = 0; head < heads(); head++) {
                try (Temporaries ofHead = new Temporaries()) {
                    INDArray found = found(weights(head, ofHead));
                    columns(result, (long) head * size, (long) (head + 1) * size)
                            .assign(t.add(found.mmul(ofHead(parameter("ValueWeights"), head).transpose())));
                }
            }
            return result.addiRowVector(parameter("ValueBias").reshape(1, width()));
        }

        /** Adds to the gradients of both maps and of the parameters. */
        void backward(INDArray gradient, INDArray ofAsking, INDArray ofAttended) {
            INDArray ofQueries = t.like(queries);
            INDArray ofKeys = t.like(keys);
            INDArray ofValueWeights = t.like(parameter("ValueWeights"));
            for (int head = 0; head < heads(); head++) {
                try (Temporaries ofHead = new Temporaries()) {
                    INDArray weights = weights(head, ofHead);
                    INDArray g = columns(gradient, (long) head * size, (long) (head + 1) * size);
                    ofHead(ofValueWeights, head).assign(ofHead.add(g.transpose().mmul(found(weights))));
                    INDArray ofFound = ofHead.add(g.mmul(ofHead(parameter("ValueWeights"), head)));
                    INDArray mean = ofHead.add(weights.mean(true, 0));
                    ofAttended.addi(ofHead.add(ofFound.transpose().mmul(mean)));
                    INDArray ofMean = ofHead.add(ofFound.mmul(attended)).divi(asking.size(1));
                    // The gradient of all rows of the weights is the same.
                    INDArray means = ofHead.add(weights.mmul(ofMean.transpose()));
                    INDArray ofScores = ofHead.like(weights).assign(0).addiRowVector(ofMean)
                            .subiColumnVector(means).muli(weights).muli(scale);
                    ofHead(ofQueries, head).assign(ofHead.add(ofHead(keys, head).mmul(ofScores.transpose())));
                    ofHead(ofKeys, head).assign(ofHead.add(ofHead(queries, head).mmul(ofScores)));
                }
            }
            pass.add(name + "QueryWeights", t.add(ofQueries.mmul(asking.transpose())));
            pass.add(name + "QueryBias", t.add(ofQueries.sum(1)));
            pass.add(name + "KeyWeights", t.add(ofKeys.mmul(attended.transpose())));
            pass.add(name + "ValueWeights", ofValueWeights);
            pass.add(name + "ValueBias", gradient);
            ofAsking.addi(t.add(parameter("QueryWeights").transpose().mmul(ofQueries)));
            ofAttended.addi(t.add(parameter("KeyWeights").transpose().mmul(ofKeys)));
        }
    }
}
