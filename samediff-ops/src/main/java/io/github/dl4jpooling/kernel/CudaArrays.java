// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.nd4j.jita.allocator.impl.AtomicAllocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.jcublas.buffer.BaseCudaDataBuffer;
import org.nd4j.linalg.jcublas.context.CudaContext;

/**
 * Arrays of ND4J's CUDA back-end: they stay on their device, and work goes to the calling thread's stream of ND4J, so
 * that whatever ND4J does with them before and after keeps its order. Streams change with the device of a thread and
 * are asked for anew in every call. This class and {@link CudaHostKernels} are the only ones that touch nd4j-cuda.
 */
final class CudaArrays implements GpuArrays {

    private final GpuCompiler compiler;
    private final int wanted;

    /**
     * Uses the devices of ND4J's threads.
     *
     * @param compiler the compiler
     * @param wanted the only device that may be used, or -1 for any
     */
    CudaArrays(GpuCompiler compiler, int wanted) {
        this.compiler = compiler;
        this.wanted = wanted;
    }

    @Override
    public GpuDevice device() {
        int device = Nd4j.getAffinityManager().getDeviceForCurrentThread();
        if (wanted >= 0 && wanted != device) {
            throw new GpuException("cuda:" + wanted + " was chosen, but ND4J has bound this thread to device " + device
                    + "; bind it with Nd4j.getAffinityManager().unsafeSetDevice(" + wanted + ")", 0);
        }
        return GpuDevice.open(device, compiler);
    }

    @Override
    public long address(INDArray array) {
        // Of the device's copy, which every array of this back-end has; it includes the offset of a view.
        CudaContext context = AtomicAllocator.getInstance().getDeviceContext();
        return AtomicAllocator.getInstance().getPointer(array, context).address();
    }

    @Override
    public Borrowed borrow(KernelLaunch launch, long scratch) {
        Nd4j.getExecutioner().push(); // what is queued comes first
        CudaContext context = AtomicAllocator.getInstance().getDeviceContext();
        int device = Nd4j.getAffinityManager().getDeviceForCurrentThread();
        INDArray[] arrays = launch.arrays();
        long[] addresses = new long[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            if (arrays[i] != null) {
                addresses[i] = bring(arrays[i], device, context);
            }
        }
        // From ND4J, so that its rules for streams and workspaces hold for this memory too.
        INDArray memory = scratch == 0 ? null : Nd4j.createUninitialized(DataType.INT8, scratch);
        long place = memory == null ? 0 : AtomicAllocator.getInstance().getPointer(memory, context).address();
        return new Stay(launch, addresses, memory, place, context);
    }

    private static long bring(INDArray array, int device, CudaContext context) {
        BaseCudaDataBuffer buffer = (BaseCudaDataBuffer) array.data();
        int home = buffer.getOpaqueDataBuffer().deviceId();
        if (home != device && !Nd4j.getAffinityManager().isCrossDeviceAccessSupported()) {
            throw new GpuException("an array is on device " + home + ", the thread works on device " + device
                    + ", and the devices cannot reach each other: copy it with Nd4j.getAffinityManager()"
                    + ".replicateToDevice", 0);
        }
        // getPointer alone does not see that the host's copy is newer; outputs may be parts of such a buffer.
        buffer.getOpaqueDataBuffer().syncToSpecial();
        return AtomicAllocator.getInstance().getPointer(array, context).address();
    }

    /** Arrays where they were. */
    private static final class Stay implements Borrowed {
        private final KernelLaunch launch;
        private final long[] addresses;
        private final INDArray memory;
        private final long scratch;
        private final CudaContext context;

        private Stay(KernelLaunch launch, long[] addresses, INDArray memory, long scratch, CudaContext context) {
            this.launch = launch;
            this.addresses = addresses;
            this.memory = memory;
            this.scratch = scratch;
            this.context = context;
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
            // ND4J gives the address of the stream.
            return new CUstream_st(new PointerPointer<Pointer>(context.getOldStream()).get(0));
        }

        @Override
        public void finish() {
            INDArray[] arrays = launch.arrays();
            for (int i = 0; i < arrays.length; i++) {
                if (arrays[i] != null && launch.isOutput(i)) {
                    AtomicAllocator.getInstance().tickDeviceWrite(arrays[i]);
                } else if (arrays[i] != null) {
                    AtomicAllocator.getInstance().getAllocationPoint(arrays[i]).tickDeviceRead();
                }
            }
        }

        @Override
        public void close() {
            // Freeing waits for the device; memory of a workspace is reused in the order of the stream.
            if (memory != null && memory.closeable()) {
                memory.close();
            }
        }
    }
}
