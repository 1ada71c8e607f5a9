// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.vertex.RegionPooling;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.List;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A vertex that applies a {@link RegionOp}. Inputs, in this order: the map or maps; what else the operator takes
 * (offsets, masks); boxes.
 *
 * <p>Boxes come in two forms.
 * <ul>
 *   <li>Any number: {@code [R,5]}, number of the image first. The result has a batch of R regions, {@code
 *       [R,C,rows,columns]}, and so must the labels; use it where the regions are examples of their own.
 *   <li>{@code boxesPerImage}: K boxes for each image, {@code [N,K,4]} or {@code [N,4K]}, without number. The result
 *       keeps the batch: {@code [N,K*C,rows,columns]}, box by box. Offsets and masks likewise have K times the
 *       channels.
 * </ul>
 *
 * <p>With the channels last (NHWC, learnt from the network's input type) maps, results, offsets and masks have them
 * last. Maps are cast to the network's type, boxes to float where they are narrower: but DL4J may have rounded a
 * network input to 16 bits before. Masks of examples do not pass. Boxes get a gradient of zeros, unless the operator
 * has one.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class RegionPoolingVertex extends PoolingVertex {

    private int rows;
    private int columns;
    private double spatialScale = 1;
    private boolean channelsLast;
    private boolean boxesPerImage;

    /** @return the operator this vertex applies, with its configuration */
    public abstract RegionOp op();

    /** @return how many of the inputs, the first ones, are maps to pool */
    public int mapInputs() {
        return 1;
    }

    /** @return the grid of the operator */
    protected final RegionGrid grid() {
        return RegionGrid.builder(rows, columns).spatialScale(spatialScale).channelsLast(channelsLast).build();
    }

    /** Fails if a setting is out of range. */
    private RegionOp checkedOp() {
        try {
            return op();
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        RegionOp op = checkedOp();
        checkCount(inputs);
        InputType.InputTypeConvolutional map = null;
        for (int i = 0; i < mapInputs(); i++) {
            if (!(inputs[i] instanceof InputType.InputTypeConvolutional)) {
                throw inputError("the " + op.inputNames().get(i) + " must be of type CNN, got " + inputs[i]);
            }
            InputType.InputTypeConvolutional next = (InputType.InputTypeConvolutional) inputs[i];
            map = map == null ? next : map;
            if (next.getChannels() != map.getChannels() || next.getFormat() != map.getFormat()) {
                throw inputError("all maps must have the channels and format of the first, " + map + ", got " + next);
            }
        }
        channelsLast = map.getFormat() == CNN2DFormat.NHWC; // the only place where it is learnt
        long regions = regionsOfAnImage(op, inputs[inputs.length - 1]);
        try {
            return InputType.convolutional(
                    rows, columns, regions * op.outputChannels(map.getChannels()), map.getFormat());
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    private long regionsOfAnImage(RegionOp op, InputType boxes) throws InvalidInputTypeException {
        int numbers = op.boxNumbers();
        if (boxes instanceof InputType.InputTypeFeedForward) {
            long size = ((InputType.InputTypeFeedForward) boxes).getSize();
            if (boxesPerImage ? size > 0 && size % numbers == 0 : size == numbers + 1) {
                return boxesPerImage ? size / numbers : 1;
            }
        } else if (boxesPerImage && boxes instanceof InputType.InputTypeRecurrent) {
            InputType.InputTypeRecurrent sequence = (InputType.InputTypeRecurrent) boxes;
            boolean numbersLast = sequence.getTimeSeriesLength() == numbers;
            if (numbersLast || sequence.getSize() == numbers) {
                return numbersLast ? sequence.getSize() : sequence.getTimeSeriesLength();
            }
        }
        String allowed = boxesPerImage
                ? "feed forward of a multiple of " + numbers + " or recurrent [K," + numbers + "]"
                : "feed forward of size " + (numbers + 1);
        throw inputError("the boxes must be " + allowed + ", got " + boxes);
    }

    @Override
    protected List<String> inputNames() {
        return checkedOp().inputNames();
    }

    @Override
    protected RegionPooling instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new RegionPooling(graph, name, index, this, networkType);
    }

    @Override
    public RegionPoolingVertex clone() {
        return (RegionPoolingVertex) super.clone();
    }

    /**
     * Settings of every region vertex.
     *
     * @param <V> the vertex
     * @param <T> the builder's own type
     */
    public abstract static class Builder<V extends RegionPoolingVertex, T extends Builder<V, T>> {

        private final V vertex;

        /**
         * Starts with the defaults.
         *
         * @param vertex a new vertex
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        protected Builder(V vertex, int rows, int columns) {
            this.vertex = vertex;
            vertex().setRows(rows);
            vertex().setColumns(columns);
        }

        /** @return the vertex being built */
        protected final V vertex() {
            return vertex;
        }

        /** @return this, as the builder's own type */
        @SuppressWarnings("unchecked")
        protected final T self() {
            return (T) this;
        }

        /**
         * @param spatialScale size of the map divided by that of the image whose coordinates boxes have; default 1
         * @return this
         */
        public T spatialScale(double spatialScale) {
            vertex().setSpatialScale(spatialScale);
            return self();
        }

        /**
         * @param format NCHW (the default) or NHWC. A network's input type, where it is set, decides.
         * @return this
         */
        public T dataFormat(CNN2DFormat format) {
            vertex().setChannelsLast(Objects.requireNonNull(format, "format") == CNN2DFormat.NHWC);
            return self();
        }

        /**
         * @param boxesPerImage whether every image has the same number of boxes and the batch is kept; default false
         * @return this
         */
        public T boxesPerImage(boolean boxesPerImage) {
            vertex().setBoxesPerImage(boxesPerImage);
            return self();
        }

        /**
         * @return a new vertex
         * @throws DL4JInvalidConfigException if a setting is out of range; the message names it, its value and the
         * range
         */
        @SuppressWarnings("unchecked")
        public V build() {
            ((RegionPoolingVertex) vertex).checkedOp();
            return (V) vertex.clone();
        }
    }
}
