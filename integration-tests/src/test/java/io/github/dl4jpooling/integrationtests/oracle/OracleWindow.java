// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;

/** One window of an operator: its elements and what belongs to it of the further inputs, each a variable. */
public final class OracleWindow {

    private final WindowOp op;
    private final PlainArray[] inputs;
    private final int[] output; // batch, channel, place
    private final int[] outputShape;
    private final int[] places; // in the spatial map
    private final int[] taps; // numbers of the elements in the whole kernel
    private final int differentiableInputs;
    private final int variables;

    private int[] owners = new int[8]; // input and position of each variable
    private int[] positions = new int[8];
    private int used;
    private int chosen = -1;
    private final Dual[] elements;

    OracleWindow(WindowOp op, PlainArray[] inputs, int[] output, int[] outputShape, int[] places, int[] taps,
            boolean differentiate) {
        this.op = op;
        this.inputs = inputs;
        this.output = output;
        this.outputShape = outputShape;
        this.places = places;
        this.taps = taps;
        differentiableInputs = differentiate ? op.differentiableInputs() : 0;
        variables = differentiate ? countVariables() : 0;
        elements = elementsOf(0);
    }

    private int countVariables() {
        int count = taps.length;
        for (WindowInput input : op.furtherInputs()) {
            count += input.isElements() || input.isMask() ? taps.length * Math.max(1, masks(input)) : 1;
        }
        return count;
    }

    private int masks(WindowInput input) {
        PlainArray array = input.isPresent() ? inputs[number(input.name())] : null;
        int kernel = kernelTaps() * (input.sharing() == Sharing.CHANNEL ? outputShape[1] : 1);
        return input.isMask() && array != null ? array.values().length / kernel : 1;
    }

    /** @return the configuration */
    public WindowOp op() {
        return op;
    }

    /** @return the elements inside the map, one at least; the last axis fastest */
    public Dual[] elements() {
        return elements;
    }

    /** @return numbers of the elements in the whole kernel */
    public int[] taps() {
        return taps;
    }

    /** @return positions of the elements in the spatial map */
    public int[] places() {
        return places;
    }

    /** @return batch, channel and place of the output */
    public int[] output() {
        return output;
    }

    /** @return elements of the whole kernel */
    public int kernelTaps() {
        int count = 1;
        for (int size : op.window().kernel()) {
            count *= size;
        }
        return count;
    }

    /** @return elements of the whole kernel inside the padded map */
    public int paddedTaps() {
        return WindowOracle.paddedTaps(op.window(), output, inputs[0].shape());
    }

    private int number(String name) {
        return op.inputNames().indexOf(name);
    }

    /** @return whether the op has this input */
    public boolean has(String name) {
        return number(name) >= 0;
    }

    /** The elements of another array of the input's shape. */
    public Dual[] elements(String name) {
        return elementsOf(number(name));
    }

    private Dual[] elementsOf(int input) {
        int[] shape = inputs[input].shape();
        int map = 1;
        for (int axis = 2; axis < shape.length; axis++) {
            map *= shape[axis];
        }
        int channel = input > 0 && op.furtherInputs().get(input - 1).isSites() ? 0 : output[1];
        Dual[] result = new Dual[places.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = variable(input, (output[0] * shape[1] + channel) * map + places[i]);
        }
        return result;
    }

    /** The value of a parameter for this window. */
    public Dual parameter(String name) {
        Sharing sharing = input(name).sharing();
        int position = sharing.perExample() ? output[0] : 0;
        position = sharing.perChannel() ? position * outputShape[1] + output[1] : position;
        for (int axis = 2; axis < output.length && sharing.perPlace(); axis++) {
            position = position * outputShape[axis] + output[axis];
        }
        return variable(number(name), position);
    }

    /** Values of a mask, one of several, for the elements. */
    public Dual[] mask(String name, int mask) {
        int channels = input(name).sharing() == Sharing.CHANNEL ? outputShape[1] : 1;
        int first = (mask * channels + (channels > 1 ? output[1] : 0)) * kernelTaps();
        Dual[] result = new Dual[taps.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = variable(number(name), first + taps[i]);
        }
        return result;
    }

    private WindowInput input(String name) {
        List<WindowInput> further = op.furtherInputs();
        return further.stream().filter(input -> input.name().equals(name)).findFirst().orElseThrow();
    }

    private Dual variable(int input, int position) {
        double value = inputs[input].values()[position];
        if (input >= differentiableInputs) {
            return Dual.constant(value);
        }
        if (used == owners.length) {
            owners = java.util.Arrays.copyOf(owners, 2 * used);
            positions = java.util.Arrays.copyOf(positions, 2 * used);
        }
        owners[used] = input;
        positions[used] = position;
        return Dual.variable(value, used++, variables);
    }

    /** Says which element the operator chose: what its index output holds. */
    public void choose(int element) {
        chosen = element;
    }

    double index() {
        return chosen < 0 ? -1 : places[chosen];
    }

    void addGradients(Dual value, double yGradient, PlainArray[] gradients) {
        for (int i = 0; i < used; i++) {
            gradients[owners[i]].values()[positions[i]] += yGradient * value.derivative(i);
        }
    }
}
