// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.nd4j.jita.allocator.impl.AtomicAllocator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.jcublas.buffer.BaseCudaDataBuffer;

/** Runs the CPU's kernels on the host's copies of arrays of ND4J's CUDA back-end, where no GPU can or shall be used. */
final class CudaHostKernels implements KernelBackend {

    private final KernelBackend cpu;

    /**
     * Uses the CPU.
     *
     * @param cpu its kernels
     */
    CudaHostKernels(KernelBackend cpu) {
        this.cpu = cpu;
    }

    @Override
    public void run(KernelLaunch launch) {
        Nd4j.getExecutioner().commit();
        for (INDArray array : launch.arrays()) {
            if (array != null) {
                ((BaseCudaDataBuffer) array.data()).getOpaqueDataBuffer().syncToPrimary();
            }
        }
        cpu.run(launch);
        INDArray[] arrays = launch.arrays();
        for (int i = 0; i < arrays.length; i++) {
            if (arrays[i] != null && launch.isOutput(i)) {
                AtomicAllocator.getInstance().tickHostWrite(arrays[i]);
            }
        }
    }
}
