// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import io.github.dl4jpooling.integrationtests.family.ArrayLayout;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.GuardedArray;
import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.QuantizedForms;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An 8-bit operator on numbers drawn at random, and what its float operator's oracle says of the numbers they stand
 * for: plain loops in double.
 */
final class QuantizedCase {

    /** Operators with an 8-bit form. */
    static final List<PoolingOperator> FLOAT_FORMS = List.of(
            PoolingOperator.MAX_POOL, PoolingOperator.AVERAGE_POOL, PoolingOperator.SOFT_POOL,
            PoolingOperator.ADAPTIVE_AVG_POOL, PoolingOperator.ADAPTIVE_MAX_POOL, PoolingOperator.ROI_ALIGN);

    private final PoolingOp floatOp;
    private final PoolingOp op;
    private final OperatorOracle oracle;
    private final Quantization input;
    private final Quantization output;
    private final PlainArray codes;
    private final PlainArray[] further;
    private final ArrayLayout inputLayout;
    private final ArrayLayout outputLayout;

    private QuantizedCase(PoolingOp floatOp, OperatorOracle oracle, PlainArray codes, PlainArray[] further,
            Quantization input, Quantization output, ArrayLayout inputLayout, ArrayLayout outputLayout) {
        this.floatOp = floatOp;
        this.oracle = oracle;
        this.codes = codes;
        this.further = further;
        this.input = input;
        this.output = output;
        this.inputLayout = inputLayout;
        this.outputLayout = outputLayout;
        op = QuantizedForms.of(floatOp, input, output).orElseThrow();
    }

    /** Draws configuration, sizes, layouts, scales and zero points; often the extremes of the type. */
    static QuantizedCase draw(PoolingOperator floatForm, DataType type, Random random) {
        OperatorOracle oracle = Conventions.oracle(floatForm);
        OracleCase drawn = oracle.draw(random);
        PlainArray x = drawn.inputs()[0];
        int channels = x.shape()[1];
        Quantization input = quantization(random, type, channels, 0);
        boolean same = random.nextBoolean();
        Quantization output = same ? input : quantization(random, type, channels, Math.log(input.scale(0)));
        boolean extremes = random.nextInt(4) == 0;
        PlainArray codes = PlainArray.zeros(x.shape());
        for (int i = 0; i < codes.values().length; i++) {
            int code = extremes ? 255 * random.nextInt(2) : random.nextInt(256);
            codes.values()[i] = code + input.least();
        }
        PlainArray[] further = Arrays.copyOfRange(drawn.inputs(), 1, drawn.inputs().length);
        for (int i = 0; i < further.length; i++) {
            further[i] = further[i].roundedTo(DataType.FLOAT);
        }
        return new QuantizedCase(drawn.op(), oracle, codes, further, input, output, layout(random), layout(random));
    }

    /** One scale, or one a channel, near a given one. */
    static Quantization quantization(Random random, DataType type, int channels, double logarithm) {
        int count = random.nextBoolean() ? channels : 1;
        double[] scales = new double[count];
        int[] zeroPoints = new int[count];
        for (int c = 0; c < count; c++) {
            scales[c] = Math.exp(logarithm - 3 + 3 * random.nextDouble());
            int code = random.nextInt(4) == 0 ? 255 * random.nextInt(2) : random.nextInt(256);
            zeroPoints[c] = code + (type == DataType.INT8 ? -128 : 0);
        }
        return Quantization.perChannel(type, scales, zeroPoints);
    }

    private static ArrayLayout layout(Random random) {
        ArrayLayout[] layouts = ArrayLayout.values();
        return random.nextBoolean() ? ArrayLayout.DENSE : layouts[random.nextInt(layouts.length)];
    }

    PoolingOp op() {
        return op;
    }

    /** Runs the op on its 8-bit numbers. */
    PlainArray result() {
        List<INDArray> inputs = new ArrayList<>();
        GuardedArray x = inputLayout.copy(codes, input.type(), op.channelsLast());
        inputs.add(x.array());
        for (int i = 0; i < further.length; i++) {
            boolean isMask = op.inputNames().get(i + 1).equals(WindowedOp.MASK);
            inputs.add(further[i].toArray(isMask ? input.type() : DataType.FLOAT, false));
        }
        int[] shape = PlainArray.axes(codes.shape().length, op.channelsLast());
        long[] sizes = op.outputShapes(inputs).get(0).getShape();
        int[] channelsFirst = new int[sizes.length];
        for (int a = 0; a < sizes.length; a++) {
            channelsFirst[shape[a]] = (int) sizes[a];
        }
        GuardedArray y = outputLayout.create(input.type(), channelsFirst, op.channelsLast());
        op.execute(inputs, List.of(y.array()));
        x.read(); // says whether anything around it was written
        return y.read();
    }

    /** The float result for the numbers that the 8-bit ones stand for, in steps of the output, not rounded. */
    PlainArray exact() {
        PlainArray real = PlainArray.zeros(codes.shape());
        for (int i = 0; i < real.values().length; i++) {
            int channel = real.index(i)[1];
            real.values()[i] = input.scale(channel) * (codes.values()[i] - input.zeroPoint(channel));
        }
        PlainArray[] inputs = new PlainArray[further.length + 1];
        inputs[0] = real;
        System.arraycopy(further, 0, inputs, 1, further.length);
        PlainArray y = oracle.outputs(floatOp, inputs)[0];
        for (int i = 0; i < y.values().length; i++) {
            int channel = y.index(i)[1];
            double steps = y.values()[i] / output.scale(channel) + output.zeroPoint(channel);
            y.values()[i] = Math.max(output.least(), Math.min(output.most(), steps));
        }
        return y;
    }

    boolean keepsQuantization() {
        return input.equals(output);
    }

    @Override
    public String toString() {
        return op + ", input " + input + ", output " + output + ", " + Arrays.toString(codes.shape()) + ", layouts "
                + inputLayout + ", " + outputLayout;
    }
}
