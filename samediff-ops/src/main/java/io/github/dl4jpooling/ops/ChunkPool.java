// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Chunk pooling of sequences: the steps of each example, as many as it has, are cut into k chunks of nearly the same
 * length, of which the largest element, the mean or the sum is taken.
 *
 * <p>Sequences of any length become sequences of length k that still say what came early and what came late. Adaptive
 * pooling ({@link AdaptiveMaxPool}) does that for sequences of one length; here each example is cut by its own. With
 * k = 3 and the maximum it is the pooling of piecewise convolutional networks, with pieces of equal length instead of
 * those between two words. Not the right choice where the largest elements matter wherever they stand (see {@link
 * KMaxPool}), or where steps are far apart in time (see {@link TimeWindowPool}).
 *
 * <pre>
 * y_j = pool of x[s_i], i from floor(j L / k) to before ceil((j + 1) L / k),   j from 0 to k - 1
 * </pre>
 *
 * <p>s_0, s_1, ... are the L steps of the example that the mask leaves, in their order. Where k does not divide L,
 * neighbouring chunks may share a step, and with fewer steps than chunks steps repeat; no chunk of an example with a
 * step is empty. Without any step all chunks are 0, with index -1.
 *
 * <p>Input {@code [N,C,W]} (or {@code [N,W,C]}), types float, double, half, bfloat16. With a mask there is a second
 * input "mask" {@code [N,W]} of the same type; steps where it is 0 do not take part, whatever they hold, and have the
 * gradient 0. Output {@code [N,C,k]} (or {@code [N,k,C]}). {@link SpanOp.Kind#MAX} has a second output "index", INT64,
 * of that shape: the step of the largest element, which gets the whole gradient; of equal ones the first. A NaN reaches
 * the chunks that hold it.
 *
 * <p>Errors: k below 1; a mask of another shape or type.
 *
 * <p>Papers: Y. Chen, L. Xu, K. Liu, D. Zeng, J. Zhao: "Event extraction via dynamic multi-pooling convolutional neural
 * networks", ACL 2015; D. Zeng, K. Liu, Y. Chen, J. Zhao: "Distant supervision for relation extraction via piecewise
 * convolutional neural networks", EMNLP 2015.
 */
public final class ChunkPool extends SpanOp {

    /** For SameDiff, which fills in the arguments. */
    public ChunkPool() {}

    /**
     * The largest elements, channels first, without a mask.
     *
     * @param k number of chunks, 1 at least
     */
    public ChunkPool(int k) {
        this(false, k, Kind.MAX, false);
    }

    /**
     * Chooses everything.
     *
     * @param channelsLast whether the channels are the last axis
     * @param k number of chunks, 1 at least
     * @param kind what is taken of a chunk
     * @param masked whether there is a mask
     */
    public ChunkPool(boolean channelsLast, int k, Kind kind, boolean masked) {
        super(channelsLast, options(k, Objects.requireNonNull(kind, "kind"), masked));
        checkOptions();
    }

    /** @return number of chunks */
    public int k() {
        return (int) option(0, "k", 1, Integer.MAX_VALUE);
    }

    @Override
    public Kind kind() {
        return option(1, Kind.class);
    }

    @Override
    public boolean isMasked() {
        return flag(2, "masked");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.CHUNK_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        k();
        kind();
        isMasked();
    }

    @Override
    public List<String> inputNames() {
        return isMasked() ? List.of("input", MASK) : List.of("input");
    }

    /**
     * Shape of the output.
     *
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public long[] outputShape(long... inputShape) {
        return shapes(inputShape, 1, k())[0];
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[][] shapes = shapes(inputs.get(0).shape(), 1, k());
        checkOfSteps(MASK, inputs);
        return shapes;
    }

    @Override
    double rate() {
        return 0;
    }

    @Override
    boolean decays() {
        return false;
    }

    @Override
    Spans spans(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long steps = x.size(axes().spatialAxis(0));
        int k = k();
        Spans spans = new Spans(x.size(0), steps, 1, k, false);
        int[][] taken = Spans.unmasked(input(MASK, inputs), x.size(0), steps);
        for (int example = 0; example < taken.length; example++) {
            spans.order(example, taken[example], null);
            long length = taken[example].length;
            for (int chunk = 0; chunk < k; chunk++) {
                spans.moment(example, chunk, chunk, 0);
                spans.span(example, 0, chunk, chunk * length / k, ((chunk + 1) * length + k - 1) / k);
            }
        }
        return spans;
    }
}
