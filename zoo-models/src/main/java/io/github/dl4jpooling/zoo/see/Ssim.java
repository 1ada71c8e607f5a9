// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.see;

/**
 * Structural similarity of two planes of values from 0 to 1: mean over all places of {@code (2 m n + C1)(2 c + C2) /
 * ((m^2 + n^2 + C1)(v + w + C2))}, with means m, n, variances v, w and covariance c under a Gaussian window of 11 x 11
 * elements and standard deviation 1.5, C1 = 0.01^2, C2 = 0.03^2. Only windows that lie inside count.
 *
 * <p>Paper: Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli: "Image quality assessment: from error visibility to structural
 * similarity", IEEE Transactions on Image Processing 13, 2004.
 */
final class Ssim {
    /** Smallest width and height. */
    static final int WINDOW = 11;

    private static final double DEVIATION = 1.5;
    private static final double C1 = 0.01 * 0.01;
    private static final double C2 = 0.03 * 0.03;
    private static final double[] WEIGHTS = weights();

    private Ssim() {}

    private static double[] weights() {
        double[] weights = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            double distance = (i - WINDOW / 2) / DEVIATION;
            weights[i] = Math.exp(-distance * distance / 2);
            sum += weights[i];
        }
        for (int i = 0; i < WINDOW; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /**
     * Compares two planes of the same size.
     *
     * @throws IllegalArgumentException if they have different sizes or a side below 11
     */
    static double of(float[][] a, float[][] b) {
        int rows = a.length - WINDOW + 1;
        if (rows < 1 || a[0].length < WINDOW || b.length != a.length || b[0].length != a[0].length) {
            throw new IllegalArgumentException("SSIM needs two planes of the same size, at least " + WINDOW + " x "
                    + WINDOW + ", got " + a.length + " x " + a[0].length + " and " + b.length + " x " + b[0].length);
        }
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += ofRow(a, b, row);
        }
        return sum / rows / (a[0].length - WINDOW + 1);
    }

    /** Sum over the windows that begin in a row. */
    private static double ofRow(float[][] a, float[][] b, int row) {
        int width = a[0].length;
        double[][] moments = new double[5][width];
        for (int i = 0; i < WINDOW; i++) {
            for (int column = 0; column < width; column++) {
                double x = a[row + i][column];
                double y = b[row + i][column];
                moments[0][column] += WEIGHTS[i] * x;
                moments[1][column] += WEIGHTS[i] * y;
                moments[2][column] += WEIGHTS[i] * x * x;
                moments[3][column] += WEIGHTS[i] * y * y;
                moments[4][column] += WEIGHTS[i] * x * y;
            }
        }
        double sum = 0;
        for (int column = 0; column + WINDOW <= width; column++) {
            double[] at = new double[moments.length];
            for (int k = 0; k < at.length; k++) {
                for (int i = 0; i < WINDOW; i++) {
                    at[k] += WEIGHTS[i] * moments[k][column + i];
                }
            }
            double product = at[0] * at[1];
            double squares = at[0] * at[0] + at[1] * at[1];
            sum += (2 * product + C1) * (2 * (at[4] - product) + C2)
                    / ((squares + C1) * (at[2] + at[3] - squares + C2));
        }
        return sum;
    }
}
