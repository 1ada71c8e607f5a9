// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.FakeQuantizing;
import io.github.dl4jpooling.layers.impl.Pooling;
import io.github.dl4jpooling.layers.quantization.Calibration;
import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.FakeQuantize;
import io.github.dl4jpooling.ops.Quantization;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Fake quantisation, for quantisation-aware training: rounds its input to numbers that 8 bits have, in training as in
 * inference. Put it in front of poolings that are to become 8-bit. Definition, gradient and edge cases: {@link
 * FakeQuantize}.
 *
 * <pre>{@code
 * .layer(new FakeQuantizeLayer.Builder().calibration(Calibration.MOVING_AVERAGE).build())
 * }</pre>
 *
 * <p>The range follows from what the layer gets: every batch in training is seen by a {@link RangeObserver} before it
 * is rounded. What that has seen is a parameter of the layer, {@value #RANGE}, which no updater changes and which is
 * stored with the model. Before anything was seen the input passes as it is. {@code freezeAfter} batches the range
 * stays. Defaults: UINT8, moving average with momentum 0.1, one range for all channels, never frozen. The network's
 * input type must be set for a range per channel. Masks are not supported.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class FakeQuantizeLayer extends MapPoolingLayer {

    /** Name of the parameter that keeps what was seen. */
    public static final String RANGE = "range";

    private DataType quantizedType = DataType.UINT8;
    private Calibration calibration = Calibration.MOVING_AVERAGE;
    private double momentum = RangeObserver.DEFAULT_MOMENTUM;
    private double percentile = RangeObserver.DEFAULT_PERCENTILE;
    private boolean perChannel;
    private int freezeAfter;
    private int spatialDimensions = 2;

    private FakeQuantizeLayer(Builder builder) {
        super(builder);
        quantizedType = builder.quantizedType;
        calibration = builder.calibration;
        momentum = builder.momentum;
        percentile = builder.percentile;
        perChannel = builder.perChannel;
        freezeAfter = builder.freezeAfter;
        spatialDimensions = builder.spatialDimensions;
    }

    /** @return what the layer sees its input with */
    public RangeObserver observer() {
        try {
            return new RangeObserver(calibration, momentum, percentile);
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    /**
     * The quantization that the layer has learnt.
     *
     * @param range the parameter {@value #RANGE}
     * @return the quantization
     */
    public Quantization quantization(INDArray range) {
        return observer().quantization(range, quantizedType);
    }

    /**
     * Whether a batch still changes the range.
     *
     * @param range the parameter {@value #RANGE}
     * @return false once as many batches were seen as {@code freezeAfter} says
     */
    public boolean isLearning(INDArray range) {
        return freezeAfter == 0 || Objects.requireNonNull(range, "range").getDouble(0, 0) < freezeAfter;
    }

    /** With a stand-in for the quantization, which is a matter of the parameter. */
    @Override
    protected FakeQuantize newOp(boolean training) {
        return new FakeQuantize(Quantization.of(quantizedType, 1, 0), isChannelsLast());
    }

    @Override
    protected void check() {
        super.check();
        observer();
        if (freezeAfter < 0) {
            throw configError("freezeAfter must be at least 0, got " + freezeAfter, null);
        }
    }

    @Override
    public int dimensions() {
        return Math.min(3, Math.max(1, spatialDimensions));
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return inputShape.clone();
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        long channels = 1;
        if (perChannel) {
            if (getExampleShape() == null) {
                throw configError("has a range for each channel: set the input type of the network", null);
            }
            channels = getExampleShape()[isChannelsLast() ? dimensions() + 1 : 1];
        }
        return Collections.singletonMap(RANGE, observer().stateShape(channels));
    }

    @Override
    public IUpdater getUpdaterByParam(String paramName) {
        return new NoOp();
    }

    /** No decay moves the range. */
    @Override
    public List<Regularization> getRegularizationByParam(String paramName) {
        return Collections.emptyList();
    }

    @Override
    protected Pooling newLayer(NeuralNetConfiguration conf, DataType networkDataType) {
        return new FakeQuantizing(conf, networkDataType);
    }

    @Override
    public FakeQuantizeLayer clone() {
        return (FakeQuantizeLayer) super.clone();
    }

    /** Builds a {@link FakeQuantizeLayer}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private DataType quantizedType = DataType.UINT8;
        private Calibration calibration = Calibration.MOVING_AVERAGE;
        private double momentum = RangeObserver.DEFAULT_MOMENTUM;
        private double percentile = RangeObserver.DEFAULT_PERCENTILE;
        private boolean perChannel;
        private int freezeAfter;
        private int spatialDimensions = 2;

        /**
         * @param type INT8 or UINT8 (the default)
         * @return this
         */
        public Builder quantizedType(DataType type) {
            quantizedType = Objects.requireNonNull(type, "quantizedType");
            return this;
        }

        /**
         * @param newCalibration how the range follows from what was seen; default MOVING_AVERAGE
         * @return this
         */
        public Builder calibration(Calibration newCalibration) {
            calibration = Objects.requireNonNull(newCalibration, "calibration");
            return this;
        }

        /**
         * @param newMomentum share of a new batch in a moving average, above 0, up to 1; default 0.1
         * @return this
         */
        public Builder momentum(double newMomentum) {
            momentum = newMomentum;
            return this;
        }

        /**
         * @param newPercentile share of the numbers, in percent, below the range's end; default 99.99
         * @return this
         */
        public Builder percentile(double newPercentile) {
            percentile = newPercentile;
            return this;
        }

        /**
         * @param newPerChannel whether each channel has a range of its own; default false
         * @return this
         */
        public Builder perChannel(boolean newPerChannel) {
            perChannel = newPerChannel;
            return this;
        }

        /**
         * @param batches number of batches after which the range stays; 0 (the default) for never
         * @return this
         */
        public Builder freezeAfter(int batches) {
            freezeAfter = batches;
            return this;
        }

        /**
         * @param dimensions 1 for sequences, 2 for images (the default), 3 for volumes
         * @return this
         */
        public Builder spatialDimensions(int dimensions) {
            spatialDimensions = dimensions;
            return this;
        }

        @Override
        public FakeQuantizeLayer build() {
            return checked(new FakeQuantizeLayer(this));
        }
    }
}
