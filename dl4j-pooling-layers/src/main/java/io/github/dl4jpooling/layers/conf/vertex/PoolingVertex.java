// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.conf.CheckedConfiguration;
import io.github.dl4jpooling.layers.impl.CheckedDeserializer;
import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.layers.impl.PoolingParameters;
import io.github.dl4jpooling.layers.impl.vertex.PoolingGraphVertex;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * A vertex that pools or unpools several arrays of a graph.
 *
 * <p>Some have parameters. These need the network's input types to be set, and learn as the first layer of the network
 * does that is not frozen, with its updater for biases and its gradient normalisation, unless {@link #setUpdater} says
 * otherwise: DL4J gives the settings of a network to its layers only. l1, l2 and weight decay do not apply to them.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString
@EqualsAndHashCode(callSuper = false)
@JsonDeserialize(using = CheckedDeserializer.class)
public abstract class PoolingVertex extends GraphVertex implements CheckedConfiguration {

    /** How the parameters learn; null: as the first layer does. */
    private IUpdater updater;

    /** Shape of one example of the first input, where there are parameters and the network's input type is known. */
    private long[] exampleShape;

    /** @return names of the inputs, in their order */
    protected abstract List<String> inputNames();

    /** Makes what runs this vertex. */
    protected abstract PoolingGraphVertex<?> instantiate(
            ComputationGraph graph, String name, int index, DataType networkType);

    /**
     * Shapes of the vertex's parameters.
     *
     * @return shapes by name, in the order of the op's inputs; none unless a subclass says otherwise
     * @throws DL4JInvalidConfigException if they depend on the network's input type and that is not set
     */
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

    /** The shape of an example, for vertices whose parameters depend on it. */
    final long[] knownShape() {
        if (exampleShape == null) {
            throw new DL4JInvalidConfigException(
                    getClass().getSimpleName() + ": the input types of the network must be set (setInputTypes)");
        }
        return exampleShape;
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is missing or out of range
     */
    protected void check() {
        inputNames(); // makes the op, as a rule
    }

    @Override
    public final void checkSettings() {
        try {
            check();
            if (exampleShape != null) { // from an input type, which a file need not agree with
                MapTypes.checkExampleShape(exampleShape);
                PoolingParameters.count(parameterShapes());
            }
        } catch (IllegalArgumentException | NullPointerException e) {
            throw configError(e);
        }
    }

    final DL4JInvalidConfigException configError(RuntimeException cause) {
        return new DL4JInvalidConfigException(
                getClass().getSimpleName() + ": " + reason(cause), cause);
    }

    final InvalidInputTypeException inputError(String message) {
        return new InvalidInputTypeException(getClass().getSimpleName() + ": " + message);
    }

    /** Fails for another number of inputs than the vertex takes. */
    final void checkCount(InputType... inputs) throws InvalidInputTypeException {
        List<String> names = inputNames();
        if (inputs.length != names.size()) {
            throw inputError("takes " + names.size() + " inputs " + names + ", got " + inputs.length);
        }
    }

    @Override
    public int minVertexInputs() {
        return inputNames().size();
    }

    @Override
    public int maxVertexInputs() {
        return minVertexInputs();
    }

    @Override
    public long numParams(boolean backprop) {
        try {
            return PoolingParameters.count(parameterShapes());
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray paramsView,
            boolean initializeParams,
            DataType networkDatatype) {
        PoolingGraphVertex<?> vertex = instantiate(graph, name, index, networkDatatype);
        vertex.setParameters(paramsView, initializeParams);
        return vertex;
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        try {
            InputType output = getOutputType(-1, inputTypes);
            long parameters = numParams(true);
            return new LayerMemoryReport.Builder(null, getClass(), inputTypes[0], output)
                    .standardMemory(parameters, updater == null ? 0 : updater.stateSize(parameters))
                    .workingMemory(0, 0, 0, 0)
                    .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                    .build();
        } catch (InvalidInputTypeException e) {
            throw new IllegalArgumentException("no memory report for inputs " + Arrays.toString(inputTypes), e);
        }
    }

    /** By way of JSON, which has to hold every setting anyway: DL4J's base class has no clone to call. */
    @Override
    public PoolingVertex clone() {
        ObjectMapper mapper = NeuralNetConfiguration.mapper();
        try {
            return (PoolingVertex) mapper.readValue(mapper.writeValueAsString(this), GraphVertex.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot copy " + this, e);
        }
    }
}
