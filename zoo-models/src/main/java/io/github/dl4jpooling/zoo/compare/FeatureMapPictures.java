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
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shows the first test images of different classes to the trained networks that were kept. */
final class FeatureMapPictures {
    private static final int PICTURES = 2;
    /** Pooling layers of a picture; further ones of deep networks are left out. */
    private static final int LAYERS = 4;

    private FeatureMapPictures() {}

    static List<BufferedImage> draw(Protocol protocol, RunStore runs, LabelledImages test) throws IOException {
        String first = protocol.poolings().get(0);
        List<PoolingSite> sites = ComparedNetwork.pooledSites(protocol.model(), test, List.of(first));
        List<PoolingSite> shown = sites.subList(0, Math.min(LAYERS, sites.size()));
        boolean graph = ComparedNetwork
                .create(protocol.model(), test, new TrainingJob(first, RunStore.SAVED_SEED)).isGraph();
        Map<String, ComparedNetwork> networks = new LinkedHashMap<>();
        for (String pooling : protocol.poolings()) {
            TrainingJob job = new TrainingJob(pooling, RunStore.SAVED_SEED);
            networks.put(pooling, ComparedNetwork.load(runs.networkFile(job).toFile(), graph));
        }
        List<BufferedImage> pictures = new ArrayList<>();
        for (int image : firstOfClasses(test)) {
            INDArray features = test.batch(image).getFeatures();
            Map<String, List<FeatureMaps>> maps = new LinkedHashMap<>();
            networks.forEach((pooling, network) -> maps.put(pooling, network.featureMaps(shown, features)));
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
