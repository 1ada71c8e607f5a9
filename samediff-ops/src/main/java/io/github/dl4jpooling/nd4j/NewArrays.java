// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes arrays with less effort than {@link Nd4j#create}, which writes the description of a shape to native memory anew
 * for each array: that takes longer than to pool a small map. ND4J's arrays with padding share descriptions, but of
 * vectors and matrices it makes too small buffers.
 */
public final class NewArrays {

    private static final long MOST_ELEMENTS = 1 << 20; // others take long enough

    // By its name, since other back-ends come without the class; they were not tried.
    private static final String FACTORY = "org.nd4j.linalg.cpu.nativecpu.CpuNDArrayFactory";

    private NewArrays() {}

    /**
     * Makes an array.
     *
     * @param array its shape and type
     * @return a dense array in the current workspace, if there is one, whose elements are not set
     */
    public static INDArray create(LongShapeDescriptor array) {
        long[] shape = array.getShape();
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        boolean shares = Nd4j.factory().getClass().getName().equals(FACTORY);
        if (!shares || shape.length < 3 || length == 0 || length > MOST_ELEMENTS) {
            return Nd4j.create(array, false);
        }
        long[] padding = new long[shape.length];
        return Nd4j.factory().create(array.dataType(), shape, padding, padding, 'c',
                Nd4j.getMemoryManager().getCurrentWorkspace());
    }
}
