// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.layers.impl.vertex.WindowPooling;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A vertex that applies a {@link WindowedOp} to several arrays of a graph: first the one to pool, then what else the
 * operator takes, in its order, but for parameters. The order of axes is learnt from the network's input type, where it
 * is set.
 *
 * <p>Masks of sequences work as those of layers do: the mask of the array to pool decides which steps are elements.
 * All inputs get gradients, which are 0 where the operator has none.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class WindowPoolingVertex extends PoolingVertex {

    private int[] kernelSize;
    private int[] stride;
    private int[] padding;
    private int[] dilation;
    private BorderMode borderMode;
    private boolean channelsLast;

    /**
     * Takes the window.
     *
     * @param window the window, without a mask: whether there is one the network says
     */
    protected WindowPoolingVertex(PoolingWindow window) {
        if (Objects.requireNonNull(window, "window").masked()) {
            throw new IllegalArgumentException(getClass().getSimpleName()
                    + ": the window must not be masked, the network says whether there is a mask; got " + window);
        }
        kernelSize = window.kernel();
        stride = window.stride();
        padding = window.padding();
        dilation = window.dilation();
        borderMode = window.borderMode();
        channelsLast = window.channelsLast();
    }

    /**
     * The window of this vertex. Not named as a property, which JSON would hold.
     *
     * @return the window
     */
    public PoolingWindow window() {
        return PoolingWindow.builder(kernelSize)
                .stride(stride)
                .padding(padding)
                .dilation(dilation)
                .borderMode(borderMode)
                .channelsLast(channelsLast)
                .build();
    }

    /** @return the operator this vertex applies, with its configuration */
    public abstract WindowedOp op();

    /**
     * Shapes that inputs must have.
     *
     * @param inputShape shape of the array to pool
     * @return shapes of all inputs of the vertex after the first
     */
    protected abstract long[][] furtherShapes(long... inputShape);

    @Override
    protected List<String> inputNames() {
        return op().inputNames();
    }

    @Override
    public WindowPoolingVertex clone() {
        return (WindowPoolingVertex) super.clone();
    }

    @Override
    protected WindowPooling instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new WindowPooling(graph, name, index, this, networkType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        InputType.Type type = MapTypes.type(kernelSize.length);
        checkCount(inputs);
        if (Arrays.stream(inputs).anyMatch(input -> input.getType() != type)) {
            throw inputError("takes inputs of type " + type + ", got " + Arrays.toString(inputs));
        }
        channelsLast = MapTypes.channelsLast(inputs[0], channelsLast); // the only place where it is learnt
        long[] shape = MapTypes.exampleShape(inputs[0], channelsLast);
        setExampleShape(op().inputNames().size() > inputs.length ? shape : null); // the rest are parameters
        if (shape[channelsLast ? 1 : 2] == 0 && shape.length == 3) { // a sequence of unknown length
            return InputType.recurrent(shape[channelsLast ? 2 : 1], channelsLast ? RNNFormat.NWC : RNNFormat.NCW);
        }
        try {
            long[][] further = furtherShapes(shape);
            for (int i = 1; i < inputs.length; i++) {
                InputType expected = MapTypes.typeOf(further[i - 1], channelsLast);
                if (!Arrays.equals(MapTypes.exampleShape(inputs[i], channelsLast), further[i - 1])
                        || MapTypes.channelsLast(inputs[i], channelsLast) != channelsLast) {
                    throw inputError("the " + inputNames().get(i) + " must be of type " + expected + ", got "
                            + inputs[i]);
                }
            }
            return MapTypes.typeOf(op().geometry(shape).outputShape(), channelsLast);
        } catch (IllegalArgumentException e) {
            throw inputError(e.getMessage());
        }
    }
}
