// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.integrationtests.family.ArrayLayout;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.SDPooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** A call of an operator, forward or backward, that is right but for a number of changes. */
final class OperatorCall extends HostileCall {

    private static final long MOST_BYTES = 1 << 22;

    /** Rounding errors that are allowed for copies, which other code may sum up, relative to the largest result. */
    private static final Map<DataType, Double> ERRORS = Map.of(DataType.DOUBLE, 1e-10, DataType.FLOAT, 1e-4,
            DataType.FLOAT16, 1e-2, DataType.BFLOAT16, 5e-2);

    /** Ways to call. */
    private enum Door {
        EXECUTE, ND4J, EAGER, GRAPH
    }

    private final PoolingOperator operator;
    private final int changes;

    private ValidCall valid;
    private boolean backward;
    private ExecutableOp op;
    private List<INDArray> arrays;
    private final Set<INDArray> untouchable = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean optionsChanged;
    private boolean realsChanged;
    private boolean arraysChanged;
    private boolean valuesChanged;
    private boolean broadcast;
    private ArrayChange outputChange;

    /**
     * @param operator the operator
     * @param seed the same seed gives the same call
     * @param changes how many things are changed
     * @param log gets the call before anything is done
     */
    OperatorCall(PoolingOperator operator, long seed, int changes, Consumer<String> log) {
        super(operator.name(), seed, log);
        this.operator = operator;
        this.changes = changes;
    }

    @Override
    String run() {
        note(changes + " changes");
        valid = ValidCall.draw(operator, random());
        backward = operator.hasGradient() && random().nextBoolean();
        arrays = valid.inputs();
        if (backward) {
            List<INDArray> outputs = Arrays.asList(new NDPooling().outputs(valid.op(), valid.inputs().toArray(
                    new INDArray[0])));
            arrays.addAll(outputs.subList(1, outputs.size()));
            INDArray y = outputs.get(0);
            arrays.add(y.isEmpty() ? y : Nd4j.rand(y.shape()).castTo(y.dataType()));
        }
        op = backward ? valid.op().gradient() : valid.op().copy();
        note(backward ? "backward" : "forward");
        for (int i = 0; i < changes; i++) {
            change();
        }
        if (!arraysChanged && !optionsChanged && outputChange == null) {
            return compared(valid.comparison());
        }
        String outcome = called();
        boolean comparable =
                outcome.equals(ANSWERED) && !arraysChanged && !realsChanged && outputChange == null;
        return comparable ? compared(valid.comparison(forwardOp())) : outcome;
    }

    private String compared(Optional<OperatorRun> comparison) {
        comparison.ifPresent(run -> run.layouts(layout(), layout(), layout()).check());
        return comparison.isPresent() ? RIGHT : ANSWERED;
    }

    private ArrayLayout layout() {
        return pick(ArrayLayout.values());
    }

    private void change() {
        int kind = random().nextInt(10);
        if (kind < 4) {
            changeOptions(op.iArgs().clone(), op.tArgs().clone());
        } else if (kind < 9) {
            changeArrays();
        } else {
            outputChange = pick(Arrays.stream(ArrayChange.values()).filter(ArrayChange::isForOutputs)
                    .toArray(ArrayChange[]::new));
            note("output " + outputChange);
        }
    }

    private void changeOptions(long[] options, double[] reals) {
        optionsChanged = true;
        long[] newOptions = options;
        int kind = random().nextInt(6);
        if (kind == 0) {
            newOptions = Arrays.copyOf(options, Math.max(0, options.length + random().nextInt(5) - 2));
        } else if (kind < 5 && options.length > 0) {
            newOptions[random().nextInt(options.length)] = HostileValues.whole(random());
        } else if (reals.length > 0) {
            realsChanged = true;
            reals[random().nextInt(reals.length)] = HostileValues.real(random());
        }
        note("options " + Arrays.toString(newOptions) + Arrays.toString(reals));
        ExecutableOp changed = backward ? operator.newGradientOp() : operator.newOp();
        changed.addIArgument(newOptions);
        changed.addTArgument(reals);
        changed.configureFromArguments();
        op = changed;
    }

    private void changeArrays() {
        if (random().nextInt(12) == 0) {
            arraysChanged = true;
            if (random().nextBoolean()) {
                arrays.add(arrays.get(0));
            } else {
                arrays.remove(random().nextInt(arrays.size()));
            }
            note("array count " + arrays.size());
            return;
        }
        if (arrays.isEmpty()) {
            return;
        }
        ArrayChange kind = pick(ArrayChange.values());
        int place = random().nextInt(arrays.size());
        if (untouchable.contains(arrays.get(place))) { // ND4J would read it here, and not this project
            return;
        }
        arraysChanged |= !kind.isHarmless();
        valuesChanged |= kind == ArrayChange.VALUE || kind == ArrayChange.VALUES;
        broadcast |= kind == ArrayChange.BROADCAST;
        note("array " + place + " " + kind);
        arrays.set(place, kind.of(arrays.get(place), random()));
        INDArray array = arrays.get(place);
        if (kind == ArrayChange.OUTSIDE || kind == ArrayChange.LEFT_WORKSPACE) {
            untouchable.add(array);
        }
        note(array == null || array.wasClosed() || array.isAttached()
                ? "gone"
                : array.dataType() + Arrays.toString(array.shape()) + Arrays.toString(array.stride()));
    }

    private String called() {
        Door door = outputChange != null ? Door.EXECUTE : pick(Door.values());
        note(door);
        List<LongShapeDescriptor> shapes = op.outputShapes(arrays);
        long bytes = shapes.stream().mapToLong(shape -> elements(shape) * shape.dataType().width()).sum();
        if (bytes > MOST_BYTES) {
            return TOO_LARGE;
        }
        if (door == Door.GRAPH && random().nextInt(4) == 0) {
            throughGraph();
        } else if (door == Door.EAGER && arrays.size() == op.inputNames().size()) {
            eagerly();
        } else if (door == Door.ND4J) {
            op.addInputArgument(arrays.toArray(new INDArray[0]));
            Nd4j.exec(op);
        } else {
            return executed(shapes);
        }
        return ANSWERED;
    }

    private static long elements(LongShapeDescriptor shape) {
        return Arrays.stream(shape.getShape()).reduce(1, (a, b) -> a * b);
    }

    private PoolingOp forwardOp() {
        PoolingOp forward = operator.newOp();
        forward.addIArgument(op.iArgs());
        forward.addTArgument(op.tArgs());
        forward.configureFromArguments();
        return forward;
    }

    private void throughGraph() {
        SameDiff graph = SameDiff.create();
        PoolingOp forward = forwardOp();
        List<SDVariable> variables = new ArrayList<>();
        for (INDArray array : arrays.subList(0, Math.min(arrays.size(), forward.inputNames().size()))) {
            variables.add(array == null ? null : graph.constant(array));
        }
        SDVariable y = new SDPooling(graph).pool(forward, variables.toArray(new SDVariable[0]));
        graph.output(Collections.emptyMap(), y.name());
    }

    private void eagerly() {
        PoolingOp forward = forwardOp();
        if (!backward) {
            new NDPooling().outputs(forward, arrays.toArray(new INDArray[0]));
            return;
        }
        int inputs = forward.inputNames().size();
        List<INDArray> saved = new ArrayList<>(arrays.subList(inputs, arrays.size() - 1));
        saved.add(0, null);
        new NDPooling().gradients(forward, arrays.get(arrays.size() - 1), saved.toArray(new INDArray[0]),
                arrays.subList(0, inputs).toArray(new INDArray[0]));
    }

    /** Into arrays that show whether anything around them was written. */
    private String executed(List<LongShapeDescriptor> shapes) {
        List<INDArray> outputs = new ArrayList<>();
        List<SurroundedArray> surrounded = new ArrayList<>();
        for (LongShapeDescriptor shape : shapes) {
            SurroundedArray output = new SurroundedArray(shape.dataType(), shape.getShape());
            surrounded.add(output);
            outputs.add(output.array());
        }
        if (outputChange != null && !outputs.isEmpty()) {
            int place = random().nextInt(outputs.size());
            switch (random().nextInt(6)) {
                case 0:
                    outputs.remove(place);
                    break;
                case 1:
                    outputs.set(place, arrays.get(random().nextInt(arrays.size())));
                    break;
                default:
                    outputs.set(place, outputChange.of(outputs.get(place), random()));
            }
        }
        op.execute(arrays, outputs);
        surrounded.forEach(SurroundedArray::check);
        return broadcast && !valuesChanged && !realsChanged && outputChange == null
                ? comparedWithCopies(shapes, outputs)
                : ANSWERED;
    }

    /** Elements that share a place must count as those of a copy do, in which they do not. */
    private String comparedWithCopies(List<LongShapeDescriptor> shapes, List<INDArray> outputs) {
        List<INDArray> copies = arrays.stream().map(array -> array.dup('c')).collect(Collectors.toList());
        List<INDArray> expected = results(shapes, copies);
        if (!sameBits(expected, results(shapes, copies))) {
            return ANSWERED; // draws
        }
        for (int i = 0; i < expected.size(); i++) {
            PlainArray right = flat(expected.get(i));
            double most = Arrays.stream(right.values()).filter(Double::isFinite).map(Math::abs).max().orElse(0);
            double allowed = (1 + most) * ERRORS.getOrDefault(expected.get(i).dataType(), 0.0);
            Comparison.assertClose(op.outputNames().get(i) + " of broadcast arrays", flat(outputs.get(i)), right,
                    value -> allowed);
        }
        return RIGHT;
    }

    private static PlainArray flat(INDArray array) {
        double[] values = array.isEmpty() ? new double[0] : array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        return new PlainArray(new int[] {values.length}, values);
    }

    private List<INDArray> results(List<LongShapeDescriptor> shapes, List<INDArray> inputs) {
        List<INDArray> results = shapes.stream().map(shape -> Nd4j.create(shape.dataType(), shape.getShape()))
                .collect(Collectors.toList());
        op.execute(inputs, results);
        return results;
    }

    private static boolean sameBits(List<INDArray> some, List<INDArray> others) {
        for (int i = 0; i < some.size(); i++) {
            if (!Arrays.equals(flat(some.get(i)).values(), flat(others.get(i)).values())) {
                return false;
            }
        }
        return true;
    }
}
