// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Deformable average pooling of images that predicts its offsets: a convolution over the input with the window of the
 * pooling gives each window its offsets and, if modulated, its factors; then comes {@link DeformableAveragePool}.
 *
 * <pre>
 * (o, z) = conv(x, weights) + bias       2*G*K channels o, then G*K channels z if modulated
 * y = deformable average of x with offsets o and factors m = 2 sigmoid(z), which lie between 0 and 2
 * </pre>
 *
 * <p>With weights and bias 0 the offsets are 0 and the factors 1, which is average pooling, exactly, at the border
 * as {@link DeformableAveragePool} says: the divisor counts padding or not, as chosen. Padding is 0 for the
 * convolution, in every border mode.
 *
 * <p>Inputs: input {@code [N,C,H,W]} or {@code [N,H,W,C]}, weights {@code [O,C,kH,kW]} in both cases, bias {@code
 * [O]} with O = 2*G*K, or 3*G*K if modulated. All have exact gradients. Output {@code [N,C,oH,oW]} or {@code
 * [N,oH,oW,C]}; types float, double, half, bfloat16.
 *
 * <p>The convolution is ND4J's, whose order of summation may depend on the number of threads.
 *
 * <p>Papers: J. Dai et al.: "Deformable Convolutional Networks", ICCV 2017; X. Zhu et al.: "Deformable ConvNets v2",
 * CVPR 2019.
 */
public final class DeformableBlockPool extends CompositeOp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableBlockPool() {}

    /**
     * One group of channels, not modulated, divided by the size of the window.
     *
     * @param window the window, of two dimensions
     */
    public DeformableBlockPool(PoolingWindow window) {
        this(window, 1, false, true);
    }

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param groups number of groups of channels that have their own offsets; must divide the number of channels
     * @param modulated whether the convolution predicts factors too
     * @param countIncludePadding whether to divide by the size of the window; else by the number of its undisplaced
     *     places inside the map
     */
    public DeformableBlockPool(PoolingWindow window, int groups, boolean modulated, boolean countIncludePadding) {
        super(window, options(groups, modulated, countIncludePadding));
        checkOptions();
    }

    /** @return the pooling, which gets the offsets as an input */
    public DeformableAveragePool pooling() {
        return new DeformableAveragePool(
                window(), (int) option(0, "groups", 1, 1 << 20), flag(1, "modulated"),
                flag(2, "countIncludePadding"));
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_BLOCK_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        checkImages();
        pooling();
    }

    @Override
    public List<String> inputNames() {
        return Arrays.asList("input", "weights", "bias");
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        WindowGeometry geometry = geometry(inputShape);
        int[] kernel = window().kernel();
        DeformableAveragePool pooling = pooling();
        long outputs = pooling.offsetChannels() + (pooling.isModulated() ? pooling.maskChannels() : 0);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("weights", new long[] {outputs, geometry.channels(), kernel[0], kernel[1]});
        shapes.put("bias", new long[] {outputs});
        return shapes;
    }

    @Override
    public boolean isWeight(String name) {
        return name.equals("weights");
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkParameters(inputs);
        DeformableAveragePool pooling = pooling();
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        pooling.checkGroups(geometry);
        return new long[][] {geometry.outputShape()};
    }

    /** What the convolution says: the inputs of the pooling. */
    private List<INDArray> predict(Convolution convolution, List<INDArray> inputs, Temporaries temporaries) {
        DeformableAveragePool pooling = pooling();
        INDArray x = inputs.get(0);
        INDArray predicted =
                convolution.forward(channelsFirst(x), inputs.get(1), inputs.get(2), temporaries);
        if (!pooling.isModulated()) {
            return Arrays.asList(x, inOwnOrder(predicted));
        }
        long offsets = pooling.offsetChannels();
        INDArray offset = predicted.get(NDArrayIndex.all(), NDArrayIndex.interval(0, offsets));
        INDArray mask = predicted.get(NDArrayIndex.all(), NDArrayIndex.interval(offsets, predicted.size(1)));
        mask.assign(temporaries.add(Transforms.sigmoid(mask, true)).muli(2));
        return Arrays.asList(x, inOwnOrder(offset), inOwnOrder(mask));
    }

    @Override
    void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        Convolution convolution = new Convolution(geometry(inputs.get(0).shape()));
        pooling().execute(predict(convolution, inputs, temporaries), Arrays.asList(y));
    }

    @Override
    void backward(List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries) {
        DeformableAveragePool pooling = pooling();
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        Convolution convolution = new Convolution(geometry);
        List<INDArray> predicted = predict(convolution, inputs, temporaries);
        INDArray offset = temporaries.create(yGradient.dataType(), geometry.outputShape(pooling.offsetChannels()));
        INDArray[] results = {gradients.get(0), offset};
        INDArray[] arguments = {inputs.get(0), predicted.get(1), yGradient};
        if (pooling.isModulated()) {
            INDArray mask = temporaries.like(predicted.get(2));
            results = new INDArray[] {gradients.get(0), offset, mask};
            arguments = new INDArray[] {inputs.get(0), predicted.get(1), predicted.get(2), yGradient};
        }
        pooling.gradient().execute(Arrays.asList(arguments), Arrays.asList(results));
        INDArray predictedGradient = channelsFirst(offset);
        if (pooling.isModulated()) {
            INDArray m = predicted.get(2);
            results[2].muli(m).muli(temporaries.add(m.mul(-0.5)).addi(1)); // dm/dz = m (1 - m/2)
            predictedGradient =
                    temporaries.add(Nd4j.concat(1, predictedGradient, channelsFirst(results[2])));
        }
        INDArray x = convolution.backward(
                channelsFirst(inputs.get(0)), inputs.get(1), inputs.get(2), predictedGradient, gradients.get(1),
                gradients.get(2), temporaries);
        gradients.get(0).addi(inOwnOrder(x));
    }
}
