// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes an op, window, layer or vertex with hostile arguments, and uses it. */
final class ConfigurationCall extends HostileCall {

    private static final int MOST_ELEMENTS = 1 << 20;
    private static final int MOST_OF_ORACLE = 300; // some run the op for each input
    private static final double LEAST_REAL = 1e-3;
    private static final double MOST_REAL = 4;

    private final Class<?> type;
    private final double share;

    /**
     * @param type the class to make one of
     * @param share of hostile arguments
     */
    ConfigurationCall(Class<?> type, long seed, double share, Consumer<String> log) {
        super(type.getSimpleName() + " with " + share, seed, log);
        this.type = type;
        this.share = share;
    }

    @Override
    String run() throws Throwable {
        Object made = new HostileMaker(random(), share, this::note).make(type);
        note(made);
        made.hashCode();
        if (made instanceof PoolingOp) {
            return run((PoolingOp) made);
        }
        return LayerClasses.all().contains(made.getClass())
                ? new NetworkCall(made, random(), this::note).run()
                : ANSWERED;
    }

    private String run(PoolingOp op) {
        ValidCall call = ValidCall.draw(op.operator(), random());
        INDArray[] inputs = call.inputs().toArray(new INDArray[0]);
        double elements = op.outputShapes(Arrays.asList(inputs)).stream()
                .mapToDouble(shape -> Arrays.stream(shape.getShape()).asDoubleStream().reduce(1, (a, b) -> a * b))
                .sum();
        if (elements > MOST_ELEMENTS) {
            return TOO_LARGE;
        }
        new NDPooling().outputs(op, inputs);
        boolean isSmall = inputs[0].length() <= MOST_OF_ORACLE
                && op.operator() != PoolingOperator.FAKE_QUANTIZE; // rounding decides between two steps
        Optional<OperatorRun> comparison = isSmall && Arrays.stream(op.tArgs()).allMatch(ConfigurationCall::isOrdinary)
                ? call.comparison(op)
                : Optional.empty();
        comparison.ifPresent(OperatorRun::check);
        return comparison.isPresent() ? RIGHT : ANSWERED;
    }

    /** Whether oracles, which compute in double and do as formulas say, allow enough for rounding. */
    private static boolean isOrdinary(double option) {
        return option == 0 || Math.abs(option) >= LEAST_REAL && Math.abs(option) <= MOST_REAL;
    }
}
