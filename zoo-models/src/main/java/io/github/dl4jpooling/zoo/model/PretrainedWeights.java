// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.data.Download;
import io.github.dl4jpooling.zoo.data.FileCheck;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;

/** Where the stored network of one of DL4J's models comes from. */
final class PretrainedWeights {
    private final Path file;
    private final URI mirror;
    private final FileCheck sha256;

    /** Each may be null: no file of one's own, DL4J's server, DL4J's checksum. */
    PretrainedWeights(Path file, URI mirror, FileCheck sha256) {
        this.file = file;
        this.mirror = mirror;
        this.sha256 = sha256;
    }

    /** The stored network, with the state of its updater where that was stored, too. */
    Model load(ZooModel<?> model, PretrainedType type) throws IOException {
        Path stored = file == null ? downloaded(model, type) : own(model, type);
        try {
            StoredNetwork.check(stored);
            return model.modelType() == MultiLayerNetwork.class
                    ? ModelSerializer.restoreMultiLayerNetwork(stored.toFile(), true)
                    : ModelSerializer.restoreComputationGraph(stored.toFile(), true);
        } catch (IOException | RuntimeException e) { // DL4J throws the bare one, too
            throw new IOException(stored + " holds no " + model.modelType().getSimpleName() + ", which "
                    + model.modelName() + " is: " + e.getMessage(), e);
        }
    }

    private Path own(ZooModel<?> model, PretrainedType type) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("weights of " + model.modelName() + ": there is no file " + file
                    + " that may be read");
        }
        String defect = check(model, type).defect(file);
        if (!defect.isEmpty()) {
            throw new IOException("weights of " + model.modelName() + ": " + file + " is not DL4J's file for " + type
                    + ", or is damaged: " + defect + ". The file was left as it is. If it is another network of this"
                    + " model that you trust, give its sum by weightsSha256");
        }
        return file;
    }

    private Path downloaded(ZooModel<?> model, PretrainedType type) throws IOException {
        String url = model.pretrainedUrl(type);
        if (url == null) {
            throw new UnsupportedOperationException(
                    "DL4J has no weights of " + model.modelName() + " for " + type + "; give a file by weights(Path)");
        }
        String name = url.substring(url.lastIndexOf('/') + 1);
        if (mirror != null) {
            String base = mirror.toString();
            url = base + (base.endsWith("/") ? "" : "/") + name;
        }
        Path cached = DL4JResources.getDirectory(ResourceType.ZOO_MODEL, model.modelName()).toPath().resolve(name);
        try {
            new Download(url).to(cached, check(model, type));
            return cached;
        } catch (IOException e) {
            throw new IOException("weights of " + model.modelName() + " for " + type + ": " + e.getMessage()
                    + ". One of three ways helps: name an address that has " + name + " by mirror(URI); name the file"
                    + " by weights(Path); put it into " + cached.getParent(), e);
        }
    }

    private FileCheck check(ZooModel<?> model, PretrainedType type) {
        if (sha256 != null) {
            return sha256;
        }
        long sum = model.pretrainedChecksum(type);
        if (sum == 0) {
            throw new IllegalArgumentException("DL4J knows no checksum of " + model.modelName() + " for " + type
                    + ": give that of your file by weightsSha256");
        }
        return FileCheck.adler32(sum);
    }
}
