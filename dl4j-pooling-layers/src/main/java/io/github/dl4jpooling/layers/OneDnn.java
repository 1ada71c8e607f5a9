// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Puts DL4J's own oneDNN implementations of convolution and batch normalization to work.
 *
 * <p>DL4J 1.0.0-M2.1 contains these implementations (its <em>layer helpers</em>) but never uses them: they are off by
 * default, and DL4J's system property does not bring them back, because a class they look up was moved. Convolutions
 * then run through im2col, and training is several times slower.
 *
 * <pre>{@code
 * network.init();
 * System.out.println(OneDnn.enable(network));     // oneDNN runs layer0, layer2
 * }</pre>
 *
 * <p>Helpers belong to the layer objects of one network. A clone, a network restored from a file or returned by
 * {@code TransferLearning}, and the replicas of {@code ParallelWrapper} have new layer objects: call {@code enable} on
 * them too. Forgetting it costs speed, never correctness; calling it twice changes nothing. Nothing global is touched.
 *
 * <p>Served are {@code ConvolutionLayer} (2-D, no dilation) and {@code BatchNormalization} (no {@code lockGammaBeta}),
 * both in NCHW layout, also inside frozen layers and other wrappers. The rest stays as it is, because in M2.1
 * <ul>
 *   <li>NHWC gives wrong results or crashes when an array is a view or not in 'c' order;</li>
 *   <li>oneDNN refuses dilated convolutions, and the layer falls back to im2col with a warning;</li>
 *   <li>{@code SubsamplingLayer} gains nothing, and its gradient is wrong with {@code avgPoolIncludePadInDivisor};</li>
 *   <li>DL4J withdrew the helper of {@code LocalResponseNormalization}, and other layers have none.</li>
 * </ul>
 *
 * <p>Results are those of the plain layers up to float rounding, not bit for bit, so long training runs drift apart.
 * Should oneDNN reject a call, the layer warns and goes on without it, or fails with {@code cudnnAllowFallback(false)}.
 *
 * <p>Needs the CPU back-end in a build with oneDNN, for example {@code nd4j-native} with classifier
 * {@code linux-x86_64-onednn-avx2}, and a network of data type FLOAT. Otherwise the network is left alone, and the
 * {@link Result} says why.
 */
public final class OneDnn {
    private OneDnn() {}

    /**
     * Lets oneDNN run the layers of a network it can serve. Parameters and configuration stay as they are.
     *
     * @param network an initialized network; its layer objects are changed
     * @return the layers that oneDNN runs from now on, or the reason why there are none
     * @throws IllegalArgumentException if the network is not initialized
     */
    public static Result enable(MultiLayerNetwork network) {
        return enable(Objects.requireNonNull(network, "network").getLayers(),
                network.getLayerWiseConfigurations().getDataType());
    }

    /** The same for a graph; see {@link #enable(MultiLayerNetwork)}. */
    public static Result enable(ComputationGraph network) {
        return enable(Objects.requireNonNull(network, "network").getLayers(), network.getConfiguration().getDataType());
    }

    private static Result enable(Layer[] layers, DataType dataType) {
        if (layers == null) {
            throw new IllegalArgumentException("network is not initialized: call init() before OneDnn.enable");
        }
        String reason = unavailable(dataType);
        List<String> served = new ArrayList<>();
        for (int i = 0; i < layers.length && reason.isEmpty(); i++) {
            Layer layer = layers[i];
            while (layer instanceof BaseWrapperLayer) {
                layer = ((BaseWrapperLayer) layer).getUnderlying();
            }
            LayerHelper helper = helperFor(layer);
            if (helper != null) {
                // One at work is kept: the batch statistics for the next backward pass are in it.
                if (layer.getHelper() == null || layer.getHelper().getClass() != helper.getClass()) {
                    setHelper(layer, helper);
                }
                served.add(layer.conf().getLayer().getLayerName());
            }
        }
        if (reason.isEmpty() && served.isEmpty()) {
            reason = "the network has no layer that DL4J can run on oneDNN";
        }
        return new Result(served, reason);
    }

    private static String unavailable(DataType dataType) {
        if (dataType != DataType.FLOAT) {
            return "the network computes in " + dataType + ", DL4J's oneDNN layers only in FLOAT";
        }
        Object backend = Nd4j.getExecutioner().getEnvironmentInformation().get("backend");
        if (!"CPU".equals(backend)) {
            return "ND4J runs on the back-end " + backend + ", not on the CPU";
        }
        // Nd4jCpu.Environment.isUseONEDNN() does not tell: it is true in builds without oneDNN as well.
        if (!Nd4j.getBackend().buildInfo().contains("HAVE_ONEDNN")) {
            return "nd4j-native has no oneDNN in this build; use a classifier such as linux-x86_64-onednn-avx2";
        }
        return Nd4j.getEnvironment().helpersAllowed() ? "" : "ND4J's environment forbids native helpers";
    }

    private static LayerHelper helperFor(Layer layer) {
        // Subclasses (1-D, depthwise, transposed, ...) inherit the field, but compute by themselves.
        if (layer.getClass() == ConvolutionLayer.class) {
            org.deeplearning4j.nn.conf.layers.ConvolutionLayer conf = ((ConvolutionLayer) layer).layerConf();
            boolean able = conf.getCnn2dDataFormat() == CNN2DFormat.NCHW
                    && Arrays.stream(conf.getDilation()).allMatch(d -> d == 1);
            return able ? new MKLDNNConvHelper(DataType.FLOAT) : null;
        }
        if (layer.getClass() == BatchNormalization.class) {
            org.deeplearning4j.nn.conf.layers.BatchNormalization conf = ((BatchNormalization) layer).layerConf();
            return conf.getCnn2DFormat() == CNN2DFormat.NCHW && !conf.isLockGammaBeta() ? new BatchNormHelper() : null;
        }
        return null;
    }

    private static void setHelper(Layer layer, LayerHelper helper) {
        try {
            Field field = layer.getClass().getDeclaredField("helper");
            field.setAccessible(true);
            field.set(layer, helper);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("OneDnn needs DL4J 1.0.0-M2.1: cannot set the helper of " + layer, e);
        }
    }

    /** DL4J's helper computes wrong values from 'f' order arrays, so it is given dense 'c' order ones. */
    private static final class BatchNormHelper extends MKLDNNBatchNormHelper {
        BatchNormHelper() {
            super(DataType.FLOAT);
        }

        @Override
        public INDArray preOutput(INDArray x, boolean training, long[] shape, INDArray gamma, INDArray beta,
                INDArray mean, INDArray var, double decay, double eps, CNN2DFormat format, LayerWorkspaceMgr manager) {
            INDArray in = dense(x, ArrayType.FF_WORKING_MEM, manager);
            return super.preOutput(in, training, shape, gamma, beta, mean, var, decay, eps, format, manager);
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray x, INDArray epsilon, long[] shape, INDArray gamma,
                INDArray beta, INDArray dGamma, INDArray dBeta, double eps, CNN2DFormat format,
                LayerWorkspaceMgr manager) {
            INDArray in = dense(x, ArrayType.BP_WORKING_MEM, manager);
            INDArray dOut = dense(epsilon, ArrayType.BP_WORKING_MEM, manager);
            return super.backpropGradient(in, dOut, shape, gamma, beta, dGamma, dBeta, eps, format, manager);
        }

        private static INDArray dense(INDArray array, ArrayType type, LayerWorkspaceMgr manager) {
            boolean isDense = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
            return isDense ? array : manager.dup(type, array, 'c');
        }
    }

    /** What {@code enable} did: the layers that run on oneDNN, or why there are none. */
    public static final class Result {
        private final List<String> layers;
        private final String reason;

        private Result(List<String> layers, String reason) {
            this.layers = Collections.unmodifiableList(layers);
            this.reason = reason;
        }

        /** Names of the layers that run on oneDNN, in the order of the network; empty if there are none. */
        public List<String> layers() {
            return layers;
        }

        /** Why no layer runs on oneDNN; empty if one does. */
        public String reason() {
            return reason;
        }

        /** One sentence for a log: the layers, or the reason why there are none. */
        @Override
        public String toString() {
            return layers.isEmpty() ? "oneDNN is not used: " + reason : "oneDNN runs " + String.join(", ", layers);
        }
    }
}
