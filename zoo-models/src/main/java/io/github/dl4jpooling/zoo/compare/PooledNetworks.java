// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.LabelledImages;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSite;
import io.github.dl4jpooling.zoo.swap.PoolingSwap;
import io.github.dl4jpooling.zoo.swap.SwapReport;
import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.factory.Nd4j;

/** Makes the networks of a comparison. */
final class PooledNetworks {
    private PooledNetworks() {}

    /** The job's network before training. All poolings of one seed start with the same weights. */
    static MultiLayerNetwork create(ComparedModel model, LabelledImages images, TrainingJob job) {
        Nd4j.getRandom().setSeed(job.seed());
        MultiLayerNetwork original = new MultiLayerNetwork(configuration(model, images, job.seed()));
        original.init();
        return swap(job.pooling(), images).apply(original).network();
    }

    /**
     * The layers that are another one in each network of a comparison.
     *
     * @throws IllegalArgumentException if the model cannot have this pooling
     */
    static List<PoolingSite> pooledLayers(ComparedModel model, LabelledImages images, String pooling) {
        return swap(pooling, images).apply(configuration(model, images, 0)).report().swapped().stream()
                .map(SwapReport.Entry::site)
                .collect(Collectors.toList());
    }

    private static PoolingSwap swap(String pooling, LabelledImages images) {
        return PoolingSwap.to(Pooling.named(pooling))
                .inputTypes(InputType.convolutional(images.height(), images.width(), images.channels()));
    }

    private static MultiLayerConfiguration configuration(ComparedModel model, LabelledImages images, long seed) {
        return model.configuration(
                images.channels(), images.height(), images.width(), images.classNames().size(), seed);
    }
}
