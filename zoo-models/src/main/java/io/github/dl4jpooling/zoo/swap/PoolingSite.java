// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** A pooling layer of a network, or a convolution with a stride, as it is before a swap. */
public final class PoolingSite {
    static final String STRIDED_CONVOLUTION = "strided convolution";

    private static final Set<Class<?>> CONVOLUTIONS =
            Set.of(ConvolutionLayer.class, SeparableConvolution2D.class, DepthwiseConvolution2D.class);

    private final int index;
    private final String name;
    private final Layer layer;
    private final String pooling;
    private final PoolingWindow window;
    private final String obstacle;

    private PoolingSite(
            int index, String name, Layer layer, String pooling, PoolingWindow window, String obstacle) {
        this.index = index;
        this.name = name;
        this.layer = layer;
        this.pooling = pooling;
        this.window = window;
        this.obstacle = obstacle;
    }

    /** The site of a layer configuration, or nothing if it does not pool. */
    static Optional<PoolingSite> of(int index, String name, Layer outer) {
        Layer layer = Wrappers.innermost(outer);
        if (layer instanceof GlobalPoolingLayer) {
            GlobalPoolingLayer global = (GlobalPoolingLayer) layer;
            String pooling = "global " + SubsamplingLayers.poolingName(global.getPoolingType(), global.getPnorm());
            String obstacle = "pools the whole map, has no window";
            return Optional.of(new PoolingSite(index, name, layer, pooling, null, obstacle));
        }
        String pooling;
        Supplier<PoolingWindow> window;
        if (layer instanceof SubsamplingLayer) {
            pooling = SubsamplingLayers.poolingName((SubsamplingLayer) layer);
            window = () -> SubsamplingLayers.window((SubsamplingLayer) layer);
        } else if (layer instanceof Subsampling3DLayer) {
            pooling = SubsamplingLayers.poolingName((Subsampling3DLayer) layer);
            window = () -> SubsamplingLayers.window((Subsampling3DLayer) layer);
        } else if (layer instanceof WindowPoolingLayer
                && WindowPoolingLayers.coversTheMap((WindowPoolingLayer) layer)) {
            pooling = WindowPoolingLayers.poolingName(((WindowPoolingLayer) layer).op(false).operator());
            window = ((WindowPoolingLayer) layer)::window;
        } else {
            return Optional.empty();
        }
        try {
            return Optional.of(new PoolingSite(index, name, layer, pooling, window.get(), ""));
        } catch (IllegalArgumentException | DL4JInvalidConfigException e) {
            return Optional.of(new PoolingSite(index, name, layer, pooling, null, e.getMessage()));
        }
    }

    /**
     * The site of a convolution of images that steps over elements: pooling can do that in its place.
     *
     * <p>Without its stride the convolution has its full map, n wide. Windows as wide as the stride, side by side, the
     * last one cut off at the end, make ceil(n / stride) of it, as many as the stride did.
     */
    static Optional<PoolingSite> ofStridedConvolution(int index, String name, Layer outer) {
        Layer layer = Wrappers.innermost(outer);
        if (!CONVOLUTIONS.contains(layer.getClass())) {
            return Optional.empty();
        }
        ConvolutionLayer convolution = (ConvolutionLayer) layer;
        if (Arrays.stream(convolution.getStride()).allMatch(stride -> stride == 1)) {
            return Optional.empty();
        }
        PoolingWindow window = PoolingWindow.builder(convolution.getStride())
                .stride(convolution.getStride())
                .borderMode(BorderMode.SAME)
                .channelsLast(convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC)
                .build();
        return Optional.of(new PoolingSite(index, name, layer, STRIDED_CONVOLUTION, window, ""));
    }

    /** @return position of the layer: among all layers, from 0; in a graph in the order of its configuration */
    public int index() {
        return index;
    }

    /** @return name of the layer or graph vertex */
    public String name() {
        return name;
    }

    /** @return class of the layer's configuration; of the layer inside if it is frozen or wrapped otherwise */
    public Class<? extends Layer> layerType() {
        return layer.getClass();
    }

    /**
     * What the layer computes: as {@link Pooling#name()}, or "sum", which DL4J can configure but not run, or "average
     * with padding", where the zeros of the padding count (DL4J's {@code avgPoolIncludePadInDivisor}), or "global" and
     * one of these, or "strided convolution", see {@link PoolingSwap#withStridedConvolutions()}.
     *
     * @return for instance "max"
     */
    public String pooling() {
        return pooling;
    }

    /** @return whether this is a convolution whose stride pooling may take over */
    public boolean isStridedConvolution() {
        return pooling.equals(STRIDED_CONVOLUTION);
    }

    /**
     * @return the window, for a convolution that of the pooling behind it; null in reports where {@link #obstacle()}
     *     says why there is none
     */
    public PoolingWindow window() {
        return window;
    }

    /** @return why the layer cannot be swapped; empty if it can */
    public String obstacle() {
        return obstacle;
    }

    /** The configuration, inside its wrappers; not to be modified. */
    Layer layer() {
        return layer;
    }

    /** Window size, with the dilation where there is one. */
    String kernelText() {
        boolean dilated = Arrays.stream(window.dilation()).anyMatch(d -> d != 1);
        return sizes(window.kernel()) + (dilated ? " dilated " + sizes(window.dilation()) : "");
    }

    String strideText() {
        return sizes(window.stride());
    }

    String paddingText() {
        return sizes(window.padding());
    }

    String modeText() {
        String mode = SubsamplingLayers.convolutionMode(window.borderMode()).toString();
        return window.borderMode() == BorderMode.CEIL ? mode + ", ceil" : mode;
    }

    private static String sizes(int[] sizes) {
        return Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining("x"));
    }

    @Override
    public String toString() {
        String what = window == null
                ? obstacle
                : "kernel " + kernelText() + ", stride " + strideText() + ", padding " + paddingText() + ", "
                        + modeText();
        return name + " (" + pooling + ", " + what + ")";
    }
}
