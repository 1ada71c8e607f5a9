// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.SiteRuleBook;
import io.github.dl4jpooling.ops.SparsePool;
import io.github.dl4jpooling.ops.SparsePool.Type;
import io.github.dl4jpooling.ops.SparseSitePool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What is particular to pooling of site lists. */
class SparseSitePoolTest {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();

    private final NDPooling pooling = new NDPooling();

    /** Sites of a map [N,1,H,W], shuffled. */
    private static INDArray sitesOf(INDArray map) {
        List<long[]> sites = new ArrayList<>();
        for (long n = 0; n < map.size(0); n++) {
            for (long h = 0; h < map.size(2); h++) {
                for (long w = 0; w < map.size(3); w++) {
                    if (map.getDouble(n, 0, h, w) != 0) {
                        sites.add(new long[] {n, h, w});
                    }
                }
            }
        }
        Collections.shuffle(sites, new Random(2));
        return Nd4j.createFromArray(sites.toArray(new long[0][]));
    }

    /** Rows of a map [N,C,H,W] at places. */
    private static INDArray rows(INDArray map, INDArray places) {
        INDArray rows = Nd4j.create(map.dataType(), places.size(0), map.size(1));
        for (long row = 0; row < places.size(0); row++) {
            for (long c = 0; c < map.size(1); c++) {
                rows.putScalar(row, c,
                        map.getDouble(places.getLong(row, 0), c, places.getLong(row, 1), places.getLong(row, 2)));
            }
        }
        return rows;
    }

    private static void put(INDArray map, INDArray places, INDArray rows) {
        for (long row = 0; row < places.size(0); row++) {
            for (long c = 0; c < map.size(1); c++) {
                map.putScalar(
                        new long[] {places.getLong(row, 0), c, places.getLong(row, 1), places.getLong(row, 2)},
                        rows.getDouble(row, c));
            }
        }
    }

    /** The same as on a map, forward and backward. */
    @Test
    void agreesWithMaps() {
        Nd4j.getRandom().setSeed(1);
        INDArray map = Nd4j.randn(DataType.DOUBLE, 2, 5, 13, 17);
        INDArray active = Nd4j.rand(DataType.DOUBLE, 2, 1, 13, 17).lt(0.12).castTo(DataType.DOUBLE);
        INDArray sites = sitesOf(active);
        for (Type type : Type.values()) {
            SparsePool dense = new SparsePool(WINDOW, type);
            SparseSitePool list = new SparseSitePool(WINDOW, type, 13, 17);
            INDArray[] expected = pooling.outputs(dense, map, active);
            INDArray[] outputs = pooling.outputs(list, rows(map, sites), sites);
            assertThat(outputs[1].size(0)).isEqualTo(expected[1].sumNumber().longValue());
            assertThat(outputs[0].equalsWithEps(rows(expected[0], outputs[1]), 1e-12)).isTrue();
            INDArray gradient = Nd4j.randn(DataType.DOUBLE, outputs[0].shape());
            INDArray onMap = Nd4j.create(DataType.DOUBLE, expected[0].shape());
            put(onMap, outputs[1], gradient);
            INDArray result = pooling.gradients(list, gradient, outputs, rows(map, sites), sites)[0];
            INDArray right = rows(pooling.gradients(dense, onMap, expected, map, active)[0], sites);
            assertThat(result.equalsWithEps(right, 1e-12)).isTrue();
        }
    }

    /** Windows come row by row, whatever the order of the sites; the index names rows of the list. */
    @Test
    void order() {
        INDArray sites = Nd4j.createFromArray(new long[][] {{1, 0}, {0, 7}, {0, 1}, {0, 6}});
        INDArray features = Nd4j.createFromArray(new float[][] {{-1}, {-2}, {-3}, {-4}});
        SparseSitePool op = new SparseSitePool(PoolingWindow.builder(2).build(), 8);
        INDArray[] outputs = pooling.outputs(op, features, sites);
        assertThat(outputs[1].toLongMatrix()).isEqualTo(new long[][] {{0, 0}, {0, 3}, {1, 0}});
        assertThat(outputs[0].toFloatVector()).containsExactly(-3, -2, -1);
        assertThat(outputs[2].dup('c').data().asLong()).containsExactly(2, 1, 0);
    }

    /** A map of 2^60 places: were it anywhere, memory or time would not do. The work follows the sites. */
    @Test
    void workFollowsTheSites() {
        int size = 1 << 20;
        PoolingWindow window = PoolingWindow.builder(3, 3, 3).stride(2, 2, 2).padding(1, 1, 1).build();
        SparseSitePool op = new SparseSitePool(window, size, size, size);
        Random random = new Random(4);
        for (int count : new int[] {1000, 2000, 4000}) {
            long[][] places = new long[count][];
            for (int i = 0; i < count; i++) {
                places[i] = new long[] {i % 3, random.nextInt(size), random.nextInt(size), random.nextInt(size)};
            }
            INDArray sites = Nd4j.createFromArray(places);
            SiteRuleBook rules = op.ruleBook(sites);
            assertThat(rules.pairs()).isBetween(count, 8 * count); // a site lies in 1 to 2 windows along each axis
            assertThat(rules.rows()).isLessThanOrEqualTo(rules.pairs());
            INDArray features = Nd4j.rand(DataType.FLOAT, count, 2);
            INDArray[] outputs = pooling.outputs(op, features, sites);
            assertThat(outputs[0].size(0)).isEqualTo(rules.rows());
            INDArray gradient = pooling.gradients(op, outputs[0].ulike().assign(1), outputs, features, sites)[0];
            assertThat(gradient.sumNumber().doubleValue()).isEqualTo(2.0 * rules.rows());
        }
    }

    /** Steps and dilations with every divisor in common: the windows over a site are those that a search finds. */
    @Test
    void windowsOverEachSite() {
        int size = 23;
        INDArray sites = Nd4j.createFromArray(IntStream.range(0, size).mapToObj(i -> new long[] {0, i})
                .toArray(long[][]::new));
        for (int stride = 1; stride <= 6; stride++) {
            for (int dilation = 1; dilation <= 6; dilation++) {
                PoolingWindow window = PoolingWindow.builder(3).stride(stride).dilation(dilation).padding(1).build();
                SparseSitePool op = new SparseSitePool(window, size);
                List<Long> members = new ArrayList<>();
                for (long start = -1; start + 2 * dilation <= size; start += stride) {
                    for (long place = start; place <= start + 2 * dilation; place += dilation) {
                        if (place >= 0 && place < size) {
                            members.add(place);
                        }
                    }
                }
                assertThat(op.ruleBook(sites).members()).as("%s", window).containsExactly(
                        members.stream().mapToLong(Long::longValue).toArray());
            }
        }
    }

    /** 2^34 windows over a site: neither counted one by one nor in 32 bits. */
    @Test
    void moreWindowsThanMemoryHolds() {
        int kernel = 1 << 17;
        PoolingWindow window = PoolingWindow.builder(kernel, kernel).stride(1, 1).build();
        SparseSitePool op = new SparseSitePool(window, 1 << 20, 1 << 20);
        INDArray sites = Nd4j.createFromArray(new long[][] {{0, 1 << 19, 1 << 19}});
        assertThatThrownBy(() -> pooling.outputs(op, Nd4j.ones(1, 1), sites))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Sparse site").hasMessageContaining("got 1 sites in " + (1L << 34));
    }

    @Test
    void nanAndSitesInNoWindow() {
        INDArray sites = Nd4j.createFromArray(new long[][] {{0, 0}, {0, 1}, {0, 2}, {0, 3}});
        INDArray features = Nd4j.createFromArray(new double[][] {{1}, {Double.NaN}, {5}, {7}});
        PoolingWindow apart = PoolingWindow.builder(2).stride(3).build();
        for (Type type : Type.values()) {
            SparseSitePool op = new SparseSitePool(apart, type, 4);
            INDArray[] outputs = pooling.outputs(op, features, sites);
            assertThat(outputs[0].dup('c').data().asDouble()).containsExactly(Double.NaN);
            INDArray gradient = Nd4j.ones(DataType.DOUBLE, 1, 1);
            assertThat(pooling.gradients(op, gradient, outputs, features, sites)[0].dup('c').data().asDouble())
                    .containsExactly(type == Type.MAX ? new double[] {0, 1, 0, 0} : new double[] {0.5, 0.5, 0, 0});
        }
    }

    @Test
    void empty() {
        SparseSitePool op = new SparseSitePool(WINDOW, 9, 9);
        INDArray features = Nd4j.create(DataType.FLOAT, 0, 4);
        INDArray sites = Nd4j.create(DataType.INT64, 0, 3);
        INDArray[] outputs = pooling.outputs(op, features, sites);
        assertThat(outputs[0].shape()).containsExactly(0, 4);
        assertThat(outputs[1].shape()).containsExactly(0, 3);
        assertThat(pooling.gradients(op, outputs[0], outputs, features, sites)[0].shape()).containsExactly(0, 4);
        INDArray lonely = Nd4j.createFromArray(new long[][] {{0, 2}});
        SparseSitePool apart = new SparseSitePool(PoolingWindow.builder(2).stride(3).build(), 5);
        INDArray feature = Nd4j.ones(DataType.FLOAT, 1, 4);
        INDArray[] none = pooling.outputs(apart, feature, lonely);
        assertThat(none[0].shape()).containsExactly(0, 4);
        INDArray noGradient = pooling.gradients(apart, none[0], none, feature, lonely)[0];
        assertThat(noGradient).isEqualTo(Nd4j.zeros(DataType.FLOAT, 1, 4));
    }

    @Test
    void errors() {
        SparseSitePool op = new SparseSitePool(WINDOW, 8, 6);
        INDArray features = Nd4j.rand(DataType.FLOAT, 2, 3);
        assertRejected(() -> pooling.pool(op, features, Nd4j.createFromArray(new long[][] {{0, 0, 0}, {0, 8, 0}})),
                "column 1", "from 0 to 7", "got 8", "row 1");
        assertRejected(() -> pooling.pool(op, features, Nd4j.createFromArray(new long[][] {{0, 0, -1}, {0, 3, 0}})),
                "column 2", "from 0 to 5", "got -1", "row 0");
        assertRejected(() -> pooling.pool(op, features,
                Nd4j.createFromArray(new long[][] {{Long.MAX_VALUE, 0, 0}, {0, 3, 0}})), "column 0", "row 0");
        assertRejected(() -> pooling.pool(op, features, Nd4j.createFromArray(new long[][] {{4, 2, 1}, {4, 2, 1}})),
                "once", "[4, 2, 1]", "0 and 1");
        assertRejected(() -> pooling.pool(op, features, Nd4j.createFromArray(new long[][] {{0, 1}, {0, 3}})),
                "[S,3]", "[2, 2]");
        assertRejected(() -> pooling.pool(op, features, Nd4j.createFromArray(new long[][] {{0, 1, 1}})),
                "as many rows", "2 and 1");
        assertRejected(() -> pooling.pool(op, features, features), "sites", "LONG", "FLOAT");
        assertRejected(() -> pooling.pool(op, Nd4j.rand(DataType.FLOAT, 2, 3, 4),
                Nd4j.createFromArray(new long[][] {{0, 1, 1}})), "rank 2", "[2, 3, 4]");
        assertRejected(() -> new SparseSitePool(WINDOW, 8), "mapSize", "2 numbers", "got 1");
        assertRejected(() -> new SparseSitePool(WINDOW, 8, 0), "mapSize", "got 0");
        assertRejected(() -> new SparseSitePool(PoolingWindow.builder(9, 9).build(), 8, 8), "larger than the padded");
        int huge = Integer.MAX_VALUE;
        SparseSitePool tooLarge = new SparseSitePool(PoolingWindow.builder(1, 1, 1).build(), huge, huge, huge);
        assertRejected(() -> tooLarge.ruleBook(Nd4j.createFromArray(new long[][] {{0, 1, 1, 1}})), "2^62");
    }

    private static void assertRejected(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Sparse site pooling")
                .hasMessageContainingAll(parts);
    }

    @Test
    void sameBitsForAnyThreads() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        INDArray active = Nd4j.rand(DataType.FLOAT, 3, 1, 60, 70).gt(0.7).castTo(DataType.FLOAT);
        INDArray sites = sitesOf(active);
        INDArray features = Nd4j.randn(DataType.FLOAT, sites.size(0), 37);
        int threads = nd4j.ompGetMaxThreads();
        for (Type type : Type.values()) {
            SparseSitePool op = new SparseSitePool(WINDOW, type, 60, 70);
            INDArray[] outputs = pooling.outputs(op, features, sites);
            INDArray gradient = Nd4j.randn(DataType.FLOAT, outputs[0].shape());
            INDArray expected = pooling.gradients(op, gradient, outputs, features, sites)[0];
            try {
                nd4j.setOmpNumThreads(1);
                Comparison.assertSameBits("output", pooling.outputs(op, features, sites)[0], outputs[0]);
                Comparison.assertSameBits(
                        "gradient", pooling.gradients(op, gradient, outputs, features, sites)[0], expected);
            } finally {
                nd4j.setOmpNumThreads(threads);
            }
        }
    }

    /** In a graph that does not know how many sites there will be; two poolings in a row; features are learned. */
    @Test
    void graph() {
        SameDiff graph = SameDiff.create();
        SDPooling sd = new SDPooling(graph);
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 2);
        SDVariable sites = graph.placeHolder("sites", DataType.INT64, -1, 3);
        SDVariable weight = graph.var("weight", Nd4j.createFromArray(new float[][] {{0.1f, 0.3f}, {-0.2f, 0.1f}}));
        SDVariable[] first = sd.outputs("first", new SparseSitePool(WINDOW, 16, 16), x.mmul(weight), sites);
        SDVariable[] second =
                sd.outputs("second", new SparseSitePool(WINDOW, Type.AVG, 8, 8), first[0], first[1]);
        second[0].mean("loss");
        graph.setLossVariables("loss");
        graph.setTrainingConfig(TrainingConfig.builder().updater(new Adam(0.05))
                .dataSetFeatureMapping("x", "sites").markLabelsUnused().build());
        for (int count : new int[] {5, 40}) {
            INDArray places = sitesOf(Nd4j.rand(DataType.FLOAT, 1, 1, 16, 16).lt(count / 256.0).castTo(DataType.FLOAT));
            INDArray features = Nd4j.rand(DataType.FLOAT, places.size(0), 2);
            Map<String, INDArray> inputs = Map.of("x", features, "sites", places);
            INDArray[] one = pooling.outputs(
                    new SparseSitePool(WINDOW, 16, 16), features.mmul(weight.getArr()), places);
            INDArray[] two = pooling.outputs(new SparseSitePool(WINDOW, Type.AVG, 8, 8), one[0], one[1]);
            assertThat(graph.outputSingle(inputs, second[0].name()).equalsWithEps(two[0], 1e-6)).isTrue();
            double before = graph.outputSingle(inputs, "loss").getDouble(0);
            for (int step = 0; step < 5; step++) {
                graph.fit(new MultiDataSet(
                        new INDArray[] {features, places}, new INDArray[0]));
            }
            assertThat(graph.outputSingle(inputs, "loss").getDouble(0)).isLessThan(before);
        }
    }
}
