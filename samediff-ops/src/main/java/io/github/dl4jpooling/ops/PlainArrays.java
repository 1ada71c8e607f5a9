// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays that begin their memory and have no gaps, so that ND4J gives parts of them without copying. */
final class PlainArrays {

    private PlainArrays() {}

    /** Parts of arrays that are not plain may not be had. */
    static INDArray of(INDArray array, Temporaries temporaries) {
        return AttendedMap.isPlain(array) ? array : temporaries.add(array.dup('c'));
    }

    /** Runs a computation whose results are plain; outside of workspaces, which keep arrays to their end. */
    @SuppressWarnings("try") // closing is all that the resource is for
    static void run(List<INDArray> inputs, List<INDArray> results, WideArrays.Computation computation) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            WideArrays.run(inputs, results, (wide, wideResults, temporaries) -> {
                List<INDArray> plain = new ArrayList<>();
                for (INDArray result : wideResults) {
                    plain.add(AttendedMap.isPlain(result)
                            ? result
                            : temporaries.create(result.dataType(), result.shape()));
                }
                computation.run(wide, plain, temporaries);
                for (int i = 0; i < plain.size(); i++) {
                    if (plain.get(i) != wideResults.get(i)) {
                        wideResults.get(i).assign(plain.get(i));
                    }
                }
            });
        }
    }
}
