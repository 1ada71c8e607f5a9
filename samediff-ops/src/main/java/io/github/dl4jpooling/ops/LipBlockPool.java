// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Local importance-based pooling (LIP) of images with its logit network: a small network on the map says how much each
 * element counts, then comes {@link LipPool}.
 *
 * <pre>
 * y = sum_i w_i x_i,   w = softmax of l in the window
 * PROJECTION   l = conv1x1(x) + bias1
 * SIMPLIFIED   l = c sigmoid(norm(conv3x3(x)))
 * BOTTLENECK   l = c sigmoid(norm(conv1x1(relu(norm(conv3x3(relu(norm(conv1x1(x)))))))))
 * </pre>
 *
 * <p>norm is instance normalisation: over each map of each example, with its biased variance plus 1e-5, then times a gain
 * and plus a shift. The coefficient c, 12, bounds the ratio of two weights in a window by exp(12). Convolutions keep the
 * size of the map (padding holds zeros) and have no bias but in PROJECTION. With a last convolution of zeros all logits
 * of a map are equal: average pooling, without the padding. The paper uses windows of 3x3 with stride 2 and padding 1.
 *
 * <p>Good where plain pooling loses small things, detection above all; it costs a 3x3 convolution at full resolution.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}; then in both cases weights {@code [out,in,k,k]} and gain,
 * shift or bias {@code [out]}, numbered by convolution:
 *
 * <ul>
 *   <li>PROJECTION: weights1 {@code [C,C,1,1]}, bias1;
 *   <li>SIMPLIFIED: weights1 {@code [C,C,3,3]}, gain1, shift1;
 *   <li>BOTTLENECK with m channels: weights1 {@code [m,C,1,1]}, gain1, shift1, weights2 {@code [m,m,3,3]}, gain2, shift2,
 *       weights3 {@code [C,m,1,1]}, gain3, shift3.
 * </ul>
 *
 * <p>All have exact gradients. Output {@code [N,C,oH,oW]} or {@code [N,oH,oW,C]}; types float, double, half, bfloat16. A NaN
 * spreads through the logit network: to all channels of its surroundings, with a normalisation to all of its example. The
 * convolutions are ND4J's, whose order of summation may depend on the number of threads.
 *
 * <p>Paper: Z. Gao, L. Wang, G. Wu: "LIP: local importance-based pooling", ICCV 2019.
 */
public final class LipBlockPool extends CompositeOp {

    /** Coefficient of the sigmoid in the paper. */
    public static final double COEFFICIENT = 12;

    private static final int MOST_CHANNELS = 1 << 20;

    /** For SameDiff, which fills in the arguments. */
    public LipBlockPool() {}

    /**
     * With the simplified network.
     *
     * @param window the window, of two dimensions
     */
    public LipBlockPool(PoolingWindow window) {
        this(window, LogitNetwork.SIMPLIFIED, 1, COEFFICIENT);
    }

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param network the logit network
     * @param bottleneck channels inside {@link LogitNetwork#BOTTLENECK}, 128 in the paper; the others do not use it
     * @param coefficient what the sigmoid is multiplied by, more than 0; {@link LogitNetwork#PROJECTION} does not use it
     */
    public LipBlockPool(PoolingWindow window, LogitNetwork network, int bottleneck, double coefficient) {
        super(window, options(Objects.requireNonNull(network, "network"), bottleneck), coefficient);
        checkOptions();
    }

    /** @return the logit network */
    public LogitNetwork network() {
        return option(0, LogitNetwork.class);
    }

    /** @return channels inside the bottleneck */
    public int bottleneck() {
        return (int) option(1, "bottleneck", 1, MOST_CHANNELS);
    }

    /** @return what the sigmoid is multiplied by */
    public double coefficient() {
        return realOption(0, "coefficient", 1e-3, 1e3);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.LIP_BLOCK_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        checkImages();
        network();
        bottleneck();
        coefficient();
    }

    /** Kernel sizes of the convolutions. */
    private int[] kernels() {
        switch (network()) {
            case PROJECTION:
                return new int[] {1};
            case SIMPLIFIED:
                return new int[] {3};
            default:
                return new int[] {1, 3, 1};
        }
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>();
        names.add("input");
        names.addAll(names());
        return names;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= kernels().length; i++) {
            names.add("weights" + i);
            names.addAll(network() == LogitNetwork.PROJECTION
                    ? Arrays.asList("bias" + i)
                    : Arrays.asList("gain" + i, "shift" + i));
        }
        return names;
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        long channels = geometry(inputShape).channels();
        int[] kernels = kernels();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String name : names()) {
            int stage = name.charAt(name.length() - 1) - '1';
            long in = stage == 0 ? channels : bottleneck();
            long out = stage == kernels.length - 1 ? channels : bottleneck();
            shapes.put(name, isWeight(name)
                    ? new long[] {out, in, kernels[stage], kernels[stage]}
                    : new long[] {out});
        }
        return shapes;
    }

    @Override
    public boolean isWeight(String name) {
        return name.startsWith("weights");
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkParameters(inputs);
        return new long[][] {geometry(inputs.get(0).shape()).outputShape()};
    }

    private LipPool pooling() {
        return new LipPool(window());
    }

    /** The logits, and what led to them: input and result of every convolution. */
    private final class Network {
        private final List<INDArray> inputs;
        private final Temporaries temporaries;
        private final List<Convolution> convolutions = new ArrayList<>();
        private final List<InstanceNorm> norms = new ArrayList<>();
        private final List<INDArray> convolved = new ArrayList<>();
        private final List<INDArray> gated = new ArrayList<>();

        Network(List<INDArray> inputs, Temporaries temporaries) {
            this.inputs = inputs;
            this.temporaries = temporaries;
            INDArray x = channelsFirst(inputs.get(0));
            gated.add(x);
            int[] kernels = kernels();
            for (int i = 0; i < kernels.length; i++) {
                Convolution convolution = Convolution.keepingSize(kernels[i], x.size(2), x.size(3));
                convolutions.add(convolution);
                boolean last = i == kernels.length - 1;
                norms.add(last ? InstanceNorm.sigmoid(coefficient()) : InstanceNorm.rectified());
                if (network() == LogitNetwork.PROJECTION) {
                    gated.add(convolution.forward(x, inputs.get(1), inputs.get(2), temporaries));
                } else {
                    INDArray z = convolution.forward(gated.get(i), inputs.get(3 * i + 1), null, temporaries);
                    convolved.add(z);
                    gated.add(norms.get(i).forward(z, inputs.get(3 * i + 2), inputs.get(3 * i + 3), temporaries));
                }
            }
        }

        INDArray logits() {
            return gated.get(gated.size() - 1);
        }

        /** Returns the gradient of the input and writes those of the parameters. */
        INDArray backward(INDArray logitGradient, List<INDArray> gradients) {
            if (network() == LogitNetwork.PROJECTION) {
                return convolutions.get(0).backward(gated.get(0), inputs.get(1), inputs.get(2), logitGradient,
                        gradients.get(1), gradients.get(2), temporaries);
            }
            INDArray gradient = logitGradient;
            for (int i = convolutions.size() - 1; i >= 0; i--) {
                int first = 3 * i + 1; // of the parameters
                gradient = norms.get(i).backward(convolved.get(i), inputs.get(first + 1), inputs.get(first + 2),
                        gradient, gradients.get(first + 1), gradients.get(first + 2), temporaries);
                gradient = convolutions.get(i).backward(gated.get(i), inputs.get(first), null, gradient,
                        gradients.get(first), null, temporaries);
            }
            return gradient;
        }
    }

    @Override
    void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        INDArray logits = new Network(inputs, temporaries).logits();
        pooling().execute(Arrays.asList(inputs.get(0), inOwnOrder(logits)), Arrays.asList(y));
    }

    @Override
    void backward(List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries) {
        Network network = new Network(inputs, temporaries);
        INDArray logitGradient = temporaries.like(network.logits());
        pooling().gradient().execute(
                Arrays.asList(inputs.get(0), inOwnOrder(network.logits()), yGradient),
                Arrays.asList(gradients.get(0), inOwnOrder(logitGradient)));
        gradients.get(0).addi(inOwnOrder(network.backward(logitGradient, gradients)));
    }
}
