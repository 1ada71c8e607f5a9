// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.bytedeco.cuda.global.cudart.cuMemcpyDtoHAsync;
import static org.bytedeco.cuda.global.cudart.cuMemcpyHtoDAsync;
import static org.bytedeco.cuda.global.cudart.cuStreamSynchronize;

import java.lang.ref.Reference;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays of ND4J's CPU back-end, copied to a device for each launch and back. This makes devices usable that ND4J's own
 * CUDA back-end cannot use, at the price of the copies.
 */
final class CopiedArrays implements GpuArrays {

    // CU_STREAM_PER_THREAD: each thread has a stream of its own, which waits for no other.
    private static final CUstream_st STREAM = new CUstream_st(new Pointer() {
        {
            address = 2;
        }
    });

    private final GpuDevice device;

    /**
     * Uses a device.
     *
     * @param device the device
     */
    CopiedArrays(GpuDevice device) {
        this.device = device;
    }

    @Override
    public GpuDevice device() {
        return device;
    }

    @Override
    public long address(INDArray array) {
        return HostArrays.address(array);
    }

    @Override
    public Borrowed borrow(KernelLaunch launch, long scratch) {
        Copies copies = new Copies(launch, scratch);
        try {
            copies.bring();
        } catch (GpuException e) {
            copies.close();
            throw e;
        }
        return copies;
    }

    private final class Copies implements Borrowed {
        private final KernelLaunch launch;
        private final long scratchBytes;
        private final long[] addresses;
        private long scratch;

        private Copies(KernelLaunch launch, long scratchBytes) {
            this.launch = launch;
            this.scratchBytes = scratchBytes;
            this.addresses = new long[launch.arrays().length];
        }

        private void bring() {
            scratch = scratchBytes > 0 ? device.allocate(scratchBytes) : 0;
            INDArray[] arrays = launch.arrays();
            for (int i = 0; i < arrays.length; i++) {
                if (arrays[i] != null) {
                    long bytes = KernelLaunch.extent(arrays[i]);
                    addresses[i] = device.allocate(bytes);
                    if (!launch.isOutput(i) || launch.keepsOutputs()) {
                        CudaDriver.check(
                                cuMemcpyHtoDAsync(addresses[i], HostArrays.memory(arrays[i]), bytes, STREAM),
                                "cuMemcpyHtoDAsync");
                    }
                }
            }
        }

        @Override
        public long[] addresses() {
            return addresses;
        }

        @Override
        public long scratch() {
            return scratch;
        }

        @Override
        public CUstream_st stream() {
            return STREAM;
        }

        @Override
        public void finish() {
            INDArray[] arrays = launch.arrays();
            for (int i = 0; i < arrays.length; i++) {
                if (arrays[i] != null && launch.isOutput(i)) {
                    bringBack(addresses[i], arrays[i]);
                }
            }
            CudaDriver.check(cuStreamSynchronize(STREAM), "cuStreamSynchronize");
            Reference.reachabilityFence(arrays);
        }

        private void bringBack(long address, INDArray array) {
            long bytes = KernelLaunch.extent(array);
            if (bytes == array.length() * array.dataType().width()) {
                copy(address, array, bytes);
                return;
            }
            // Other arrays may stand between the elements of a view, and other threads may write them meanwhile.
            try (INDArray whole = Nd4j.createUninitialized(array.dataType(), bytes / array.dataType().width())) {
                copy(address, whole, bytes);
                CudaDriver.check(cuStreamSynchronize(STREAM), "cuStreamSynchronize");
                array.assign(Nd4j.create(whole.data(), array.shape(), array.stride(), 0, array.ordering()));
            }
        }

        private void copy(long address, INDArray array, long bytes) {
            CudaDriver.check(
                    cuMemcpyDtoHAsync(HostArrays.memory(array), address, bytes, STREAM), "cuMemcpyDtoHAsync");
        }

        @Override
        public void close() {
            // A launch that failed may have left something running.
            cuStreamSynchronize(STREAM);
            INDArray[] arrays = launch.arrays();
            for (int i = 0; i < arrays.length; i++) {
                if (addresses[i] != 0) {
                    device.free(addresses[i], KernelLaunch.extent(arrays[i]));
                }
            }
            if (scratch != 0) {
                device.free(scratch, scratchBytes);
            }
        }
    }
}
