// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.AdaUnpoolVertex;
import io.github.dl4jpooling.ops.AdaUnpool;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.LipPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SumPool;
import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Runs an {@link AdaUnpoolVertex}. Every channel of every example is an example with one channel to the op, so that
 * each has weights of its own.
 */
public class AdaUnpooling extends Unpooling<AdaUnpoolVertex> {

    private static final NDPooling POOLING = new NDPooling();
    private static final String BETA = "beta";

    /**
     * Made by {@link AdaUnpoolVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index its number
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public AdaUnpooling(
            ComputationGraph graph, String name, int index, AdaUnpoolVertex configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    /** {@code [N C,1,H,W]}. */
    private INDArray toPlanes(INDArray array) {
        INDArray ordered = configuration().isChannelsLast() ? array.permute(0, 3, 1, 2) : array;
        long[] shape = ordered.shape();
        return ordered.dup('c').reshape(shape[0] * shape[1], 1, shape[2], shape[3]);
    }

    /** An array of the workspaces with the elements of planes, of the shape of an array that was made into such. */
    private INDArray fromPlanes(INDArray planes, INDArray like, ArrayType type, LayerWorkspaceMgr workspaceManager) {
        INDArray result = workspaceManager.createUninitialized(type, dataType, like.shape(), 'c');
        INDArray ordered = configuration().isChannelsLast() ? result.permute(0, 3, 1, 2) : result;
        ordered.assign(planes.reshape(ordered.shape()));
        return result;
    }

    private PoolingWindow window() {
        return PoolingWindow.builder(configuration().getKernelSize())
                .stride(configuration().getKernelSize())
                .borderMode(configuration().window().borderMode())
                .build();
    }

    /** Weights exp(logit) of the elements of each window: how its weighted mean depends on them. */
    private INDArray weights(INDArray logit) {
        return POOLING.gradients(new LipPool(window()), ones(logit), logit, logit)[0];
    }

    /** Gradient of logits, given that of the weights. */
    private INDArray ofLogit(INDArray ofWeights, INDArray logit) {
        return POOLING.gradients(new LipPool(window()), ones(logit), ofWeights, logit)[1];
    }

    /** One number for each window. */
    private INDArray ones(INDArray map) {
        return Nd4j.ones(map.dataType(), new AveragePool(window()).geometry(map.shape()).outputShape());
    }

    /** To each element what its window has. */
    private INDArray spread(INDArray map, INDArray ofWindows) {
        return POOLING.gradients(new SumPool(window()), ofWindows, map)[0];
    }

    private static INDArray plane(INDArray planes) {
        return planes.reshape(planes.size(0), planes.size(2), planes.size(3));
    }

    /** What both passes need of the map: the Dice-Sorensen coefficients of elements and their means, and weights. */
    private final class Weights {
        private final INDArray map;
        private final INDArray mean;
        private final INDArray larger; // of both magnitudes; 1 where both are 0
        private final INDArray coefficient;
        private final INDArray edscw;
        private final INDArray em;

        Weights(INDArray map) {
            this.map = map;
            mean = spread(map, POOLING.pool(new AveragePool(window()), map));
            INDArray magnitude = Transforms.abs(map, true);
            INDArray ofMean = Transforms.abs(mean, true);
            larger = Transforms.max(magnitude, ofMean, true);
            larger.addi(larger.eq(0).castTo(larger.dataType()));
            // Relative to the larger one, so that squares neither overflow nor vanish.
            INDArray a = magnitude.divi(larger);
            INDArray b = ofMean.divi(larger);
            INDArray squares = a.mul(a).addi(b.mul(b));
            squares.addi(squares.eq(0).castTo(squares.dataType()));
            coefficient = a.mul(b).muli(2).divi(squares);
            edscw = weights(coefficient);
            em = weights(map);
        }

        /** Gradient of the map, given those of the weights. */
        INDArray ofMap(INDArray ofEdscw, INDArray ofEm) {
            INDArray ofCoefficient = ofLogit(ofEdscw, coefficient);
            INDArray a = map.div(larger);
            INDArray b = mean.div(larger);
            INDArray squares = a.mul(a).addi(b.mul(b));
            squares.addi(squares.eq(0).castTo(squares.dataType()));
            // d/da 2|a b| / (a^2 + b^2) = 2 |b| sign(a) (b^2 - a^2) / (a^2 + b^2)^2, and the same for b
            INDArray common = b.mul(b).subi(a.mul(a)).muli(2).divi(squares).divi(squares).divi(larger)
                    .muli(ofCoefficient);
            INDArray ofElement = Transforms.abs(b, true).muli(Transforms.sign(a, true)).muli(common);
            INDArray ofMean = Transforms.abs(a, true).muli(Transforms.sign(b, true)).muli(common).negi();
            INDArray throughMean = POOLING.gradients(
                    new AveragePool(window()), POOLING.pool(new SumPool(window()), ofMean), map)[0];
            return ofElement.addi(throughMean).addi(ofLogit(ofEm, map));
        }
    }

    @Override
    INDArray forward(INDArray values, INDArray map, LayerWorkspaceMgr workspaceManager) {
        Weights weights = new Weights(toPlanes(map));
        INDArray y = POOLING.pool(new AdaUnpool(false), toPlanes(values), parameter(BETA), plane(weights.edscw),
                plane(weights.em));
        return fromPlanes(y, map, ArrayType.ACTIVATIONS, workspaceManager);
    }

    @Override
    INDArray[] backward(INDArray values, INDArray map, INDArray outputGradient, LayerWorkspaceMgr workspaceManager) {
        AdaUnpool op = new AdaUnpool(false);
        INDArray x = toPlanes(values);
        INDArray yGradient = toPlanes(outputGradient);
        Weights weights = new Weights(toPlanes(map));
        INDArray edscw = plane(weights.edscw);
        INDArray em = plane(weights.em);
        INDArray ofValues = Nd4j.createUninitialized(dataType, x.shape(), 'c');
        op.gradient().execute(Arrays.asList(x, parameter(BETA), edscw, em, yGradient),
                Arrays.asList(ofValues, parameterGradient(BETA)));
        // The result is linear in the weights: with weights of 1 and 0 it is its derivative.
        INDArray one = Nd4j.ones(dataType, edscw.shape());
        INDArray zero = Nd4j.zeros(dataType, edscw.shape());
        INDArray ofEdscw = POOLING.pool(op, x, parameter(BETA), one, zero).muli(yGradient);
        INDArray ofEm = POOLING.pool(op, x, parameter(BETA), zero, one).muli(yGradient);
        return new INDArray[] {
            fromPlanes(ofValues, values, ArrayType.ACTIVATION_GRAD, workspaceManager),
            fromPlanes(weights.ofMap(ofEdscw, ofEm), map, ArrayType.ACTIVATION_GRAD, workspaceManager)};
    }
}
