// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import io.github.dl4jpooling.integrationtests.family.ArrayLayout;
import io.github.dl4jpooling.integrationtests.family.GuardedArray;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.Dequantize;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.Quantize;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** Calls of operators of 8-bit numbers, drawn at random. */
public final class QuantizedCalls {

    private static final String QUANTIZED = "QUANTIZED_";
    private static final List<DataType> REAL = List.copyOf(PoolingOperator.QUANTIZE.dataTypes());

    private QuantizedCalls() {}

    /**
     * Calls an operator.
     *
     * @param operator one without a gradient
     * @param seed the same seed gives the same calls
     * @param count how many of each type
     */
    public static void make(PoolingOperator operator, int seed, int count) {
        Random random = new Random(seed);
        for (DataType type : operator.dataTypes()) {
            for (int i = 0; i < count; i++) {
                if (operator.name().startsWith(QUANTIZED)) {
                    QuantizedCase.draw(
                            PoolingOperator.valueOf(operator.name().substring(QUANTIZED.length())), type, random)
                            .result();
                } else if (operator == PoolingOperator.QUANTIZE) {
                    convert(type, i % 2 == 0 ? DataType.INT8 : DataType.UINT8, random, true);
                } else {
                    convert(REAL.get(i % REAL.size()), type, random, false);
                }
            }
        }
    }

    private static void convert(DataType real, DataType bytes, Random random, boolean toBytes) {
        int[] shape = new int[2 + random.nextInt(4)];
        Arrays.setAll(shape, axis -> 1 + random.nextInt(axis == shape.length - 1 ? 70 : 4));
        boolean last = random.nextBoolean();
        Quantization quantization = QuantizedCase.quantization(random, bytes, shape[1], 0);
        PoolingOp op = toBytes ? new Quantize(quantization, last) : new Dequantize(quantization, last, real);
        ArrayLayout[] layouts = ArrayLayout.values();
        GuardedArray x = layouts[random.nextInt(layouts.length)]
                .copy(PlainArray.gaussian(random, 50, shape), toBytes ? real : bytes, last);
        GuardedArray y = layouts[random.nextInt(layouts.length)].create(toBytes ? bytes : real, shape, last);
        op.execute(List.of(x.array()), List.of(y.array()));
        y.read(); // says whether anything around it was written
    }
}
