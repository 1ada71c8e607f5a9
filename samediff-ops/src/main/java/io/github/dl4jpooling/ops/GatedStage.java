// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A stage of {@link HierarchicalDynamicPool}, which has the definition. */
final class GatedStage {

    private final List<PoolingOp> candidates;
    private final boolean channelsLast;
    private final boolean seesDifferences;
    private final int hiddenUnits;

    GatedStage(List<PoolingOp> candidates, boolean channelsLast, boolean seesDifferences, int hiddenUnits) {
        this.candidates = candidates;
        this.channelsLast = channelsLast;
        this.seesDifferences = seesDifferences;
        this.hiddenUnits = hiddenUnits;
    }

    /** Number of candidates. */
    int size() {
        return candidates.size();
    }

    /** Shapes of the gate's parameters, in order, for the channels of the stage's input and output. */
    List<long[]> parameterShapes(long inputChannels, long outputChannels) {
        long descriptors = descriptors(inputChannels, outputChannels);
        List<long[]> shapes = new ArrayList<>();
        if (hiddenUnits > 0) {
            shapes.add(new long[] {hiddenUnits, descriptors});
            shapes.add(new long[] {hiddenUnits});
        }
        shapes.add(new long[] {size(), hiddenUnits > 0 ? hiddenUnits : descriptors});
        shapes.add(new long[] {size()});
        return shapes;
    }

    private long descriptors(long inputChannels, long outputChannels) {
        return size() * outputChannels + (seesDifferences ? inputChannels : 0);
    }

    private int channelAxis(INDArray map) {
        return channelsLast ? map.rank() - 1 : 1;
    }

    private int[] ones(int dimensions) {
        int[] ones = new int[dimensions];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Means of all channels. */
    private PoolingOp means(INDArray map) {
        return new AdaptiveAvgPool(channelsLast, ones(map.rank() - 2));
    }

    /** Means of absolute differences along the first spatial axis: of two elements those are the range. */
    private PoolingOp differences(INDArray map) {
        int[] pair = ones(map.rank() - 2);
        pair[0] = 2;
        PoolingWindow window =
                PoolingWindow.builder(pair).stride(ones(pair.length)).channelsLast(channelsLast).build();
        return new HierarchicalPool(new RangePool(window), means(map));
    }

    private boolean hasDifferences(INDArray map) {
        return seesDifferences && map.size(channelsLast ? 1 : 2) > 1;
    }

    /** Applies the candidates and computes the gate. The temporaries must live as long as the run is used. */
    Run run(INDArray x, List<INDArray> parameters, Temporaries temporaries) {
        return new Run(x, parameters, temporaries);
    }

    /** What is known after the candidates have been applied. */
    final class Run {
        private final INDArray x;
        private final List<INDArray> parameters; // of this stage first
        private final Temporaries temporaries;
        private final List<AppliedPooling> pooled = new ArrayList<>();
        private final INDArray descriptor; // [N,D]
        private final INDArray hidden; // [N,h]; the descriptor without hidden units
        private final INDArray gate; // [N,M]

        private Run(INDArray x, List<INDArray> parameters, Temporaries temporaries) {
            this.x = x;
            this.parameters = parameters;
            this.temporaries = temporaries;
            candidates.forEach(candidate -> pooled.add(new AppliedPooling(candidate, x, temporaries)));
            descriptor = temporaries.create(x.dataType(), x.size(0),
                    descriptors(x.size(channelAxis(x)), outputChannels()));
            for (int m = 0; m < pooled.size(); m++) {
                INDArray map = pooled.get(m).result();
                means(map).execute(List.of(map), List.of(ofChannels(descriptor, m)));
            }
            if (seesDifferences) {
                INDArray place = ofDifferences(descriptor);
                if (hasDifferences(x)) {
                    differences(x).execute(List.of(x), List.of(place));
                } else {
                    place.assign(0);
                }
            }
            int first = hiddenUnits > 0 ? 2 : 0;
            hidden = hiddenUnits > 0 ? Transforms.tanh(linear(descriptor, 0), false) : descriptor;
            gate = Softmax.ofRows(linear(hidden, first), temporaries);
        }

        private INDArray linear(INDArray rows, int parameter) {
            return temporaries.add(rows.mmul(parameters.get(parameter).transpose()))
                    .addiRowVector(parameters.get(parameter + 1));
        }

        private long outputChannels() {
            return candidate().size(channelAxis(candidate()));
        }

        /** Result of the first candidate, which has the shape of all. */
        INDArray candidate() {
            return pooled.get(0).result();
        }

        /** The shares of the candidates, {@code [N,M]}. */
        INDArray gate() {
            return gate;
        }

        /** What belongs to a candidate in rows of descriptors, as a map of one place. */
        private INDArray ofChannels(INDArray rows, int candidate) {
            return place(rows, candidate * outputChannels(), outputChannels());
        }

        private INDArray ofDifferences(INDArray rows) {
            return place(rows, size() * outputChannels(), x.size(channelAxis(x)));
        }

        /** Columns of a matrix as a map of one place. */
        private INDArray place(INDArray rows, long begin, long channels) {
            long[] shape = new long[x.rank()];
            long[] strides = new long[x.rank()];
            Arrays.fill(shape, 1);
            Arrays.fill(strides, 1);
            shape[0] = rows.size(0);
            strides[0] = ArrayMemory.stride(rows, 0);
            shape[channelAxis(x)] = channels;
            strides[channelAxis(x)] = ArrayMemory.stride(rows, 1);
            return CombinedOp.view(rows, begin * ArrayMemory.stride(rows, 1), shape, strides);
        }

        /** A candidate's share in each example, to be multiplied with its map. */
        private INDArray share(int candidate) {
            return place(gate, candidate, 1);
        }

        /** Writes the candidates' results, mixed. */
        void mix(INDArray y) {
            NetworkOp.multiply(candidate(), share(0), y);
            INDArray weighted = size() > 1 ? temporaries.like(candidate()) : null;
            for (int m = 1; m < size(); m++) {
                NetworkOp.multiply(pooled.get(m).result(), share(m), weighted);
                y.addi(weighted);
            }
        }

        /** Writes the gradients of the input and of this stage's parameters, which come first. */
        void backward(INDArray yGradient, INDArray xGradient, List<INDArray> gradients) {
            INDArray map = temporaries.like(candidate());
            INDArray ofDescriptor = gateBackward(gateGradient(yGradient, map), gradients);
            double count = (double) map.length() / map.size(0) / outputChannels();
            INDArray ofMeans = temporaries.add(ofDescriptor.div(count));
            INDArray next = size() > 1 || hasDifferences(x) ? temporaries.like(x) : null;
            for (int m = 0; m < size(); m++) {
                NetworkOp.multiply(yGradient, share(m), map);
                NetworkOp.add(map, ofChannels(ofMeans, m), map);
                pooled.get(m).backward(map, m == 0 ? xGradient : next);
                if (m > 0) {
                    xGradient.addi(next);
                }
            }
            if (hasDifferences(x)) {
                AppliedPooling.backward(differences(x), x, ofDifferences(ofDescriptor), next);
                xGradient.addi(next);
            }
        }

        /** Gradient of the shares, {@code [N,M]}. */
        private INDArray gateGradient(INDArray yGradient, INDArray map) {
            INDArray gradient = temporaries.like(gate);
            int[] axes = IntStream.range(1, map.rank()).toArray();
            for (int m = 0; m < size(); m++) {
                NetworkOp.multiply(pooled.get(m).result(), yGradient, map);
                CombinedOp.part(gradient, 1, m, 1).assign(temporaries.add(map.sum(axes)).reshape(map.size(0), 1));
            }
            return gradient;
        }

        /** Writes the gradients of the parameters and returns that of the descriptor. */
        private INDArray gateBackward(INDArray gateGradient, List<INDArray> gradients) {
            INDArray scores = Softmax.backward(gate, gateGradient, temporaries);
            if (hiddenUnits == 0) {
                return linearBackward(descriptor, scores, 0, gradients);
            }
            INDArray ofHidden = linearBackward(hidden, scores, 2, gradients);
            ofHidden.muli(temporaries.add(hidden.mul(hidden)).negi().addi(1));
            return linearBackward(descriptor, ofHidden, 0, gradients);
        }

        private INDArray linearBackward(INDArray rows, INDArray gradient, int parameter, List<INDArray> gradients) {
            gradients.get(parameter).assign(temporaries.add(gradient.transpose().mmul(rows)));
            gradients.get(parameter + 1).assign(temporaries.add(gradient.sum(0)));
            return temporaries.add(gradient.mmul(parameters.get(parameter)));
        }
    }
}
