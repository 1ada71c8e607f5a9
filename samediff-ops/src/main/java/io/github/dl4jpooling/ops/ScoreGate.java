// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** What nodes that stay are multiplied by, so that scores can be learned. */
public enum ScoreGate {
    /** Hyperbolic tangent of the score. */
    TANH {
        @Override
        double value(double score) {
            return Math.tanh(score);
        }

        @Override
        double slope(double value) {
            return 1 - value * value;
        }
    },
    /** Logistic function of the score. */
    SIGMOID {
        @Override
        double value(double score) {
            return 1 / (1 + Math.exp(-score));
        }

        @Override
        double slope(double value) {
            return value * (1 - value);
        }
    },
    /** The score itself. */
    LINEAR {
        @Override
        double value(double score) {
            return score;
        }

        @Override
        double slope(double value) {
            return 1;
        }
    };

    abstract double value(double score);

    /** Derivative, given the value. */
    abstract double slope(double value);
}
