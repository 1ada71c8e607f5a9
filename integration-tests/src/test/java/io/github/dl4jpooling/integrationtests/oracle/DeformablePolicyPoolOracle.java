// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.DeformablePolicyPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Deformable policy pooling: deformable average pooling with K times the policy, or the place drawn, as factors. */
public final class DeformablePolicyPoolOracle extends OperatorOracle {

    private final DeformableAveragePoolOracle averageOracle = new DeformableAveragePoolOracle();

    @Override
    public OracleCase draw(Random random) {
        OracleCase average = averageOracle.draw(random);
        while (!((DeformableAveragePool) average.op()).isModulated()) {
            average = averageOracle.draw(random);
        }
        DeformableAveragePool pooling = (DeformableAveragePool) average.op();
        TrainingPhase phase = WindowDraws.pick(random, List.of(TrainingPhase.values()));
        List<PlainArray> inputs = new ArrayList<>(Arrays.asList(average.inputs()));
        PlainArray logits = inputs.get(2);
        for (int i = 0; i < logits.values().length; i++) {
            logits.values()[i] *= 2;
            if (random.nextInt(30) == 0) {
                logits.values()[i] = Double.NEGATIVE_INFINITY;
            }
        }
        DeformablePolicyPool op =
                new DeformablePolicyPool(pooling.window(), pooling.groups(), phase).withGivenNumbers();
        if (phase != TrainingPhase.INFERENCE) {
            int[] shape = logits.shape();
            PlainArray u = PlainArray.zeros(shape[0], pooling.groups(), shape[2], shape[3]);
            Arrays.setAll(u.values(), i -> (random.nextInt(1 << 7) + 0.625) / (1 << 7));
            inputs.add(u);
        }
        if (phase == TrainingPhase.INPUT) {
            inputs.add(new PlainArray(new int[] {1}, new double[] {random.nextInt(2)}));
        }
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return !name.equals("training");
    }

    /** The gradient for the logits of a place that was drawn is an estimate, not a derivative. */
    @Override
    public boolean isContinuous(PoolingOp op, int input, int element) {
        return input != 2 || ((DeformablePolicyPool) op).phase() == TrainingPhase.INFERENCE;
    }

    private static boolean samples(PoolingOp op, PlainArray... inputs) {
        TrainingPhase phase = ((DeformablePolicyPool) op).phase();
        return phase == TrainingPhase.TRAINING
                || phase == TrainingPhase.INPUT && inputs[inputs.length - 1].values()[0] != 0;
    }

    private static int taps(PoolingWindow window) {
        return window.kernel()[0] * window.kernel()[1];
    }

    private static DeformableAveragePool pooling(PoolingOp op) {
        DeformablePolicyPool pool = (DeformablePolicyPool) op;
        return new DeformableAveragePool(pool.window(), pool.groups(), true, true);
    }

    /** Where the logit of a place of a window, numbered group by group, stands. */
    private static int position(int[] shape, int taps, int window, int tap) {
        int places = shape[2] * shape[3];
        return (window / places * taps + tap) * places + window % places;
    }

    private static PlainArray policy(int taps, PlainArray logits) {
        PlainArray policy = PlainArray.zeros(logits.shape());
        for (int window = 0; window < logits.values().length / taps; window++) {
            double largest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int tap = 0; tap < taps; tap++) {
                largest = Math.max(largest, logits.values()[position(logits.shape(), taps, window, tap)]);
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int tap = 0; tap < taps; tap++) {
                    int at = position(logits.shape(), taps, window, tap);
                    double z = logits.values()[at];
                    double weight = z == largest ? 1 : Math.exp(z - largest);
                    sum += pass == 0 ? weight : 0;
                    policy.values()[at] = weight / sum;
                }
            }
        }
        return policy;
    }

    /** The numbers of the places drawn. */
    private static PlainArray index(int taps, PlainArray policy, PlainArray u) {
        PlainArray index = PlainArray.zeros(u.shape());
        for (int window = 0; window < u.values().length; window++) {
            double running = 0;
            int chosen = -1;
            for (int tap = 0; tap < taps; tap++) {
                double share = policy.values()[position(policy.shape(), taps, window, tap)];
                if ((chosen < 0 || running < u.values()[window]) && share > 0) {
                    chosen = tap;
                }
                running += share;
            }
            index.values()[window] = chosen;
        }
        return index;
    }

    private static PlainArray factors(int taps, PlainArray policy, PlainArray index) {
        PlainArray factors = PlainArray.zeros(policy.shape());
        for (int window = 0; window < factors.values().length / taps; window++) {
            for (int tap = 0; tap < taps; tap++) {
                int at = position(policy.shape(), taps, window, tap);
                double share = index == null ? policy.values()[at] : index.values()[window] == tap ? 1 : 0;
                factors.values()[at] = taps * share;
            }
        }
        return factors;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        int taps = taps(((DeformablePolicyPool) op).window());
        PlainArray policy = policy(taps, inputs[2]);
        boolean samples = samples(op, inputs);
        PlainArray index = samples ? index(taps, policy, inputs[3]) : null;
        PlainArray y = averageOracle.outputs(pooling(op), inputs[0], inputs[1], factors(taps, policy, index))[0];
        if (op.outputNames().size() == 1) {
            return new PlainArray[] {y};
        }
        if (!samples) {
            index = PlainArray.zeros(inputs[3].shape());
            Arrays.fill(index.values(), -1);
        }
        return new PlainArray[] {y, index};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        int taps = taps(((DeformablePolicyPool) op).window());
        PlainArray policy = policy(taps, inputs[2]);
        PlainArray index = samples(op, inputs) ? index(taps, policy, inputs[3]) : null;
        PlainArray[] gradients = averageOracle.gradients(
                pooling(op), yGradient, inputs[0], inputs[1], factors(taps, policy, index));
        double[] byFactor = gradients[2].values();
        PlainArray logits = PlainArray.zeros(inputs[2].shape());
        for (int window = 0; window < byFactor.length / taps; window++) {
            double mean = 0;
            for (int tap = 0; tap < taps; tap++) {
                int at = position(logits.shape(), taps, window, tap);
                mean += policy.values()[at] * taps * byFactor[at];
            }
            for (int tap = 0; tap < taps; tap++) {
                int at = position(logits.shape(), taps, window, tap);
                double share = policy.values()[at];
                if (index == null) {
                    logits.values()[at] = share * (taps * byFactor[at] - mean);
                } else {
                    int chosen = (int) index.values()[window];
                    double advantage = taps * byFactor[position(logits.shape(), taps, window, chosen)] - mean;
                    logits.values()[at] = ((tap == chosen ? 1 : 0) - share) * advantage;
                }
            }
        }
        gradients[2] = logits;
        return gradients;
    }
}
