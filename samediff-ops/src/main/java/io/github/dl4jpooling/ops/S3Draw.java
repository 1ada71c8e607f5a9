// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/** The windows along one axis that S3 pooling keeps: some of each cell, drawn without replacement. */
final class S3Draw {

    private static final long FURTHER = 1L << 39; // counters of what is drawn beyond the windows to keep

    private final long[][] cells; // the windows of each cell, in the order in which they were drawn
    private final int picks; // of a cell

    private S3Draw(long[][] cells, int picks) {
        this.cells = cells;
        this.picks = picks;
    }

    /**
     * Draws as many windows of each cell as are kept.
     *
     * @param axis number of the axis
     * @param windows how many there are along it
     * @param gridSize windows of a cell
     * @param picks how many of them are kept
     */
    static S3Draw of(CounterBasedRandom random, int axis, long windows, long gridSize, int picks) {
        return new S3Draw(shuffled(random, axis, windows, gridSize, picks, false), picks);
    }

    /** The same windows, and an order for all others, in which they take the places of windows that are lost. */
    static S3Draw ofAll(CounterBasedRandom random, int axis, long windows, long gridSize, int picks) {
        return new S3Draw(shuffled(random, axis, windows, gridSize, picks, true), picks);
    }

    private static long[][] shuffled(
            CounterBasedRandom random, int axis, long windows, long gridSize, int picks, boolean all) {
        long[][] cells = new long[Math.toIntExact((windows + gridSize - 1) / gridSize)][];
        long counter = (long) axis << 40;
        long further = counter + FURTHER;
        for (int c = 0; c < cells.length; c++) {
            long first = c * gridSize;
            long[] places = LongStream.range(first, Math.min(first + gridSize, windows)).toArray();
            for (int i = 0; i < (all ? places.length : Math.min(picks, places.length)); i++) {
                double drawn = random.uniform(i < picks ? counter++ : further++);
                int other = i + (int) (drawn * (places.length - i));
                long place = places[other];
                places[other] = places[i];
                places[i] = place;
            }
            cells[c] = places;
        }
        return cells;
    }

    /** The windows that are kept, in their order. */
    long[] kept() {
        return kept(window -> true);
    }

    /** Of each cell those that are not lost, in their order, and -1 for each that is missing. */
    long[] kept(LongPredicate counts) {
        return Arrays.stream(cells).flatMapToLong(cell -> {
            int places = Math.min(picks, cell.length);
            long[] kept = Arrays.stream(cell).filter(counts).limit(places).sorted().toArray();
            long[] all = Arrays.copyOf(kept, places);
            Arrays.fill(all, kept.length, places, -1);
            return Arrays.stream(all);
        }).toArray();
    }
}
