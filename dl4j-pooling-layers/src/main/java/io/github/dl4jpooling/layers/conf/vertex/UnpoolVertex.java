// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;

/**
 * A vertex that undoes a pooling of images. Inputs, in this order: the values, one for each window, and the map that
 * was pooled, whose size and channels the result gets. The order of axes is learnt from the network's input types,
 * where they are set.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class UnpoolVertex extends PoolingVertex {

    private int[] kernelSize;
    private boolean channelsLast;

    /**
     * Starts with channels first.
     *
     * @param kernelSize window size along height and width
     * @throws IllegalArgumentException if it is not two numbers
     */
    protected UnpoolVertex(int... kernelSize) {
        if (Objects.requireNonNull(kernelSize, "kernelSize").length != 2) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + ": kernelSize must have two numbers, got " + kernelSize.length);
        }
        this.kernelSize = kernelSize.clone();
    }

    @Override
    protected void check() {
        if (kernelSize == null || kernelSize.length != 2) {
            throw new IllegalArgumentException("kernelSize must have two numbers, got " + Arrays.toString(kernelSize));
        }
        window();
    }

    /**
     * The window of the pooling that is undone. Not named as a property, which JSON would hold.
     *
     * @return the window
     */
    public abstract PoolingWindow window();

    @Override
    protected List<String> inputNames() {
        return List.of("values", "map");
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        checkCount(inputs);
        for (InputType input : inputs) {
            if (input.getType() != InputType.Type.CNN) {
                throw inputError("takes images, got " + input);
            }
        }
        channelsLast = MapTypes.channelsLast(inputs[1], channelsLast); // the only place where it is learnt
        try {
            long[] pooled =
                    new MaxPool(window()).geometry(MapTypes.exampleShape(inputs[1], channelsLast)).outputShape();
            InputType expected = MapTypes.typeOf(pooled, channelsLast);
            if (!inputs[0].equals(expected)) {
                throw inputError("the values must be of type " + expected + ", got " + inputs[0]);
            }
        } catch (IllegalArgumentException e) {
            throw inputError(e.getMessage());
        }
        setExampleShape(hasParameters() ? MapTypes.exampleShape(inputs[0], channelsLast) : null);
        return inputs[1];
    }

    /** Whether there are parameters, whose shapes depend on the values'. */
    boolean hasParameters() {
        return false;
    }
}
