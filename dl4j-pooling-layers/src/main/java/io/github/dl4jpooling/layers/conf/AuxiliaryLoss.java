// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.AuxiliaryLossLayer;
import io.github.dl4jpooling.layers.impl.CheckedDeserializer;
import java.util.Collection;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * Adds its input, one loss an example, to what the network minimises: the mean over the examples, times a weight. The
 * output is the input. DL4J asks every layer for a term of the score, that of l1 and l2 as a rule; this layer answers
 * with the loss of the last forward pass and adds its gradient in the backward pass.
 *
 * <p>For losses made inside of a network, such as those of {@link
 * io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentLossVertex}. They need no labels. DL4J trains only what leads
 * to an output: {@link io.github.dl4jpooling.layers.conf.vertex.AttachVertex} ties this layer to a path that does.
 *
 * <pre>{@code
 * .addLayer("auxiliary", new AuxiliaryLoss(0.1), "losses")
 * .addVertex("attached", new AttachVertex(), "pooled", "auxiliary")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
@JsonDeserialize(using = CheckedDeserializer.class)
public class AuxiliaryLoss extends NoParamLayer implements CheckedConfiguration {

    private double weight = 1;

    /**
     * Chooses the weight.
     *
     * @param weight of the loss, finite, 0 for none
     * @throws IllegalArgumentException if it is not finite
     */
    public AuxiliaryLoss(double weight) {
        this.weight = requireFinite(weight);
    }

    private static double requireFinite(double weight) {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException("AuxiliaryLoss: weight must be finite, got " + weight);
        }
        return weight;
    }

    @Override
    public void checkSettings() {
        try {
            requireFinite(weight);
        } catch (IllegalArgumentException e) {
            throw new DL4JInvalidConfigException(e.getMessage() + " (layer name \"" + getLayerName() + "\")", e);
        }
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        AuxiliaryLossLayer layer = new AuxiliaryLossLayer(conf, networkDataType);
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        return layer;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType == null || inputType.getType() != InputType.Type.FF) {
            throw new IllegalStateException("AuxiliaryLoss (layer name \"" + getLayerName()
                    + "\"): the input type must be feed forward, one number an example, got " + inputType);
        }
        return inputType;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        // Nothing depends on it.
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return new LayerMemoryReport.Builder(layerName, AuxiliaryLoss.class, inputType, inputType)
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }
}
