// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.PoolingVertex;
import io.github.dl4jpooling.layers.impl.Numbers;
import io.github.dl4jpooling.layers.impl.PoolingParameters;
import io.github.dl4jpooling.layers.impl.WorkspaceMemory;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * What runs a {@link PoolingVertex}: a vertex that is no layer, with or without parameters.
 *
 * @param <V> its configuration
 */
@SuppressWarnings("overrides") // of setInputs
public abstract class PoolingGraphVertex<V extends PoolingVertex> extends BaseGraphVertex {

    private final V configuration;
    private final List<INDArray> saved = new ArrayList<>(); // outputs that the gradient needs
    private INDArray allParameters;
    private INDArray allGradients;
    private Map<String, INDArray> parameters = Collections.emptyMap();
    private Map<String, INDArray> gradients = Collections.emptyMap();

    /**
     * Starts a vertex.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param configuration its configuration
     * @param dataType the network's type
     */
    protected PoolingGraphVertex(ComputationGraph graph, String name, int index, V configuration, DataType dataType) {
        super(graph, name, index, null, null, dataType);
        this.configuration = configuration;
    }

    /** @return the configuration */
    protected final V configuration() {
        return configuration;
    }

    /**
     * Gives the vertex its parameters.
     *
     * @param view as many numbers as the configuration says, null for none
     * @param initialize whether they are to get their first values
     */
    public final void setParameters(INDArray view, boolean initialize) {
        allParameters = view;
        parameters = PoolingParameters.views(configuration.parameterShapes(), view);
        if (initialize) {
            parameters.forEach(configuration::initializeParameter);
        }
    }

    /** @return a parameter by its name */
    protected final INDArray parameter(String name) {
        return parameters.get(name);
    }

    /** @return where to write the gradient of a parameter */
    protected final INDArray parameterGradient(String name) {
        return gradients.get(name);
    }

    /** @return the gradients of all parameters; null for none */
    protected final Gradient gradient() {
        if (gradients.isEmpty()) {
            return null;
        }
        Gradient gradient = new DefaultGradient(allGradients);
        gradients.forEach(gradient::setGradientFor);
        return gradient;
    }

    /** @return an error that names the vertex */
    protected final DL4JInvalidInputException error(String message, Exception cause) {
        return new DL4JInvalidInputException(
                configuration.getClass().getSimpleName() + " (vertex name \"" + getVertexName() + "\"): " + message,
                cause);
    }

    /** Fails where DL4J has not set what a pass needs. */
    protected final void checkSet(boolean set, String pass) {
        if (!set) {
            throw new IllegalStateException(
                    "Cannot do " + pass + " pass: inputs or epsilon not set (vertex \"" + getVertexName() + "\")");
        }
    }

    /**
     * The gradient of the output.
     *
     * @param shape shape of the output
     * @return it in the network's type
     * @throws DL4JInvalidInputException if it has another shape
     */
    protected final INDArray epsilon(long... shape) {
        if (!Arrays.equals(epsilon.shape(), shape)) {
            throw error("shape of the gradient of the output must be " + Arrays.toString(shape) + ", got "
                    + Arrays.toString(epsilon.shape()), null);
        }
        return Numbers.cast(epsilon, dataType);
    }

    /**
     * Applies an op, and keeps what its gradient needs.
     *
     * @param op the op
     * @param arguments its inputs, asked for where errors in them become those of the vertex
     * @param workspaceManager where the outputs are to lie, as activations
     * @return the first output
     */
    protected final INDArray apply(
            PoolingOp op, Supplier<List<INDArray>> arguments, LayerWorkspaceMgr workspaceManager) {
        List<INDArray> outputs;
        try {
            outputs = op.apply(arguments.get(), WorkspaceMemory.of(workspaceManager, ArrayType.ACTIVATIONS));
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage(), e);
        }
        saved.clear();
        saved.addAll(outputs.subList(1, outputs.size()));
        return outputs.get(0);
    }

    /**
     * Applies the gradient of the op that was applied last; those of the parameters go to their places.
     *
     * @param op the op
     * @param arguments its inputs
     * @param yGradient gradient of its first output
     * @param results gradients of its inputs but for parameters. Modified: every element is written.
     */
    protected final void applyGradient(
            PoolingOp op, List<INDArray> arguments, INDArray yGradient, List<INDArray> results) {
        List<INDArray> known = new ArrayList<>(arguments);
        known.addAll(saved);
        known.add(yGradient);
        List<INDArray> all = new ArrayList<>(results);
        gradients.values().forEach(all::add);
        op.gradient().execute(known, all);
    }

    @Override
    public void clear() {
        super.clear();
        saved.clear();
    }

    @Override
    public INDArray params() {
        return allParameters;
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backpropOnly) {
        return parameters;
    }

    @Override
    public INDArray getGradientsViewArray() {
        return allGradients;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray backpropGradientsViewArray) {
        allGradients = backpropGradientsViewArray;
        gradients = PoolingParameters.views(configuration.parameterShapes(), backpropGradientsViewArray);
    }

    @Override
    public TrainingConfig getConfig() {
        return parameters.isEmpty() ? null : new Training();
    }

    /** With the dots of DL4J's interface, which DL4J's base class drops. */
    @Override
    public void setInputs(INDArray... inputs) {
        super.setInputs(inputs);
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(name=" + getVertexName() + ", " + configuration + ")";
    }

    /** As the first layer learns, asked anew each time: its learning rate may be set later. */
    private final class Training implements TrainingConfig {

        private BaseLayer firstLayer() {
            Layer[] layers = graph.getLayers();
            return Stream.of(layers == null ? new Layer[0] : layers)
                    .filter(layer -> !(layer instanceof FrozenLayer))
                    .map(layer -> layer.conf().getLayer())
                    .filter(BaseLayer.class::isInstance)
                    .map(BaseLayer.class::cast)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public String getLayerName() {
            return getVertexName();
        }

        @Override
        public List<Regularization> getRegularizationByParam(String paramName) {
            return Collections.emptyList();
        }

        @Override
        public boolean isPretrainParam(String paramName) {
            return false;
        }

        @Override
        public IUpdater getUpdaterByParam(String paramName) {
            BaseLayer layer = firstLayer();
            if (configuration.getUpdater() != null) {
                return configuration.getUpdater();
            }
            if (layer == null) {
                return new Sgd(); // DL4J's default
            }
            return layer.getBiasUpdater() == null ? layer.getIUpdater() : layer.getBiasUpdater();
        }

        @Override
        public GradientNormalization getGradientNormalization() {
            return firstLayer() == null ? GradientNormalization.None : firstLayer().getGradientNormalization();
        }

        @Override
        public double getGradientNormalizationThreshold() {
            return firstLayer() == null ? 0 : firstLayer().getGradientNormalizationThreshold();
        }

        @Override
        public void setDataType(DataType dataType) {
            PoolingGraphVertex.this.setDataType(dataType);
        }
    }
}
