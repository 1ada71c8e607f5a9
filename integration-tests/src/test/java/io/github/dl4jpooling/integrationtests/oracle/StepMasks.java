// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import java.util.Random;

/** Masks of sequences, [N,W]: 1 where a step is an element, 0 elsewhere. */
public enum StepMasks {
    /** Nothing is masked. */
    NONE,
    /** Steps at the end of sequences of different lengths. */
    END,
    /** Steps at the beginning. */
    BEGINNING,
    /** Steps anywhere. */
    HOLES,
    /** All steps of the first example, and some of the others. */
    ONE_EXAMPLE,
    /** All. */
    ALL;

    /** A mask of this kind. */
    public PlainArray draw(Random random, int batch, int steps) {
        PlainArray mask = PlainArray.zeros(batch, steps);
        for (int example = 0; example < batch; example++) {
            int cut = random.nextInt(steps + 1);
            for (int step = 0; step < steps; step++) {
                boolean kept = isKept(example, step, cut, random.nextInt(10) < 7);
                mask.values()[example * steps + step] = kept ? 1 : 0;
            }
        }
        return mask;
    }

    private boolean isKept(int example, int step, int cut, boolean drawn) {
        switch (this) {
            case NONE:
                return true;
            case END:
                return step < cut;
            case BEGINNING:
                return step >= cut;
            case HOLES:
                return drawn;
            case ONE_EXAMPLE:
                return example > 0 && drawn;
            default:
                return false;
        }
    }
}
