// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Convolution of images by ND4J's ops. Arrays are channels first, of any strides; weights {@code [out, in, kH, kW]},
 * biases {@code [out]} or null for none.
 */
final class Convolution {

    private static final int WEIGHTS_OUT_IN_HEIGHT_WIDTH = 1;

    private final int[] kernel;
    private final int[] stride;
    private final int[] dilation;
    private final long[] leading = new long[2]; // padding
    private final long[] covered = new long[2]; // from the first to the last element that windows reach, with padding
    private final long[] output = new long[2];
    private final boolean isPadded; // the map is padded here: its sizes are not what ND4J would make of them

    private Convolution(int[] kernel, int[] stride, int[] dilation) {
        this.kernel = kernel;
        this.stride = stride;
        this.dilation = dilation;
        isPadded = false;
    }

    /** With odd kernels: the output has the size of the input. */
    static Convolution keepingSize(int kernel, long height, long width) {
        return keepingSize(kernel, kernel, height, width);
    }

    /** With kernels of odd height and width: the output has the size of the input. */
    static Convolution keepingSize(int kernelHeight, int kernelWidth, long height, long width) {
        Convolution result =
                new Convolution(new int[] {kernelHeight, kernelWidth}, new int[] {1, 1}, new int[] {1, 1});
        result.leading[0] = kernelHeight / 2;
        result.leading[1] = kernelWidth / 2;
        result.output[0] = height;
        result.output[1] = width;
        return result;
    }

    /** One output for each window; padding holds zeros. */
    Convolution(WindowGeometry geometry) {
        PoolingWindow window = geometry.window();
        kernel = window.kernel();
        stride = window.stride();
        dilation = window.dilation();
        for (int axis = 0; axis < 2; axis++) {
            dilation[axis] = kernel[axis] == 1 ? 1 : dilation[axis];
        }
        boolean fits = true;
        for (int axis = 0; axis < 2; axis++) {
            int extent = extent(axis);
            leading[axis] = -geometry.windowStart(axis, 0);
            output[axis] = geometry.outputSize(axis);
            covered[axis] = (output[axis] - 1) * stride[axis] + extent;
            long room = geometry.inputSize(axis) + 2 * leading[axis] - extent;
            fits &= room >= 0 && room / stride[axis] + 1 == output[axis];
        }
        isPadded = !fits;
    }

    /** Returns a new array. */
    INDArray forward(INDArray x, INDArray weights, INDArray bias, Temporaries temporaries) {
        INDArray y = temporaries.create(x.dataType(), x.size(0), weights.size(0), output[0], output[1]);
        run("conv2d", present(padded(x, temporaries), spread(weights, temporaries), bias), y);
        return y;
    }

    /** Returns the gradient of x, a new array, and writes those of the weights and the bias. */
    INDArray backward(
            INDArray x,
            INDArray weights,
            INDArray bias,
            INDArray yGradient,
            INDArray weightsGradient,
            INDArray biasGradient,
            Temporaries temporaries) {
        INDArray map = padded(x, temporaries);
        INDArray mapGradient = temporaries.like(map);
        INDArray kernels = spread(weights, temporaries);
        INDArray kernelsGradient = kernels == weights ? weightsGradient : temporaries.like(kernels);
        run("conv2d_bp", present(map, kernels, bias, yGradient), present(mapGradient, kernelsGradient, biasGradient));
        if (kernels != weights) {
            weightsGradient.assign(kernelsGradient.get(taps()));
        }
        if (!isPadded) {
            return mapGradient;
        }
        INDArray gradient = temporaries.like(x).assign(0);
        gradient.get(inside(x, 0)).assign(mapGradient.get(inside(x, leading[0], leading[1])));
        return gradient;
    }

    private static INDArray[] present(INDArray... arrays) {
        return Arrays.stream(arrays).filter(Objects::nonNull).toArray(INDArray[]::new);
    }

    private void run(String op, INDArray[] inputs, INDArray... outputs) {
        Nd4j.exec(DynamicCustomOp.builder(op)
                .addInputs(inputs)
                .addOutputs(outputs)
                .addIntegerArguments(
                        extent(0), extent(1), stride[0], stride[1],
                        (int) (isPadded ? 0 : leading[0]), (int) (isPadded ? 0 : leading[1]), 1, 1,
                        0, 0, WEIGHTS_OUT_IN_HEIGHT_WIDTH)
                .build());
    }

    private int extent(int axis) {
        return dilation[axis] * (kernel[axis] - 1) + 1;
    }

    /** Weights with zeros between them: where ND4J uses oneDNN its convolutions fail with a dilation. */
    private INDArray spread(INDArray weights, Temporaries temporaries) {
        if (dilation[0] == 1 && dilation[1] == 1) {
            return weights;
        }
        INDArray result = temporaries.create(
                weights.dataType(), weights.size(0), weights.size(1), extent(0), extent(1));
        result.assign(0).get(taps()).assign(weights);
        return result;
    }

    private INDArrayIndex[] taps() {
        return new INDArrayIndex[] {
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.interval(0, dilation[0], extent(0)),
            NDArrayIndex.interval(0, dilation[1], extent(1))
        };
    }

    private INDArray padded(INDArray x, Temporaries temporaries) {
        if (!isPadded) {
            return x;
        }
        INDArray map = temporaries.create(x.dataType(), x.size(0), x.size(1), covered[0], covered[1]).assign(0);
        map.get(inside(x, leading[0], leading[1])).assign(x.get(inside(x, 0)));
        return map;
    }

    /** The part of the map that windows reach, in an array in which it starts at the given place. */
    private INDArrayIndex[] inside(INDArray x, long... start) {
        INDArrayIndex[] ranges = {NDArrayIndex.all(), NDArrayIndex.all(), null, null};
        for (int axis = 0; axis < 2; axis++) {
            long size = Math.min(x.size(axis + 2), covered[axis] - leading[axis]);
            long begin = start[axis % start.length];
            ranges[axis + 2] = NDArrayIndex.interval(begin, begin + size);
        }
        return ranges;
    }
}
