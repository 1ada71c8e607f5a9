// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How the arrays of a launch come to a device and back. */
interface GpuArrays {

    /** @return the device on which the calling thread's launches run */
    GpuDevice device();

    /**
     * Where an array stands before it comes to the device, to tell whether arrays share memory.
     *
     * @param array the array
     * @return address of its first element
     */
    long address(INDArray array);

    /**
     * Brings arrays to the device. Its context is current.
     *
     * @param launch what will run
     * @param scratch bytes of memory that the launch needs besides
     * @return the arrays on the device, to be closed when all passes are launched
     */
    Borrowed borrow(KernelLaunch launch, long scratch);

    /** Arrays of a launch on a device. */
    interface Borrowed extends AutoCloseable {

        /** @return addresses on the device, 0 where an array is left out */
        long[] addresses();

        /** @return address of the scratch memory */
        long scratch();

        /** @return where to launch */
        CUstream_st stream();

        /** Brings the results to where they belong. */
        void finish();

        /** Gives the memory back, whether or not the launch succeeded. */
        @Override
        void close();
    }
}
