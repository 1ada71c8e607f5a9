// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.WindowPooling;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowGeometry;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.Collection;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a pooling layer without parameters: a {@link WindowOp}. Subclasses fix the
 * operator and the number of spatial axes.
 *
 * <p>Window elements that lie in the padding do not take part in pooling. The global {@code convolutionMode} of a
 * network configuration does not reach layers from outside DL4J: set it here.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class WindowPoolingLayer extends NoParamLayer {

    private int[] kernelSize;
    private int[] stride;
    private int[] padding;
    private int[] dilation;
    private ConvolutionMode convolutionMode = ConvolutionMode.Truncate;
    private boolean ceilMode;

    /**
     * Takes the settings of a builder and checks them.
     *
     * @param builder the builder
     */
    protected WindowPoolingLayer(Builder<?> builder) {
        super(builder);
        kernelSize = builder.kernelSize;
        stride = builder.stride;
        padding = builder.padding;
        dilation = builder.dilation;
        convolutionMode = builder.convolutionMode;
        ceilMode = builder.ceilMode;
    }

    /**
     * The operator this layer applies.
     *
     * @param window the window
     * @return the operator with its configuration
     */
    public abstract WindowOp op(PoolingWindow window);

    /** @return the operator this layer applies, with its configuration */
    public WindowOp op() {
        return op(window());
    }

    /** @return whether arrays have the channels last */
    protected abstract boolean channelsLast();

    /** Shape of one example with batch size 1, or null where a size is not known at configuration time. */
    abstract long[] exampleShape(InputType inputType);

    /** The type of an output of the given shape. */
    abstract InputType typeOf(long[] shape);

    /** The type of an output whose input has a size that is not known. */
    abstract InputType typeOfUnknownSize(InputType inputType);

    /** What this layer accepts, for messages. */
    abstract InputType.Type inputKind();

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
                    .channelsLast(channelsLast())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new DL4JInvalidConfigException(describe(-1) + ": " + e.getMessage(), e);
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

    private String describe(int layerIndex) {
        String index = layerIndex < 0 ? "" : ", layer index " + layerIndex;
        return getClass().getSimpleName() + " (layer name \"" + getLayerName() + "\"" + index + ")";
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType == null || inputType.getType() != inputKind()) {
            throw new DL4JInvalidConfigException(
                    describe(layerIndex) + ": input must be of type " + inputKind() + ", got " + inputType);
        }
        long[] shape = exampleShape(inputType);
        if (shape == null) {
            return typeOfUnknownSize(inputType);
        }
        PoolingWindow window = window();
        try {
            return typeOf(WindowGeometry.of(window, shape).outputShape());
        } catch (IllegalArgumentException e) {
            throw new DL4JInvalidConfigException(describe(layerIndex) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        WindowPooling layer = new WindowPooling(conf, networkDataType);
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        layer.setParamsViewArray(layerParamsView);
        layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
        return layer;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return new LayerMemoryReport.Builder(layerName, getClass(), inputType, getOutputType(-1, inputType))
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
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
     * Settings that layers of every dimension share; they read like those of DL4J's SubsamplingLayer.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends Layer.Builder<T> {

        private int[] kernelSize;
        private int[] stride;
        private int[] padding;
        private int[] dilation;
        private ConvolutionMode convolutionMode = ConvolutionMode.Truncate;
        private boolean ceilMode;

        /**
         * Starts with window size 2, padding 0 and dilation 1.
         *
         * @param dimensions number of spatial axes
         * @param stride stride along each axis
         */
        protected Builder(int dimensions, int stride) {
            kernelSize = filled(dimensions, 2);
            this.stride = filled(dimensions, stride);
            padding = filled(dimensions, 0);
            dilation = filled(dimensions, 1);
        }

        /** @return this, as the builder's own type */
        protected abstract T self();

        /**
         * @param kernelSize window size along each axis, at least 1; default 2
         * @return this
         */
        public T kernelSize(int... kernelSize) {
            this.kernelSize = kernelSize.clone();
            return self();
        }

        /**
         * @param stride distance between windows along each axis, at least 1
         * @return this
         */
        public T stride(int... stride) {
            this.stride = stride.clone();
            return self();
        }

        /**
         * @param padding elements at both ends of each axis, less than the window's extent; default 0. Must be 0 in
         *     mode Same.
         * @return this
         */
        public T padding(int... padding) {
            this.padding = padding.clone();
            return self();
        }

        /**
         * @param dilation distance between elements of a window along each axis, at least 1; default 1
         * @return this
         */
        public T dilation(int... dilation) {
            this.dilation = dilation.clone();
            return self();
        }

        /**
         * @param convolutionMode Truncate, Strict or Same, as in DL4J's own layers; default Truncate
         * @return this
         */
        public T convolutionMode(ConvolutionMode convolutionMode) {
            this.convolutionMode = convolutionMode;
            return self();
        }

        /**
         * @param ceilMode whether an incomplete window at the end of an axis counts, clipped to the map (PyTorch's
         *     rule); default false. Goes with mode Truncate only.
         * @return this
         */
        public T ceilMode(boolean ceilMode) {
            this.ceilMode = ceilMode;
            return self();
        }

        /** Checks the settings by making the window. */
        static <L extends WindowPoolingLayer> L checked(L layer) {
            layer.window();
            return layer;
        }

        private static int[] filled(int length, int value) {
            int[] result = new int[length];
            Arrays.fill(result, value);
            return result;
        }
    }
}
