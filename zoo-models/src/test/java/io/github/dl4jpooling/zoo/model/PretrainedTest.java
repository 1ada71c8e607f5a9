// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.MixedPooling;
import io.github.dl4jpooling.zoo.data.FaultyServer;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.Adler32;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.model.LeNet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A small LeNet, trained for three steps, stands for DL4J's. */
class PretrainedTest {
    private static final String NAME = "lenet_test_inference.zip";
    private static final int CLASSES = 4;
    private static final int SIZE = 16;
    private static final Pooling SAME =
            Pooling.of("all maximum", () -> new MixedPooling.Builder().initialProportion(1));

    @TempDir
    private Path folder;

    private final INDArray x = Nd4j.rand(DataType.FLOAT, 3, 1, SIZE, SIZE);
    private FaultyServer server;
    private MultiLayerNetwork trained;
    private byte[] stored;
    private long checksum;
    private Path cached;

    /** DL4J's model with another address and checksum. */
    @SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
    private final class Host extends LeNet {
        private final Class<? extends Model> modelType;

        Host(Class<? extends Model> modelType) {
            super(1, new int[] {1, SIZE, SIZE}, CLASSES, new Adam(0.01), CacheMode.NONE, WorkspaceMode.ENABLED,
                    ConvolutionLayer.AlgoMode.PREFER_FASTEST);
            this.modelType = modelType;
        }

        @Override
        public String pretrainedUrl(PretrainedType type) {
            return type == PretrainedType.MNIST ? server.address("/models/" + NAME) : null;
        }

        @Override
        public long pretrainedChecksum(PretrainedType type) {
            return type == PretrainedType.MNIST ? checksum : 0;
        }

        @Override
        public String modelName() {
            return "lenet";
        }

        @Override
        public Class<? extends Model> modelType() {
            return modelType;
        }
    }

    @BeforeEach
    void start() throws IOException {
        trained = leNet().build().init();
        INDArray y = Nd4j.eye(CLASSES).castTo(DataType.FLOAT).getRows(0, 1, 2);
        for (int i = 0; i < 3; i++) {
            trained.fit(x, y);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelSerializer.writeModel(trained, out, true);
        stored = out.toByteArray();
        checksum = adler(stored);
        server = new FaultyServer().serve("/models/" + NAME, stored).serve("/mirror/x/" + NAME, stored);
        DL4JResources.setBaseDirectory(Files.createDirectory(folder.resolve("dl4j")).toFile());
        cached = DL4JResources.getDirectory(ResourceType.ZOO_MODEL, "lenet").toPath().resolve(NAME);
    }

    @AfterEach
    void stop() {
        DL4JResources.resetBaseDirectoryLocation();
        server.close();
    }

    private HostModel.Builder<MultiLayerNetwork> leNet() {
        return new HostModel.Builder<>(CLASSES, new int[] {1, SIZE, SIZE}, model -> new Host(MultiLayerNetwork.class),
                model -> new MultiLayerNetwork(new Host(MultiLayerNetwork.class).conf()));
    }

    private static long adler(byte... bytes) {
        Adler32 sum = new Adler32();
        sum.update(bytes);
        return sum.getValue();
    }

    private static MultiLayerNetwork load(HostModel.Builder<MultiLayerNetwork> builder) throws IOException {
        return builder.build().initPretrained(PretrainedType.MNIST);
    }

    private void assertTrained(MultiLayerNetwork network) {
        trained.paramTable().forEach((name, array) -> assertThat(network.getParam(name)).isEqualTo(array));
        assertThat(network.getIterationCount()).isEqualTo(3);
        assertThat(network.updaterState().norm2Number()).isEqualTo(trained.updaterState().norm2Number());
    }

    @Test
    void withItsOwnPooling() throws IOException {
        MultiLayerNetwork network = load(leNet());
        assertTrained(network);
        assertThat(network.output(x)).isEqualTo(trained.output(x));
        assertThat(cached).hasBinaryContent(stored);
        load(leNet());
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void swapsThatKeepTheFunctionNeedNoAcknowledgement() throws IOException {
        MultiLayerNetwork network = load(leNet().pooling(SAME));
        assertTrained(network);
        assertThat(network.getLayer("maxpool1").conf().getLayer()).isInstanceOf(MixedPooling.class);
        assertThat(network.output(x).toFloatMatrix()[0])
                .containsExactly(trained.output(x).toFloatMatrix()[0], within(1e-6f));
    }

    @Test
    void otherSwapsAreRefused() {
        assertThatExceptionOfType(FunctionChangedException.class)
                .isThrownBy(() -> load(leNet().pooling(Pooling.average())))
                .withMessageMatching("lenet with pretrained weights: the swap changes the output by [0-9.e+-]+ of its"
                        + " largest element, and layer \"maxpool1\" from max to average by [0-9.e+-]+,"
                        + " \"maxpool2\" from max to average by [0-9.e+-]+\\. It has to be trained further .* by"
                        + " retrain\\(\\)\\. .*")
                .satisfies(e -> assertThat(e.report().outputDifference().getAsDouble()).isGreaterThan(1e-3));
        assertThatExceptionOfType(FunctionChangedException.class)
                .isThrownBy(() -> load(leNet().pooling(Pooling.average())
                        .poolingWhere(site -> site.name().equals("maxpool2"))))
                .withMessageContaining("and layer \"maxpool2\" from max to average")
                .withMessageNotContaining("maxpool1");
    }

    /** Its name promises a maximum, its numbers are an average. */
    @Test
    void numbersDecideNotNames() {
        Pooling pretender = Pooling.of("max", () -> new MixedPooling.Builder().initialProportion(0));
        assertThatExceptionOfType(FunctionChangedException.class)
                .isThrownBy(() -> load(leNet().pooling(pretender)))
                .withMessageContaining("\"maxpool1\" from max to max by ");
    }

    @Test
    void whoRetrainsMaySwapAnything() throws IOException {
        MultiLayerNetwork network = load(leNet().pooling(Pooling.average()).retrain());
        assertTrained(network);
        assertThat(network.output(x).distance2(trained.output(x))).isGreaterThan(1e-4);
    }

    @Test
    void graphs() throws IOException {
        ComputationGraph graph = trained.toComputationGraph();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelSerializer.writeModel(graph, out, true);
        Path own = Files.write(folder.resolve("graph.zip"), out.toByteArray());
        checksum = adler(out.toByteArray());
        HostModel.Builder<ComputationGraph> builder = new HostModel.Builder<>(CLASSES, new int[] {1, SIZE, SIZE},
                model -> new Host(ComputationGraph.class), model -> graph);
        ComputationGraph network = builder.weights(own).pooling(SAME).build().initPretrained(PretrainedType.MNIST);
        assertThat(network.outputSingle(x).toFloatMatrix()[2])
                .containsExactly(graph.outputSingle(x).toFloatMatrix()[2], within(1e-6f));
        assertThat(network.getConfiguration().toJson()).contains("MixedPooling");
        assertThatExceptionOfType(FunctionChangedException.class)
                .isThrownBy(() -> builder.pooling(Pooling.soft()).build().initPretrained(PretrainedType.MNIST))
                .withMessageContaining("from max to soft");
        assertThatIOException()
                .isThrownBy(() -> load(leNet().weights(own)))
                .withMessageContaining(own + " holds no MultiLayerNetwork, which lenet is");
    }

    @Test
    void mirror() throws IOException {
        assertTrained(load(leNet().mirror(URI.create(server.address("/mirror/x")))));
        assertThat(cached).exists();
        Files.delete(cached);
        Files.write(folder.resolve(NAME), stored);
        assertTrained(load(leNet().mirror(folder.toUri())));
    }

    @Test
    void failuresNameAddressSizesChecksumsAndWhatHelps() {
        String[] help = {"mirror(URI)", "weights(Path)", "put it into " + cached.getParent()};
        URI nothing = URI.create(server.address("/other/"));
        assertThatIOException()
                .isThrownBy(() -> load(leNet().mirror(nothing)))
                .withMessageContainingAll(help)
                .withMessageContaining("weights of lenet for MNIST: " + nothing + NAME + ": HTTP status 404");
        server.order(FaultyServer.Fault.FORBIDDEN);
        assertThatIOException()
                .isThrownBy(() -> load(leNet()))
                .withMessageContainingAll(help)
                .withMessageContaining(server.address("/models/" + NAME) + ": HTTP status 403");
        server.order(FaultyServer.Fault.CORRUPT);
        byte[] corrupt = stored.clone();
        corrupt[0]++;
        assertThatIOException()
                .isThrownBy(() -> load(leNet()))
                .withMessageContainingAll(help)
                .withMessageContaining(stored.length + " bytes with the Adler-32 sum " + adler(corrupt) + ", expected "
                        + checksum);
        assertThat(cached).doesNotExist();
    }

    @Test
    void fileInTheCacheThatIsNotDl4jsIsKeptAside() throws IOException {
        Files.createDirectories(cached.getParent());
        Files.writeString(cached, "something else");
        assertTrained(load(leNet()));
        assertThat(cached.resolveSibling(NAME + ".rejected")).hasContent("something else");
    }

    @Test
    void fileOfOnesOwn() throws Exception {
        Path own = Files.write(folder.resolve("own.zip"), stored);
        assertTrained(load(leNet().weights(own)));
        String sum = String.format("%064x", new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(stored)));
        checksum++;
        assertThatIOException()
                .isThrownBy(() -> load(leNet().weights(own)))
                .withMessageContainingAll("lenet", own.toString(), stored.length + " bytes", "expected " + checksum,
                        "The file was left as it is", "weightsSha256");
        assertThat(own).hasBinaryContent(stored);
        assertTrained(load(leNet().weights(own).weightsSha256(sum)));
        assertTrained(leNet().weights(own).weightsSha256(sum).build().initPretrained(PretrainedType.IMAGENET));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> leNet().weights(own).build().initPretrained(PretrainedType.IMAGENET))
                .withMessageContaining("DL4J knows no checksum of lenet for IMAGENET");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void filesThatAreNoNetworks() throws IOException {
        Path text = Files.writeString(folder.resolve("text.zip"), "no network");
        checksum = adler(Files.readAllBytes(text));
        assertThatIOException()
                .isThrownBy(() -> load(leNet().weights(text)))
                .withMessageContaining(text + " holds no MultiLayerNetwork, which lenet is");
        assertThatIOException()
                .isThrownBy(() -> load(leNet().weights(folder.resolve("absent"))))
                .withMessageContaining("weights of lenet: there is no file " + folder.resolve("absent"));
    }

    @Test
    void shapesAndTypesThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(leNet().inputShape(1, 28, 28).pooling(SAME)))
                .withMessageContaining("the stored lenet for MNIST does not take images of the inputShape [1, 28, 28]");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> leNet().build().initPretrained(PretrainedType.IMAGENET))
                .withMessage("DL4J has no weights of lenet for IMAGENET; give a file by weights(Path)");
    }
}
