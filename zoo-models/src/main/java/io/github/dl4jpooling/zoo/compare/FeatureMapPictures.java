// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.LabelledImages;
import io.github.dl4jpooling.zoo.swap.PoolingSite;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shows the first test images of different classes to the trained networks that were kept. */
final class FeatureMapPictures {
    private static final int PICTURES = 2;

    private FeatureMapPictures() {}

    static List<BufferedImage> draw(WorkerOrder order, LabelledImages test) throws IOException {
        Protocol protocol = order.protocol();
        List<PoolingSite> layers =
                PooledNetworks.pooledLayers(protocol.model(), test, protocol.poolings().get(0));
        Map<String, MultiLayerNetwork> networks = new LinkedHashMap<>();
        for (String pooling : protocol.poolings()) {
            TrainingJob job = new TrainingJob(pooling, WorkerOrder.SAVED_SEED);
            networks.put(pooling, MultiLayerNetwork.load(order.networkFile(job).toFile(), false));
        }
        List<BufferedImage> pictures = new ArrayList<>();
        for (int image : firstOfClasses(test)) {
            INDArray features = test.batch(image).getFeatures();
            Map<String, List<FeatureMaps>> maps = new LinkedHashMap<>();
            networks.forEach((pooling, network) -> maps.put(pooling, FeatureMaps.of(network, layers, features)));
            String caption = "Test image " + image + ": " + test.classNames().get(test.label(image));
            pictures.add(FeatureMapPicture.draw(caption, picture(test, image), maps));
        }
        return pictures;
    }

    private static BufferedImage picture(LabelledImages images, int image) {
        byte[] pixels = images.pixels(image);
        int plane = images.height() * images.width();
        BufferedImage picture = new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < plane; i++) {
            int rgb = 0;
            for (int band = 0; band < 3; band++) {
                int channel = Math.min(band, images.channels() - 1);
                rgb = rgb << Byte.SIZE | pixels[channel * plane + i] & 0xff;
            }
            picture.setRGB(i % images.width(), i / images.width(), rgb);
        }
        return picture;
    }

    /** The first image, and the first ones of further classes. */
    private static List<Integer> firstOfClasses(LabelledImages images) {
        Map<Integer, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < images.size() && first.size() < PICTURES; i++) {
            first.putIfAbsent(images.label(i), i);
        }
        return new ArrayList<>(first.values());
    }
}
