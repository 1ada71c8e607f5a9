// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetAttribute;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetCount;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetName;
import static org.bytedeco.cuda.global.cudart.cuDeviceTotalMem;
import static org.bytedeco.cuda.global.cudart.cuDriverGetVersion;
import static org.bytedeco.cuda.global.cudart.cuGetErrorName;
import static org.bytedeco.cuda.global.cudart.cuGetErrorString;
import static org.bytedeco.cuda.global.cudart.cuInit;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * The CUDA driver and what it says of the machine. Only the driver API is used: ND4J's own library holds a copy of the
 * run-time API with a state of its own, and both meet in the driver.
 */
final class CudaDriver {

    private static final int NAME_BYTES = 256;

    private CudaDriver() {}

    /**
     * Starts the driver.
     *
     * @return number of devices
     * @throws GpuException if there is no device or the driver does not start
     */
    static int start() {
        check(cuInit(0), "cuInit");
        int[] count = new int[1];
        check(cuDeviceGetCount(count), "cuDeviceGetCount");
        return count[0];
    }

    /** Version as 1000 * major + 10 * minor. */
    static int version() {
        int[] version = new int[1];
        check(cuDriverGetVersion(version), "cuDriverGetVersion");
        return version[0];
    }

    static String name(int device) {
        byte[] name = new byte[NAME_BYTES];
        check(cuDeviceGetName(name, NAME_BYTES, device), "cuDeviceGetName");
        int length = 0;
        while (length < NAME_BYTES && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Bytes of memory. */
    static long memory(int device) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            check(cuDeviceTotalMem(size, device), "cuDeviceTotalMem");
            return size.get();
        }
    }

    /** Compute capability, 80 for 8.0. */
    static int capability(int device) {
        return 10 * attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device)
                + attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device);
    }

    private static int attribute(int attribute, int device) {
        int[] value = new int[1];
        check(cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /** Turns an error code into an exception. */
    static void check(int code, String call) {
        if (code != CUDA_SUCCESS) {
            throw new GpuException(call + ": " + describe(code), code);
        }
    }

    private static String describe(int code) {
        try (PointerPointer<Pointer> name = new PointerPointer<>(1);
                PointerPointer<Pointer> text = new PointerPointer<>(1)) {
            return code + (cuGetErrorName(code, name) == CUDA_SUCCESS ? " " + string(name) : "")
                    + (cuGetErrorString(code, text) == CUDA_SUCCESS ? " (" + string(text) + ")" : "");
        }
    }

    private static String string(PointerPointer<Pointer> pointer) {
        return new BytePointer(pointer.get(0)).getString();
    }
}
