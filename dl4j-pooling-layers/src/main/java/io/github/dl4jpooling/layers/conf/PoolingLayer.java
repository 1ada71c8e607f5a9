// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.CheckedDeserializer;
import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.layers.impl.Pooling;
import io.github.dl4jpooling.layers.impl.PoolingParameters;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Configuration of a layer that applies a {@link PoolingOp}. One class serves sequences {@code [N,C,W]}, images
 * {@code [N,C,H,W]} and volumes {@code [N,C,D,H,W]}, also with the channels last, where the operator does. Further
 * inputs of the op are the layer's parameters.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
@JsonDeserialize(using = CheckedDeserializer.class)
public abstract class PoolingLayer extends BaseLayer implements CheckedConfiguration {

    /** Name of an input of an op that gets the layer's mask. */
    public static final String MASK = "mask";

    private boolean channelsLast;

    /** Shape of one example with batch size 1, once the network's input type is known; 0 for an unknown length. */
    private long[] exampleShape;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected PoolingLayer(Builder<?> builder) {
        super(builder);
        channelsLast = builder.channelsLast;
        // Not used; without one DL4J takes the layer for one of an old file when it reads it.
        activationFn = new ActivationIdentity();
    }

    /**
     * The operator this layer applies.
     *
     * @param training whether the network is being trained; matters to operators that draw at random
     * @return the operator with its configuration
     */
    public abstract PoolingOp op(boolean training);

    /**
     * The operator for a masked input. Its input called {@link #MASK}, if there is one, gets the mask.
     *
     * @param training whether the network is being trained
     * @return that for any other input, unless a subclass says otherwise
     */
    public PoolingOp maskedOp(boolean training) {
        return op(training);
    }

    /** @return number of spatial axes: 1 for sequences, 2 for images, 3 for volumes */
    public abstract int dimensions();

    /** Shape of the result for an input of the given shape. */
    protected abstract long[] outputShape(long[] inputShape);

    /** Shapes of the layer's parameters, by the names of the op's inputs, in their order. */
    public Map<String, long[]> parameterShapes() {
        return Collections.emptyMap();
    }

    /**
     * Gives a parameter its first values.
     *
     * @param name its name
     * @param parameter a view of the network's parameters. Modified.
     */
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(0);
    }

    /**
     * An input of the op, besides the array to pool.
     *
     * @param name its name
     * @param parameters the layer's parameters by name. Not modified, unless a layer keeps counts among them.
     * @param training whether the network is being trained
     * @return the parameter of that name, unless a subclass says otherwise
     */
    public INDArray input(String name, Map<String, INDArray> parameters, boolean training) {
        return parameters.get(name);
    }

    /**
     * Called after a forward pass in training; a layer that keeps statistics does so here.
     *
     * @param outputs outputs of the op. Not modified.
     * @param parameters the layer's parameters by name. Modified by layers that keep statistics among them.
     */
    public void observe(List<INDArray> outputs, Map<String, INDArray> parameters) {
        // Most layers keep nothing.
    }

    /**
     * Whether a parameter is a weight, to which DL4J's l1, l2 and weight decay apply; others count as biases.
     *
     * @param name its name
     * @return false unless a subclass says otherwise
     */
    public boolean isWeight(String name) {
        return false;
    }

    /**
     * Mask of the output of a masked input.
     *
     * @param mask mask of the input. Not modified.
     * @return mask of the output
     * @throws IllegalArgumentException if the layer takes no masks of this shape
     */
    public INDArray reduceMask(INDArray mask) {
        throw new IllegalArgumentException(
                "masks are not supported, got one of shape " + Arrays.toString(mask.shape()));
    }

    /**
     * Whether outputs have to be set to 0 where the mask of the output is.
     *
     * @return true for sequences, unless a subclass's op gives 0 there anyway
     */
    public boolean clearsMaskedOutputs() {
        return dimensions() == 1;
    }

    /** Checks the settings. */
    protected void check() {
        op(false);
    }

    @Override
    public final void checkSettings() {
        check();
        if (exampleShape != null) { // from an input type, which a file need not agree with
            try {
                MapTypes.checkExampleShape(exampleShape, dimensions());
                PoolingParameters.count(parameterShapes());
            } catch (IllegalArgumentException e) {
                throw configError("exampleShape " + Arrays.toString(exampleShape) + ": " + e.getMessage(), e);
            }
        }
    }

    /** An error that names the layer. */
    protected final DL4JInvalidConfigException configError(String message, Exception cause) {
        return new DL4JInvalidConfigException(
                getClass().getSimpleName() + " (layer name \"" + getLayerName() + "\"): " + message, cause);
    }

    /** The same for what an op, or what it is made from, says of its settings. */
    public final DL4JInvalidConfigException configError(RuntimeException cause) {
        return configError(reason(cause), cause);
    }

    /** An error about an input that names the layer. */
    public final DL4JInvalidInputException inputError(String message, Exception cause) {
        return new DL4JInvalidInputException(
                getClass().getSimpleName() + " (layer name \"" + getLayerName() + "\"): " + message, cause);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType == null || inputType.getType() != MapTypes.type(dimensions())) {
            throw configError(
                    "layer index " + layerIndex + ": input must be of type " + MapTypes.type(dimensions()) + ", got "
                            + inputType,
                    null);
        }
        long[] shape = shapeOf(inputType);
        if (shape[channelsLast ? 1 : 2] == 0 && dimensions() == 1) {
            return typeOfUnknownLength((InputType.InputTypeRecurrent) inputType);
        }
        try {
            return MapTypes.typeOf(outputShape(shape), channelsLast);
        } catch (IllegalArgumentException e) {
            throw configError("layer index " + layerIndex + ": " + e.getMessage(), e);
        }
    }

    private long[] shapeOf(InputType inputType) {
        try {
            return MapTypes.exampleShape(inputType, channelsLast);
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    /** Type of the result for sequences of unknown length: such sequences, unless a subclass says otherwise. */
    protected InputType typeOfUnknownLength(InputType.InputTypeRecurrent inputType) {
        return InputType.recurrent(inputType.getSize(), channelsLast ? RNNFormat.NWC : RNNFormat.NCW);
    }

    /** For volumes the layer's own order of axes holds: DL4J's 3-D convolution reports another than its arrays have. */
    @Override
    public void setNIn(InputType inputType, boolean override) {
        channelsLast = MapTypes.channelsLast(inputType, channelsLast);
        if (inputType != null && inputType.getType() == MapTypes.type(dimensions())) {
            exampleShape = shapeOf(inputType);
            if (parameterShapes().isEmpty()) {
                exampleShape = null; // nothing depends on it
            }
        }
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        switch (dimensions()) {
            case 1:
                return InputTypeUtil.getPreprocessorForInputTypeRnnLayers(
                        inputType, channelsLast ? RNNFormat.NWC : RNNFormat.NCW, getLayerName());
            case 2:
                return InputTypeUtil.getPreProcessorForInputTypeCnnLayers(inputType, getLayerName());
            default:
                return InputTypeUtil.getPreProcessorForInputTypeCnn3DLayers(inputType, getLayerName());
        }
    }

    @Override
    public boolean isPretrainParam(String paramName) {
        return false;
    }

    @Override
    public ParamInitializer initializer() {
        return PoolingParameters.INSTANCE;
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        Pooling layer = newLayer(conf, networkDataType);
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        layer.setParamsViewArray(layerParamsView);
        layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
        layer.setConf(conf);
        return layer;
    }

    /** Makes what runs this layer. */
    protected Pooling newLayer(NeuralNetConfiguration conf, DataType networkDataType) {
        return new Pooling(conf, networkDataType);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long parameters = initializer().numParams(this);
        return new LayerMemoryReport.Builder(layerName, getClass(), inputType, getOutputType(-1, inputType))
                .standardMemory(parameters, iUpdater == null ? 0 : iUpdater.stateSize(parameters))
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public PoolingLayer clone() {
        PoolingLayer clone = (PoolingLayer) super.clone();
        clone.exampleShape = exampleShape == null ? null : exampleShape.clone();
        return clone;
    }

    /**
     * Settings of every pooling layer.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends BaseLayer.Builder<T> {

        private boolean channelsLast;

        /** @return this, as the builder's own type */
        @SuppressWarnings("unchecked")
        protected final T self() {
            return (T) this;
        }

        /**
         * @param format of images: NCHW (the default) or NHWC. A network's input type, where it is set, decides.
         * @return this
         */
        public T dataFormat(CNN2DFormat format) {
            return channelsLast(Objects.requireNonNull(format, "format") == CNN2DFormat.NHWC);
        }

        /**
         * @param format of sequences: NCW (the default) or NWC. A network's input type, where it is set, decides.
         * @return this
         */
        public T dataFormat(RNNFormat format) {
            return channelsLast(Objects.requireNonNull(format, "format") == RNNFormat.NWC);
        }

        /**
         * @param format of volumes: NCDHW (the default) or NDHWC
         * @return this
         */
        public T dataFormat(Convolution3D.DataFormat format) {
            return channelsLast(Objects.requireNonNull(format, "format") == Convolution3D.DataFormat.NDHWC);
        }

        /**
         * @param newChannelsLast whether arrays have the channels last; default false
         * @return this
         */
        public T channelsLast(boolean newChannelsLast) {
            channelsLast = newChannelsLast;
            return self();
        }

        /**
         * Checks the settings of a new layer.
         *
         * @param layer the layer
         * @param <L> its class
         * @return the layer
         */
        protected static <L extends PoolingLayer> L checked(L layer) {
            layer.check();
            return layer;
        }
    }
}
