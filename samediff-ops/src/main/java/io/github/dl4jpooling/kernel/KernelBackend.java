// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Something that can run kernels. */
interface KernelBackend {

    /**
     * Runs a kernel on arrays that are not empty and do not overlap.
     *
     * @param launch what to run
     */
    void run(KernelLaunch launch);

    /**
     * Where an array stands: a number that tells whether arrays share memory.
     *
     * @param array the array
     * @return address of its first element
     */
    default long address(INDArray array) {
        return HostArrays.address(array);
    }
}
