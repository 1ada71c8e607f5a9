// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.WindowDraws;
import io.github.dl4jpooling.ops.Dequantize;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.Quantize;
import io.github.dl4jpooling.ops.QuantizedForms;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A call of an operator that is right, drawn at random: what hostile calls start from. */
final class ValidCall {

    private static final String QUANTIZED = "QUANTIZED_";
    private static final int MOST_OF_ORACLE = 64;

    private final PoolingOp op;
    private final DataType type;
    private final List<INDArray> inputs;
    private final OperatorOracle oracle; // null where there is none for the op's own numbers
    private final OracleCase oracleCase;

    private ValidCall(PoolingOp op, DataType type, List<INDArray> inputs, OperatorOracle oracle,
            OracleCase oracleCase) {
        this.op = op;
        this.type = type;
        this.inputs = inputs;
        this.oracle = oracle;
        this.oracleCase = oracleCase;
    }

    static ValidCall draw(PoolingOperator operator, Random random) {
        DataType type = WindowDraws.pick(random, new ArrayList<>(operator.dataTypes()));
        if (operator.hasGradient()) {
            OperatorOracle oracle = Conventions.oracle(operator);
            OracleCase drawn = oracle.draw(random);
            INDArray[] arrays = new OperatorRun(oracle, drawn, type).arrays();
            return new ValidCall(drawn.op(), type, Arrays.asList(arrays), oracle, drawn);
        }
        return operator.name().startsWith(QUANTIZED) ? quantized(operator, type, random)
                : conversion(operator, type, random);
    }

    /** The 8-bit form of what the oracle of its float form draws. */
    private static ValidCall quantized(PoolingOperator operator, DataType type, Random random) {
        PoolingOperator floatForm = PoolingOperator.valueOf(operator.name().substring(QUANTIZED.length()));
        OperatorOracle oracle = Conventions.oracle(floatForm);
        OracleCase drawn = oracle.draw(random);
        while (drawn.op() instanceof WindowedOp && ((WindowedOp) drawn.op()).window().masked()) {
            drawn = oracle.draw(random);
        }
        Quantization quantization = Quantization.ofRange(type, -1, 3);
        PoolingOp op = QuantizedForms.of(drawn.op(), quantization, quantization).orElseThrow();
        INDArray[] arrays = new OperatorRun(oracle, drawn, DataType.FLOAT).arrays();
        arrays[0] = bytes(type, arrays[0].shape());
        return new ValidCall(op, type, Arrays.asList(arrays), null, null);
    }

    private static ValidCall conversion(PoolingOperator operator, DataType type, Random random) {
        long[] shape = new long[3 + random.nextInt(3)];
        Arrays.setAll(shape, axis -> 1 + random.nextInt(4));
        boolean toBytes = operator == PoolingOperator.QUANTIZE;
        DataType bytes = random.nextBoolean() ? DataType.INT8 : DataType.UINT8;
        Quantization quantization = Quantization.ofRange(toBytes ? bytes : type, -1, 3);
        PoolingOp op = toBytes
                ? new Quantize(quantization, random.nextBoolean())
                : new Dequantize(quantization, random.nextBoolean(), DataType.FLOAT);
        INDArray input = toBytes ? Nd4j.rand(DataType.FLOAT, shape).castTo(type) : bytes(type, shape);
        return new ValidCall(op, type, List.of(input), null, null);
    }

    private static INDArray bytes(DataType type, long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape).muli(100).castTo(type);
    }

    private static long[][] shapes(INDArray... arrays) {
        return Arrays.stream(arrays).map(INDArray::shape).toArray(long[][]::new);
    }

    PoolingOp op() {
        return op;
    }

    List<INDArray> inputs() {
        return new ArrayList<>(inputs);
    }

    /** Comparison with the oracle, which also has the arrays lie in all ways in memory. */
    Optional<OperatorRun> comparison() {
        return Optional.ofNullable(oracle).map(known -> new OperatorRun(known, oracleCase, type));
    }

    /** The same for another configuration of the op, if the oracle takes it, and in a time that one can wait. */
    Optional<OperatorRun> comparison(PoolingOp other) {
        if (oracle == null || other.drawsAnew() || other.operator().name().startsWith("DEFORMABLE_POLICY")
                || Arrays.stream(other.iArgs()).anyMatch(option -> Math.abs(option) > MOST_OF_ORACLE)) {
            return Optional.empty();
        }
        try {
            oracle.outputs(other, oracleCase.inputs());
            OperatorRun run = new OperatorRun(oracle, new OracleCase(other, oracleCase.inputs()), type);
            return Arrays.deepEquals(shapes(run.arrays()), shapes(inputs.toArray(new INDArray[0])))
                    ? Optional.of(run)
                    : Optional.empty(); // with the axes in another order
        } catch (RuntimeException e) {
            return Optional.empty(); // made for what it draws itself
        }
    }
}
