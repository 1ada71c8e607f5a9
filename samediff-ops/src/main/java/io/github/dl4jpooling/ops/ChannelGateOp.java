// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gate for whole channels: numbers pooled from each channel go through a network of two dense layers, whose sum a
 * sigmoid makes the factor of the channel.
 */
public abstract class ChannelGateOp extends NetworkOp {

    /** For SameDiff, which fills in the arguments. */
    ChannelGateOp() {}

    ChannelGateOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
    }

    /** @return what is pooled from each channel */
    public abstract List<GatePool> pools();

    /** @return how many times as many channels as hidden units there are */
    public final int reduction() {
        return (int) option(0, "reduction", 1, Integer.MAX_VALUE);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        reduction();
        pools();
    }

    @Override
    public final List<String> inputNames() {
        return Arrays.asList("input", "weights1", "bias1", "weights2", "bias2");
    }

    @Override
    public final int differentiableInputs() {
        return inputNames().size();
    }

    @Override
    public final Map<String, long[]> parameterShapes(long... inputShape) {
        long channels = channels(inputShape);
        long hidden = Math.max(1, channels / reduction());
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("weights1", new long[] {hidden, channels});
        shapes.put("bias1", new long[] {hidden});
        shapes.put("weights2", new long[] {channels, hidden});
        shapes.put("bias2", new long[] {channels});
        return shapes;
    }

    /** What is known after the forward pass. */
    private final class Gate {
        private final List<INDArray> parameters;
        private final Temporaries temporaries;
        private final List<GlobalPooling> poolings = new ArrayList<>();
        private final List<INDArray> pooled = new ArrayList<>(); // [N,C]
        private final List<INDArray> hidden = new ArrayList<>(); // [N,hidden]
        private final INDArray factors; // [N,C]

        Gate(INDArray x, List<INDArray> parameters, Temporaries temporaries) {
            this.parameters = parameters;
            this.temporaries = temporaries;
            INDArray sum = temporaries.create(x.dataType(), x.size(0), x.size(1)).assign(0);
            for (GatePool pool : pools()) {
                GlobalPooling pooling = new GlobalPooling(pool, x);
                INDArray z = pooling.forward(temporaries);
                INDArray h = temporaries.add(z.mmul(parameters.get(0).transpose())).addiRowVector(parameters.get(1));
                h.muli(temporaries.add(h.gt(0).castTo(h.dataType())));
                sum.addi(temporaries.add(h.mmul(parameters.get(2).transpose())).addiRowVector(parameters.get(3)));
                poolings.add(pooling);
                pooled.add(z);
                hidden.add(h);
            }
            factors = sigmoid(sum, temporaries);
        }

        INDArray gate() {
            return factors.reshape(factors.size(0), factors.size(1), 1, 1);
        }

        /** Adds to the gradient of the map and writes those of the parameters. */
        void backward(INDArray gateGradient, List<INDArray> gradients) {
            INDArray g = sigmoidGradient(factors, gateGradient.reshape(factors.shape()), temporaries);
            gradients.subList(1, gradients.size()).forEach(gradient -> gradient.assign(0));
            for (int i = 0; i < poolings.size(); i++) {
                INDArray h = hidden.get(i);
                gradients.get(3).addi(temporaries.add(g.transpose().mmul(h)));
                gradients.get(4).addi(temporaries.add(g.sum(0)));
                INDArray hiddenGradient = temporaries.add(g.mmul(parameters.get(2)));
                hiddenGradient.muli(temporaries.add(h.gt(0).castTo(h.dataType())));
                gradients.get(1).addi(temporaries.add(hiddenGradient.transpose().mmul(pooled.get(i))));
                gradients.get(2).addi(temporaries.add(hiddenGradient.sum(0)));
                INDArray pooledGradient = temporaries.add(hiddenGradient.mmul(parameters.get(0)));
                poolings.get(i).addGradient(pooledGradient, gradients.get(0), temporaries);
            }
        }
    }

    @Override
    final void forward(INDArray x, List<INDArray> parameters, List<INDArray> outputs, Temporaries temporaries) {
        multiply(x, new Gate(x, parameters, temporaries).gate(), outputs.get(0));
    }

    @Override
    final void backward(INDArray x, List<INDArray> parameters, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        Gate gate = new Gate(x, parameters, temporaries);
        INDArray gateGradient = gateBackward(x, gate.gate(), yGradient, gradients.get(0), temporaries);
        gate.backward(gateGradient, gradients);
    }
}
