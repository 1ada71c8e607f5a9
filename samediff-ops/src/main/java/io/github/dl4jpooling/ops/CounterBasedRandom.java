// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011): random numbers that are a function of a seed and a counter, so
 * that a draw depends neither on the number of threads nor on the order of calls. Immutable.
 */
final class CounterBasedRandom {

    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private final int key0;
    private final int key1;

    /** The seed is the key, its lower half first. */
    CounterBasedRandom(long seed) {
        key0 = (int) seed;
        key1 = (int) (seed >>> 32);
    }

    /** With a seed from ND4J's generator. */
    static CounterBasedRandom fromNd4j() {
        return new CounterBasedRandom(Nd4j.getRandom().nextLong());
    }

    /** Four random words for a counter of four words. */
    int[] words(int... counter) {
        int[] c = counter.clone();
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c[0] & 0xffffffffL);
            long product1 = MULTIPLIER_1 * (c[2] & 0xffffffffL);
            int c1 = c[1];
            c[0] = (int) (product1 >>> 32) ^ c1 ^ k0;
            c[1] = (int) product1;
            c[2] = (int) (product0 >>> 32) ^ c[3] ^ k1;
            c[3] = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return c;
    }

    /** A number in [0, 1) with 53 random bits. */
    double uniform(long counter) {
        int[] words = words((int) counter, (int) (counter >>> 32), 0, 0);
        return ((words[0] & 0xffffffffL) << 21 ^ (words[1] & 0xffffffffL) >>> 11) * 0x1p-53;
    }
}
