// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs kernels on ND4J arrays, on the device that {@link ComputeDevices} chooses. Callers have checked shapes and
 * types; what else could lead native code astray is checked here: closed arrays, outputs that share memory.
 */
public final class Kernels {

    private Kernels() {}

    /**
     * Runs a kernel. On the CPU it has finished when this method returns; on a GPU it may still run, but whatever ND4J
     * does with the arrays afterwards waits for it.
     *
     * @param name the kernel, for instance soft_pool_forward
     * @param parameters the kernel's parameter struct, field by field
     * @param outputs how many of the arrays, at the end, are outputs
     * @param arrays the kernel's arrays; null for one that is left out, where the kernel allows it. Not modified:
     *     inputs. Modified: every element of the outputs is written; where another array is empty, it becomes 0.
     * @throws IllegalStateException if an array was closed
     * @throws IllegalArgumentException if an output shares memory with another array
     * @throws GpuException if a GPU was chosen and fails
     */
    public static void launch(String name, long[] parameters, int outputs, INDArray... arrays) {
        launch(new KernelLaunch(name, parameters, outputs, false, arrays));
    }

    /**
     * The same for a kernel that writes some elements of its outputs; the others stay as they are.
     *
     * @param name the kernel
     * @param parameters the kernel's parameter struct, field by field
     * @param outputs how many of the arrays, at the end, are outputs
     * @param arrays the kernel's arrays
     */
    public static void launchOnParts(String name, long[] parameters, int outputs, INDArray... arrays) {
        launch(new KernelLaunch(name, parameters, outputs, true, arrays));
    }

    private static void launch(KernelLaunch launch) {
        INDArray[] arrays = launch.arrays();
        boolean empty = false;
        for (INDArray array : arrays) {
            if (array != null && array.wasClosed()) {
                throw new IllegalStateException("Kernel " + launch.name() + ": an array was closed before the call");
            }
            empty |= array != null && array.isEmpty();
        }
        if (empty) { // nothing was pooled, so that nothing depends on a parameter
            for (int i = 0; i < arrays.length; i++) {
                if (launch.isOutput(i) && arrays[i] != null && !arrays[i].isEmpty()) {
                    arrays[i].assign(0);
                }
            }
            return;
        }
        KernelBackend backend = ComputeDevices.backend();
        checkOutputs(backend, launch);
        backend.run(launch);
    }

    /** Two threads must not write the same place, and no input may change while it is read. */
    private static void checkOutputs(KernelBackend backend, KernelLaunch launch) {
        INDArray[] arrays = launch.arrays();
        for (int i = 0; i < arrays.length; i++) {
            if (arrays[i] != null && launch.isOutput(i)) {
                for (int axis = 0; axis < arrays[i].rank(); axis++) {
                    if (arrays[i].stride()[axis] == 0 && arrays[i].size(axis) > 1) {
                        throw new IllegalArgumentException("Kernel " + launch.name()
                                + ": elements of an output must not share memory, but axis " + axis
                                + " has stride 0");
                    }
                }
                for (int other = 0; other < arrays.length; other++) {
                    if (other != i && arrays[other] != null && share(backend, arrays[i], arrays[other])) {
                        throw new IllegalArgumentException("Kernel " + launch.name()
                                + ": the output must not share memory with an input or another output");
                    }
                }
            }
        }
    }

    private static boolean share(KernelBackend backend, INDArray a, INDArray b) {
        long beginOfA = backend.address(a);
        long beginOfB = backend.address(b);
        return beginOfA < beginOfB + KernelLaunch.extent(b) && beginOfB < beginOfA + KernelLaunch.extent(a);
    }
}
