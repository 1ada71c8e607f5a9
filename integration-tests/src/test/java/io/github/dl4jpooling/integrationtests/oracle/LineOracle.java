// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import java.util.Arrays;
import java.util.Random;

/** Means and maxima of lines. A subclass says which elements a line has; those outside the image do not count. */
abstract class LineOracle extends CellOracle {

    /** The elements of a line. */
    interface Line {
        /** Row and column of element t, maybe outside. */
        int[] element(int t);
    }

    /** Adds a line for one plane: elements first to before end that lie inside. */
    static void add(Cells cells, int[] n, int plane, int first, int end, Line line) {
        int[] places = new int[end - first];
        int count = 0;
        for (int t = first; t < end; t++) {
            int[] at = line.element(t);
            if (at[0] >= 0 && at[0] < n[2] && at[1] >= 0 && at[1] < n[3]) {
                places[count++] = (plane * n[2] + at[0]) * n[3] + at[1];
            }
        }
        cells.add(count, Arrays.copyOf(places, count));
    }

    /** The op's result, or its gradient (d_y), is two arrays of a golden case, one behind the other. */
    static PlainArray joined(GoldenCase golden, String name, String first, String second) {
        if (!name.equals("y") && !name.equals("d_y")) {
            return golden.array(name);
        }
        PlainArray[] parts = {golden.array(name.replace("y", first)), golden.array(name.replace("y", second))};
        int planes = parts[0].shape()[0] * parts[0].shape()[1];
        int[] lengths = {parts[0].values().length / planes, parts[1].values().length / planes};
        PlainArray result =
                PlainArray.zeros(parts[0].shape()[0], parts[0].shape()[1], 1, lengths[0] + lengths[1]);
        for (int plane = 0; plane < planes; plane++) {
            int begin = plane * (lengths[0] + lengths[1]);
            System.arraycopy(parts[0].values(), plane * lengths[0], result.values(), begin, lengths[0]);
            System.arraycopy(parts[1].values(), plane * lengths[1], result.values(), begin + lengths[0], lengths[1]);
        }
        return result;
    }

    /** An image. */
    static PlainArray image(Random random) {
        return map(random, sizes(random, 2, 12));
    }
}
