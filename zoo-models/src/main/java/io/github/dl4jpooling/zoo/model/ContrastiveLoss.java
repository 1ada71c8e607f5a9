// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The contrastive loss of SimCLR: rows 2i and 2i + 1 of a batch are two views of one image, and each row has to find
 * its partner among all other rows by the cosine of the angle between them,
 *
 * <pre>
 * l_i = -ln(exp(s_ij / t) / sum_k exp(s_ik / t)),   s_ik = z_i z_k / (|z_i| |z_k|),   j the partner of i, k all but i
 * </pre>
 *
 * <p>Labels are not looked at. The mean over the rows is the score; the temperature t is 0.5 by default.
 *
 * <p>Paper: T. Chen, S. Kornblith, M. Norouzi, G. Hinton: "A simple framework for contrastive learning of visual
 * representations", ICML 2020.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PRIVATE)
@ToString
@EqualsAndHashCode
public final class ContrastiveLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;
    private static final double LEAST_LENGTH = 1e-12;

    private double temperature;

    /** @param temperature what similarities are divided by, more than 0 */
    public ContrastiveLoss(double temperature) {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be above 0, got " + temperature);
        }
        this.temperature = temperature;
    }

    /** What both passes need of a batch. */
    private final class Batch {
        private final INDArray lengths; // [rows, 1]
        private final INDArray directions; // [rows, size]
        private final double[][] probabilities; // of each row for each other
        private final double[] losses;

        Batch(INDArray outputs) {
            int rows = (int) outputs.size(0);
            if (rows % 2 != 0 || rows < 2) {
                throw new IllegalArgumentException(
                        "a contrastive loss needs pairs of views, an even number of rows, got " + rows);
            }
            INDArray z = outputs.castTo(DataType.DOUBLE);
            lengths = z.norm2(true, 1);
            lengths.addi(lengths.lt(LEAST_LENGTH).castTo(DataType.DOUBLE));
            directions = z.divColumnVector(lengths);
            probabilities = directions.mmul(directions.transpose()).divi(temperature).toDoubleMatrix();
            losses = new double[rows];
            for (int i = 0; i < rows; i++) {
                losses[i] = softmax(probabilities[i], i);
            }
        }

        /** Makes similarities probabilities, and returns the loss of the row. */
        private double softmax(double[] row, int self) {
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < row.length; k++) {
                most = k == self ? most : Math.max(most, row[k]);
            }
            double sum = 0;
            double ofPartner = row[partner(self)] - most;
            for (int k = 0; k < row.length; k++) {
                row[k] = k == self ? 0 : Math.exp(row[k] - most);
                sum += row[k];
            }
            for (int k = 0; k < row.length; k++) {
                row[k] /= sum;
            }
            return Math.log(sum) - ofPartner;
        }

        /** Of the sum of the rows' losses, by the outputs. */
        private INDArray gradient() {
            int rows = losses.length;
            double[][] bySimilarity = new double[rows][rows];
            for (int i = 0; i < rows; i++) {
                for (int k = 0; k < rows; k++) {
                    double direct = probabilities[i][k] - (k == partner(i) ? 1 : 0);
                    bySimilarity[i][k] += k == i ? 0 : direct / temperature;
                    bySimilarity[k][i] += k == i ? 0 : direct / temperature;
                }
            }
            INDArray byDirection = Nd4j.createFromArray(bySimilarity).mmul(directions);
            INDArray along = byDirection.mul(directions).sum(true, 1);
            return byDirection.subi(directions.mulColumnVector(along)).diviColumnVector(lengths);
        }
    }

    private static int partner(int row) {
        return row ^ 1;
    }

    private static INDArray activated(INDArray preOutput, IActivation activationFn) {
        return activationFn.getActivation(preOutput.dup(), true);
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        double sum = computeScoreArray(labels, preOutput, activationFn, mask).sumNumber().doubleValue();
        return average ? sum / preOutput.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        double[] losses = new Batch(activated(preOutput, activationFn)).losses;
        return Nd4j.createFromArray(losses).reshape(losses.length, 1).castTo(preOutput.dataType());
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        INDArray gradient = new Batch(activated(preOutput, activationFn)).gradient().castTo(preOutput.dataType());
        return activationFn.backprop(preOutput.dup(), gradient).getFirst();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        return new Pair<>(
                computeScore(labels, preOutput, activationFn, mask, average),
                computeGradient(labels, preOutput, activationFn, mask));
    }

    @Override
    public String name() {
        return toString();
    }
}
