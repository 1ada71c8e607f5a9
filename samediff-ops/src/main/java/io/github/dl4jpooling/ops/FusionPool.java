// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fusion pooling: several poolings of the same map, its branches, merged into one map.
 *
 * <pre>
 * CONCAT   y = the channels of P_1(x), then those of P_2(x), ...
 * SUM      y = sum_m P_m(x)          AVG   y = sum_m P_m(x) / M          MAX   y = max_m P_m(x)
 * </pre>
 *
 * <p>Lets a network see, for instance, the strongest response and the mean, or what small and large windows find, where
 * one pooling would have to be chosen. Each branch costs what its pooling costs. Merging by MAX what are maxima of
 * windows within each other gives the largest window alone; where the best branch depends on the image, see
 * {@link HierarchicalDynamicPool}, where they have outputs of different sizes, {@link MultiScalePool}.
 *
 * <p>Branches are any ops with the map as their only input ({@link CombinedOp} says which). Input {@code [N,C,W]},
 * {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last); outputs of the branches must have the same shape, with
 * CONCAT but for the number of channels. Types float, double, half, bfloat16. MAX has a second output "branch", INT64,
 * of the output's shape: the number of the branch chosen, from 0; the first one of equals, which gets the whole
 * gradient. A NaN in a branch gives NaN, and with MAX its first NaN gets the gradient. The gradient is the exact one of
 * branches and merge.
 *
 * <p>Memory: SUM and AVG add branch to branch in the output and need one more map of its size, CONCAT none, MAX one for
 * each branch. The gradient adds them in place, with one more map of the input's size; a branch that has an index, as
 * maxima do, is run again for it. While such a branch runs, its index takes 8 bytes for each of its outputs.
 */
public final class FusionPool extends CombinedOp {

    private static final String BRANCH = "branch";

    /** How the results of the branches become one. */
    public enum Merge {
        // The order is stored in saved graphs: new ones go to the end.
        /** One behind the other, along the channels. */
        CONCAT,
        /** Their sum. */
        SUM,
        /** Their mean. */
        AVG,
        /** The largest, element by element. */
        MAX
    }

    /** For SameDiff, which fills in the arguments. */
    public FusionPool() {}

    /**
     * Maximum and average of the same windows, one behind the other.
     *
     * @param window the windows
     */
    public FusionPool(PoolingWindow window) {
        this(Merge.CONCAT, new MaxPool(window), new AveragePool(window));
    }

    /**
     * Chooses everything.
     *
     * @param merge how the results become one
     * @param branches poolings without further inputs, one at least
     */
    public FusionPool(Merge merge, PoolingOp... branches) {
        this(merge, Arrays.asList(Objects.requireNonNull(branches, "branches")));
    }

    /**
     * Chooses everything.
     *
     * @param merge how the results become one
     * @param branches poolings without further inputs, one at least
     */
    public FusionPool(Merge merge, List<? extends PoolingOp> branches) {
        super(options(Objects.requireNonNull(merge, "merge")), branches);
    }

    /** @return how the results become one */
    public Merge merge() {
        return option(0, Merge.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.FUSION_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        merge();
    }

    @Override
    String partName(int part) {
        return "branch " + part;
    }

    @Override
    public List<String> outputNames() {
        return merge() == Merge.MAX ? Arrays.asList("output", BRANCH) : Collections.singletonList("output");
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals(BRANCH) ? DataType.INT64 : type;
    }

    @Override
    long[][] outputShapes(DataType type, long... inputShape) {
        List<PoolingOp> branches = parts();
        long[] first = null;
        long channels = 0;
        for (int i = 0; i < branches.size(); i++) {
            long[] shape = outputShape(i, branches.get(i), type, inputShape);
            int axis = channelAxis(shape.length);
            long own = shape[axis];
            channels += own;
            first = first == null ? shape.clone() : first;
            if (merge() == Merge.CONCAT && shape.length == first.length) {
                shape[axis] = first[axis];
            }
            if (!Arrays.equals(shape, first)) {
                shape[axis] = own;
                throw error("outputs of the branches must have the same shape" + (merge() == Merge.CONCAT
                        ? " but for the channels" : "") + ", got " + Arrays.toString(first) + " of branch 0 and "
                        + Arrays.toString(shape) + " of branch " + i);
            }
        }
        if (merge() == Merge.CONCAT) {
            first[channelAxis(first.length)] = channels;
        }
        return merge() == Merge.MAX ? new long[][] {first, first} : new long[][] {first};
    }

    @Override
    void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries) {
        List<PoolingOp> branches = parts();
        INDArray x = inputs.get(0);
        INDArray y = outputs.get(0);
        if (merge() == Merge.MAX) {
            Stack stack = new Stack(branches.size(), y, temporaries);
            for (int i = 0; i < branches.size(); i++) {
                pool(branches.get(i), x, stack.map(i));
            }
            stack.largest(y, outputs.get(1));
            return;
        }
        if (merge() == Merge.CONCAT) {
            List<INDArray> places = channelsOfBranches(x, y);
            for (int i = 0; i < branches.size(); i++) {
                pool(branches.get(i), x, places.get(i));
            }
            return;
        }
        pool(branches.get(0), x, y);
        INDArray next = branches.size() > 1 ? temporaries.like(y) : null;
        for (PoolingOp branch : branches.subList(1, branches.size())) {
            pool(branch, x, next);
            y.addi(next);
        }
        if (merge() == Merge.AVG) {
            y.divi(branches.size());
        }
    }

    private static void pool(PoolingOp branch, INDArray x, INDArray y) {
        try (Temporaries temporaries = new Temporaries()) { // an index that nobody asked for
            new AppliedPooling(branch, x, y, temporaries);
        }
    }

    /** Where the results of the branches stand in the output or its gradient, as views. */
    private List<INDArray> channelsOfBranches(INDArray x, INDArray y) {
        int axis = channelAxis(y.rank());
        List<PoolingOp> branches = parts();
        INDArray[] places = new INDArray[branches.size()];
        long begin = 0;
        for (int i = 0; i < places.length; i++) {
            long channels = outputShape(i, branches.get(i), x.dataType(), x.shape())[axis];
            places[i] = part(y, axis, begin, channels);
            begin += channels;
        }
        return Arrays.asList(places);
    }

    /** Gradients of the results of the branches. */
    private List<INDArray> ofBranches(INDArray x, List<INDArray> saved, INDArray yGradient, Temporaries temporaries) {
        int count = parts().size();
        switch (merge()) {
            case CONCAT:
                return channelsOfBranches(x, yGradient);
            case SUM:
                return Collections.nCopies(count, yGradient);
            case AVG:
                return Collections.nCopies(count, temporaries.add(yGradient.div(count)));
            default:
                Stack stack = new Stack(count, yGradient, temporaries);
                stack.putBack(yGradient, saved.get(0));
                INDArray[] gradients = new INDArray[count];
                Arrays.setAll(gradients, stack::map);
                return Arrays.asList(gradients);
        }
    }

    @Override
    void backward(List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        INDArray x = inputs.get(0);
        INDArray xGradient = gradients.get(0);
        List<PoolingOp> branches = parts();
        List<INDArray> ofBranches = ofBranches(x, saved, yGradient, temporaries);
        AppliedPooling.backward(branches.get(0), x, ofBranches.get(0), xGradient);
        INDArray next = branches.size() > 1 ? temporaries.like(x) : null;
        for (int i = 1; i < branches.size(); i++) {
            AppliedPooling.backward(branches.get(i), x, ofBranches.get(i), next);
            xGradient.addi(next);
        }
    }

    /**
     * Maps of one shape, one behind the other: sequences of as many steps as there are maps, with an element of the map
     * for each channel, which maximum pooling takes.
     */
    private static final class Stack {
        private final int count;
        private final long[] shape;
        private final long length;
        private final INDArray maps; // [1, count, length]
        private final Temporaries temporaries;

        Stack(int count, INDArray like, Temporaries temporaries) {
            this.count = count;
            this.temporaries = temporaries;
            shape = like.shape();
            length = like.length();
            maps = temporaries.create(like.dataType(), 1, count, length);
        }

        INDArray map(int number) {
            return view(maps, number * length, shape, ArrayUtil.calcStrides(shape));
        }

        private boolean isPlain(INDArray map) {
            return Arrays.equals(map.stride(), ArrayUtil.calcStrides(shape));
        }

        /** A map as a sequence of one step; no copy. */
        private INDArray step(INDArray plain) {
            return view(plain, 0, new long[] {1, 1, length}, new long[] {length, length, 1});
        }

        /** The same for maps whose elements lie in another order: a copy. */
        private INDArray stepOf(INDArray map) {
            return step(isPlain(map) ? map : temporaries.add(map.dup('c')));
        }

        /** Writes the largest elements and the numbers of their maps. */
        void largest(INDArray y, INDArray number) {
            INDArray[] results = {y, number};
            INDArray[] plain = new INDArray[2];
            Arrays.setAll(plain, i -> isPlain(results[i]) ? results[i] : temporaries.like(results[i]));
            PoolingWindow window = PoolingWindow.builder(count).channelsLast(true).build();
            new MaxPool(window).execute(List.of(maps), List.of(step(plain[0]), step(plain[1])));
            for (int i = 0; i < 2; i++) {
                if (plain[i] != results[i]) {
                    results[i].assign(plain[i]);
                }
            }
        }

        /** Writes each element to the map it is of, and zeros to the others. */
        void putBack(INDArray y, INDArray number) {
            new MaxUnpool(true, count).execute(List.of(stepOf(y), stepOf(number)), List.of(maps));
        }
    }
}
