// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.MaskReduction;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a pooling layer with windows: a {@link WindowedOp}. The number of kernel sizes decides between
 * sequences (one), images (two) and volumes (three).
 *
 * <p>Window elements that lie in the padding do not take part in pooling, and neither do steps of a sequence that its
 * mask leaves out: whatever they hold, no result changes, and their gradient is 0. A window without any other gives 0
 * and is masked in the output. The global {@code convolutionMode} of a
 * network configuration does not reach layers from outside DL4J: set it here.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class WindowPoolingLayer extends PoolingLayer {

    private int[] kernelSize;
    private int[] stride;
    private int[] padding;
    private int[] dilation;
    private ConvolutionMode convolutionMode = ConvolutionMode.Truncate;
    private boolean ceilMode;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected WindowPoolingLayer(Builder<?> builder) {
        super(builder);
        kernelSize = builder.kernelSize;
        stride = builder.orForEachAxis(builder.stride, builder.kernelSize.length == 1 ? 1 : 2);
        padding = builder.orForEachAxis(builder.padding, 0);
        dilation = builder.orForEachAxis(builder.dilation, 1);
        convolutionMode = builder.convolutionMode;
        ceilMode = builder.ceilMode;
    }

    /**
     * The operator this layer applies.
     *
     * @param window the window
     * @return the operator with its configuration, as in inference
     */
    public abstract WindowedOp op(PoolingWindow window);

    /**
     * The operator this layer applies.
     *
     * @param window the window
     * @param training whether the network is being trained
     * @return the operator with its configuration
     */
    protected WindowedOp op(PoolingWindow window, boolean training) {
        return op(window);
    }

    @Override
    public final WindowedOp op(boolean training) {
        PoolingWindow window = window();
        try {
            return op(window, training);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw configError(e);
        }
    }

    /** Steps of a sequence that the mask leaves out are not elements of windows. */
    @Override
    public final WindowedOp maskedOp(boolean training) {
        WindowedOp op = op(training);
        return dimensions() == 1 ? op.withMask() : op;
    }

    /** The ops give 0 for a window without elements. */
    @Override
    public boolean clearsMaskedOutputs() {
        return false;
    }

    @Override
    public int dimensions() {
        return kernelSize == null ? 2 : kernelSize.length;
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return op(false).geometry(inputShape).outputShape();
    }

    /**
     * The window of this layer.
     *
     * @return the window
     * @throws DL4JInvalidConfigException if the settings are out of range; the message names layer, setting and range
     */
    public PoolingWindow window() {
        try {
            return PoolingWindow.builder(kernelSize)
                    .stride(stride)
                    .padding(padding)
                    .dilation(dilation)
                    .borderMode(borderMode())
                    .channelsLast(isChannelsLast())
                    .build();
        } catch (IllegalArgumentException | NullPointerException e) {
            throw configError(e);
        }
    }

    private BorderMode borderMode() {
        if (convolutionMode == null) {
            throw new IllegalArgumentException("convolutionMode must be Truncate, Strict or Same, got null");
        }
        if (ceilMode && convolutionMode != ConvolutionMode.Truncate) {
            throw new IllegalArgumentException(
                    "ceilMode goes with convolutionMode Truncate only, got " + convolutionMode);
        }
        switch (convolutionMode) {
            case Truncate:
                return ceilMode ? BorderMode.CEIL : BorderMode.TRUNCATE;
            case Strict:
                return BorderMode.STRICT;
            case Same:
                return BorderMode.SAME;
            default:
                throw new IllegalArgumentException(
                        "convolutionMode must be Truncate, Strict or Same, got " + convolutionMode);
        }
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        WindowedOp op = op(false);
        if (op.inputNames().size() == 1) {
            return Collections.emptyMap();
        }
        try {
            return op.parameterShapes(exampleShapeFor(op));
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    /** Where sizes are not known and do not matter, those of one window stand in. */
    private long[] exampleShapeFor(WindowedOp op) {
        long[] shape = getExampleShape();
        boolean byPlace = op.hasParametersByPlace();
        if (shape == null && (byPlace || op.hasParametersByChannel())) {
            throw configError("has parameters, whose shapes follow from the input: set the input type of the network",
                    null);
        }
        int rank = kernelSize.length + 2;
        boolean known = shape != null && Arrays.stream(shape).allMatch(size -> size > 0);
        if (known || byPlace) {
            return shape;
        }
        long[] standIn = new long[rank];
        Arrays.fill(standIn, 1);
        int channelAxis = isChannelsLast() ? rank - 1 : 1;
        for (int axis = 0; axis < kernelSize.length; axis++) {
            standIn[axis + (isChannelsLast() ? 1 : 2)] = (long) dilation[axis] * (kernelSize[axis] - 1) + 1;
        }
        standIn[channelAxis] = shape == null ? 1 : shape[channelAxis];
        return standIn;
    }

    @Override
    public boolean isWeight(String name) {
        return op(false).isWeight(name);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        return MaskReduction.reduce(mask, window());
    }

    @Override
    public WindowPoolingLayer clone() {
        WindowPoolingLayer clone = (WindowPoolingLayer) super.clone();
        clone.kernelSize = kernelSize.clone();
        clone.stride = stride.clone();
        clone.padding = padding.clone();
        clone.dilation = dilation.clone();
        return clone;
    }

    /**
     * Settings that layers with windows share; they read like those of DL4J's SubsamplingLayer.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends PoolingLayer.Builder<T> {

        private int[] kernelSize;
        private int[] stride;
        private int[] padding;
        private int[] dilation;
        private ConvolutionMode convolutionMode = ConvolutionMode.Truncate;
        private boolean ceilMode;

        /**
         * Starts with DL4J's strides, 1 for sequences and 2 for images and volumes, padding 0 and dilation 1.
         *
         * @param kernelSize window size along each axis: one number for sequences, two for images, three for volumes;
         *     none for images with windows of 2x2
         */
        protected Builder(int... kernelSize) {
            this.kernelSize = Objects.requireNonNull(kernelSize, "kernelSize").length == 0 ? new int[] {2, 2}
                    : kernelSize.clone();
        }

        private int[] orForEachAxis(int[] setting, int otherwise) {
            int[] result = setting;
            if (setting == null) {
                result = new int[kernelSize.length];
                Arrays.fill(result, otherwise);
            }
            return result;
        }

        /**
         * @param newKernelSize window size along each axis, at least 1
         * @return this
         */
        public T kernelSize(int... newKernelSize) {
            kernelSize = Objects.requireNonNull(newKernelSize, "kernelSize").clone();
            return self();
        }

        /**
         * @param newStride distance between windows along each axis, at least 1; default 1 for sequences, else 2
         * @return this
         */
        public T stride(int... newStride) {
            stride = Objects.requireNonNull(newStride, "stride").clone();
            return self();
        }

        /**
         * @param newPadding elements at both ends of each axis, less than the window's extent; default 0. Must be 0 in
         *     mode Same.
         * @return this
         */
        public T padding(int... newPadding) {
            padding = Objects.requireNonNull(newPadding, "padding").clone();
            return self();
        }

        /**
         * @param newDilation distance between elements of a window along each axis, at least 1; default 1
         * @return this
         */
        public T dilation(int... newDilation) {
            dilation = Objects.requireNonNull(newDilation, "dilation").clone();
            return self();
        }

        /**
         * @param mode Truncate, Strict or Same, as in DL4J's own layers; default Truncate
         * @return this
         */
        public T convolutionMode(ConvolutionMode mode) {
            convolutionMode = Objects.requireNonNull(mode, "convolutionMode");
            return self();
        }

        /**
         * @param newCeilMode whether an incomplete window at the end of an axis counts, clipped to the map (PyTorch's
         *     rule); default false. Goes with mode Truncate only.
         * @return this
         */
        public T ceilMode(boolean newCeilMode) {
            ceilMode = newCeilMode;
            return self();
        }
    }
}
