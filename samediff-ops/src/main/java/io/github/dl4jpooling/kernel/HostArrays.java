// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays of ND4J's CPU back-end as native code sees them. */
final class HostArrays {

    private HostArrays() {}

    /** Where element 0 stands. */
    static long address(INDArray array) {
        // The buffer's address leaves out the offset of a view.
        return array.data().address() + array.offset() * array.dataType().width();
    }

    /** From element 0 to the end of the last element. */
    static Pointer memory(INDArray array) {
        return new Memory(address(array), KernelLaunch.extent(array));
    }

    /** Memory that belongs to somebody else. */
    private static final class Memory extends Pointer {
        private Memory(long address, long bytes) {
            this.address = address;
            this.limit = bytes;
            this.capacity = bytes;
        }
    }
}
