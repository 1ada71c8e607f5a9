// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;

/** Runs every layer that a {@link PoolingLayer} configures. */
public class Pooling extends BaseLayer<PoolingLayer> {

    private PoolingOp op; // of the last forward pass
    private List<INDArray> inputs; // its inputs
    private final List<INDArray> saved = new ArrayList<>(); // its outputs that the gradient needs

    /**
     * Made by {@link PoolingLayer#instantiate}.
     *
     * @param conf configuration that holds the layer's
     * @param dataType the network's type
     */
    public Pooling(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public Type type() {
        return Type.SUBSAMPLING;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public boolean hasBias() {
        return false;
    }

    /** The mask of the input as the op takes it. */
    protected INDArray mask() {
        return Numbers.cast(maskArray, dataType);
    }

    /** An input of the op besides the array to pool, by its name. */
    private INDArray furtherInput(String name, Map<String, INDArray> parameters, boolean training) {
        return maskArray != null && name.equals(PoolingLayer.MASK)
                ? mask()
                : layerConf().input(name, parameters, training);
    }

    /** The operator of a forward pass. */
    protected PoolingOp op(boolean training) {
        return maskArray == null ? layerConf().op(training) : layerConf().maskedOp(training);
    }

    private Map<String, INDArray> parameters() {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        params.keySet().forEach(name -> parameters.put(name, getParam(name)));
        return parameters;
    }

    private List<INDArray> inputs(Map<String, INDArray> parameters, boolean training) {
        List<INDArray> inputs = new ArrayList<>();
        for (String name : op.inputNames()) {
            inputs.add(inputs.isEmpty()
                    ? Numbers.cast(input, dataType)
                    : furtherInput(name, parameters, training));
        }
        return inputs;
    }

    /** The op of a forward pass that is not followed by a backward pass, as a rule. */
    private PoolingOp forResult() {
        return op.outputNames().size() == 1 || op.drawsAnew() ? op : op.withoutGradient();
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceManager) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceManager);
        op = op(training);
        Map<String, INDArray> parameters = parameters();
        List<INDArray> outputs;
        try {
            inputs = inputs(parameters, training);
            outputs = (training ? op : forResult())
                    .apply(inputs, WorkspaceMemory.of(workspaceManager, ArrayType.ACTIVATIONS));
        } catch (IllegalArgumentException e) {
            throw layerConf().inputError(e.getMessage() + " " + layerId(), e);
        }
        saved.clear();
        saved.addAll(outputs.subList(1, outputs.size()));
        if (training) {
            layerConf().observe(outputs, parameters);
        }
        INDArray y = outputs.get(0);
        if (isOutputMasked()) {
            applyMask(y, y);
        }
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceManager) {
        assertInputSet(true);
        INDArray yGradient = Numbers.cast(epsilon, dataType);
        if (isOutputMasked()) {
            yGradient = workspaceManager.dup(ArrayType.BP_WORKING_MEM, yGradient);
            applyMask(yGradient, yGradient);
        }
        List<INDArray> arguments = new ArrayList<>(inputs);
        INDArray x = Numbers.cast(input, dataType); // what the forward pass cast may be gone with its workspace
        arguments.set(0, x);
        Gradient gradient = new DefaultGradient(gradientsFlattened);
        List<INDArray> results = new ArrayList<>();
        results.add(workspaceManager.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c'));
        List<String> learned = op.inputNames().subList(1, op.differentiableInputs());
        learned.forEach(name -> results.add(gradientViews.get(name)));
        for (String name : params.keySet()) {
            INDArray view = gradientViews.get(name);
            gradient.setGradientFor(name, learned.contains(name) ? view : view.assign(0));
        }
        if (saved.size() + 1 < op.outputNames().size()) {
            List<INDArray> outputs =
                    op.apply(arguments, WorkspaceMemory.of(workspaceManager, ArrayType.BP_WORKING_MEM));
            saved.addAll(outputs.subList(1, outputs.size()));
        }
        arguments.addAll(saved);
        arguments.add(yGradient);
        op.gradient().execute(arguments, results);
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(results.get(0)));
    }

    @Override
    public void clear() {
        super.clear();
        inputs = null;
        saved.clear();
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int batchSize) {
        setMaskArray(mask);
        maskState = state;
        if (mask == null) {
            return new Pair<>(null, state);
        }
        try {
            return new Pair<>(layerConf().reduceMask(mask), state);
        } catch (IllegalArgumentException e) {
            throw layerConf().inputError(e.getMessage() + " " + layerId(), e);
        }
    }

    /** Whether outputs are to be 0 where the mask of the output is. */
    protected boolean isOutputMasked() {
        return maskArray != null && layerConf().clearsMaskedOutputs();
    }

    private void applyMask(INDArray array, INDArray result) {
        INDArray mask = layerConf().reduceMask(maskArray).castTo(array.dataType());
        Broadcast.mul(array, mask, result, 0, layerConf().isChannelsLast() ? 1 : 2);
    }
}
