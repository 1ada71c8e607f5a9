// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.data.RegionScenes;
import io.github.dl4jpooling.zoo.swap.QuantizedReport;
import io.github.dl4jpooling.zoo.swap.QuantizedResult;
import io.github.dl4jpooling.zoo.swap.QuantizedSwap;
import io.github.dl4jpooling.zoo.text.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;

/** A trained network before and after its poolings became 8-bit. Its fields are what it is as JSON. */
final class RegionQuantization {
    private static final int CALIBRATION_SCENES = 20;
    private static final double PERCENT = 100;

    private final QuantizedReport poolings;
    private final RegionMeasurement before;
    private final RegionMeasurement after;

    /**
     * Swaps and measures.
     *
     * @param network what was trained
     * @param train scenes of which the first ones are for the calibration
     */
    RegionQuantization(ComputationGraph network, QuantizedSwap swap, RegionScenes train, RegionScenes test) {
        List<Integer> scenes = IntStream.range(0, Math.min(CALIBRATION_SCENES, train.size())).boxed()
                .collect(Collectors.toList());
        MultiDataSet examples =
                new MultiDataSet(RegionTraining.inputs(train, scenes), RegionTraining.labels(train, scenes));
        QuantizedResult<ComputationGraph> result = swap.apply(network, new SingletonMultiDataSetIterator(examples));
        poolings = result.report();
        before = new RegionMeasurement(network, test);
        after = new RegionMeasurement(result.network(), test);
    }

    QuantizedReport poolings() {
        return poolings;
    }

    RegionMeasurement before() {
        return before;
    }

    RegionMeasurement after() {
        return after;
    }

    private static void row(Table table, String name, RegionMeasurement measured) {
        table.row(name, String.format(Locale.ROOT, "%.2f %%", PERCENT * measured.accuracy()),
                String.format(Locale.ROOT, "%.4f", measured.refinedIou()));
    }

    @Override
    public String toString() {
        Table table = new Table("Network", ">Accuracy", ">Mean IoU");
        row(table, "float poolings", before);
        row(table, "8-bit poolings", after);
        return poolings + System.lineSeparator() + table.toText();
    }
}
