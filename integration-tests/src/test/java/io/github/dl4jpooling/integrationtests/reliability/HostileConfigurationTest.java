// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Makes ops, windows, layers and vertices by their public constructors and builders with hostile arguments, and uses
 * what comes of it: ops on arrays, layers and vertices in a network.
 */
class HostileConfigurationTest {

    private static final int SHORT = 2000;
    private static final int LONG = 20_000;
    private static final CallLog LOG = new CallLog("hostile-configurations");
    static final List<Class<?>> CLASSES = Stream.of(
            LayerClasses.all().stream(),
            Arrays.stream(PoolingOperator.values()).map(operator -> operator.newOp().getClass()),
            Stream.of(PoolingWindow.class, RegionGrid.class, GraphLayout.class, Quantization.class,
                    RangeObserver.class))
            .flatMap(classes -> classes).filter(HostileMaker::canMake).collect(Collectors.toList());

    @Provide
    Arbitrary<Class<?>> classes() {
        return Arbitraries.of(CLASSES);
    }

    @Property(tries = SHORT, seed = "20261130", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE,
            generation = GenerationMode.RANDOMIZED)
    void configurations(@ForAll("classes") Class<?> type, @ForAll long seed,
            @ForAll @DoubleRange(max = 0.5) double share) {
        call(type, seed, share);
    }

    /** With seeds that differ from run to run, which the report holds. */
    @Property(tries = LONG, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE,
            generation = GenerationMode.RANDOMIZED)
    @Tag("long")
    void manyConfigurations(
            @ForAll("classes") Class<?> type, @ForAll long seed, @ForAll @DoubleRange(max = 0.5) double share) {
        call(type, seed, share);
    }

    @Provide
    Arbitrary<String> vertices() {
        return Arbitraries.of(VertexCall.names());
    }

    @Property(tries = SHORT / 2, seed = "20261130", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE,
            generation = GenerationMode.RANDOMIZED)
    void runsOfVertices(@ForAll("vertices") String name, @ForAll long seed, @ForAll @IntRange(max = 2) int changes) {
        LOG.make(name, new VertexCall(name, seed, changes, LOG::begin));
    }

    @Property(tries = LONG / 2, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE,
            generation = GenerationMode.RANDOMIZED)
    @Tag("long")
    void manyRunsOfVertices(
            @ForAll("vertices") String name, @ForAll long seed, @ForAll @IntRange(max = 2) int changes) {
        LOG.make(name, new VertexCall(name, seed, changes, LOG::begin));
    }

    private static void call(Class<?> type, long seed, double share) {
        LOG.make(type.getSimpleName(), new ConfigurationCall(type, seed, share, LOG::begin));
    }

    @AfterContainer
    static void report() {
        LOG.check(CLASSES.stream().map(Class::getSimpleName).collect(Collectors.toList()));
    }
}
