// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.util.Random;
import java.util.function.Consumer;
import org.nd4j.linalg.factory.Nd4j;

/** A call that nobody should make, described before each of its steps. */
abstract class HostileCall {

    /** Outcomes besides those of {@link Verdict}. */
    static final String RIGHT = "right";

    static final String ANSWERED = "answered";
    static final String TOO_LARGE = "not run for its size";

    private final Random random;
    private final Consumer<String> log;
    private final StringBuilder text;

    /**
     * @param name what is called, and how
     * @param seed the same seed gives the same call
     * @param log gets all that is known of the call before each step
     */
    HostileCall(String name, long seed, Consumer<String> log) {
        this.random = new Random(seed);
        this.log = log;
        text = new StringBuilder(name + ", seed " + seed);
        Nd4j.getRandom().setSeed(seed);
    }

    /** Makes the call, and returns its outcome, or throws whatever it ends with. */
    abstract String run() throws Throwable;

    final Random random() {
        return random;
    }

    /** Describes the next step. */
    final void note(Object part) {
        text.append(", ").append(part);
        log.accept(text.toString());
    }

    final <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    @Override
    public final String toString() {
        return text.toString();
    }
}
