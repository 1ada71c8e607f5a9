// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.Version;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Everything but pooling and seed that the accuracy of a run depends on. */
final class RunKey {
    private static final int NAME_LENGTH = 12;

    private final String images;
    private final String model;
    private final int epochs;
    private final int trainImages;
    private final int testImages;
    private final int batch;
    private final String library;
    private final String nd4j;

    @JsonCreator
    private RunKey(
            @JsonProperty("images") String images,
            @JsonProperty("model") String model,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("trainImages") int trainImages,
            @JsonProperty("testImages") int testImages,
            @JsonProperty("batch") int batch,
            @JsonProperty("library") String library,
            @JsonProperty("nd4j") String nd4j) {
        this.images = images;
        this.model = model;
        this.epochs = epochs;
        this.trainImages = trainImages;
        this.testImages = testImages;
        this.batch = batch;
        this.library = library;
        this.nd4j = nd4j;
    }

    /** @param data the images of the protocol, already reduced to the protocol's numbers */
    static RunKey of(Protocol protocol, ImageDataset data) {
        return new RunKey(fingerprint(data), protocol.model().modelName(), protocol.epochs(), data.train().size(),
                data.test().size(), protocol.batch(), Version.library(), Version.nd4j());
    }

    /** A short name: two keys of the same name are equal. */
    String name() {
        return hex(sha256().digest(Json.line(this).getBytes(StandardCharsets.UTF_8))).substring(0, NAME_LENGTH);
    }

    /** What the other key has instead, for people to read; empty if the keys are equal. */
    List<String> differences(RunKey other) {
        Map<String, Object> own = values();
        return other.values().entrySet().stream().filter(value -> !value.getValue().equals(own.get(value.getKey())))
                .map(value -> value.getKey().equals("images") ? "other images"
                        : value.getKey() + " " + value.getValue())
                .collect(Collectors.toList());
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("images", images);
        values.put("model", model);
        values.put("epochs", epochs);
        values.put("train-images", trainImages);
        values.put("test-images", testImages);
        values.put("batch", batch);
        values.put("library", library);
        values.put("ND4J", nd4j);
        return values;
    }

    /** SHA-256 of all pixels and labels. */
    private static String fingerprint(ImageDataset data) {
        MessageDigest digest = sha256();
        for (LabelledImages images : List.of(data.train(), data.test())) {
            digest.update((images + " " + images.classNames() + "\n").getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < images.size(); i++) {
                digest.update(images.pixels(i));
                digest.update((images.label(i) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return hex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes) {
            hex.append(String.format(Locale.ROOT, "%02x", b & 0xff));
        }
        return hex.toString();
    }
}
