// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

/**
 * A GPU that was chosen failed: its driver, the compiler of its kernels or a kernel. The message names the kernel, the
 * shapes and the error of CUDA. Nothing was computed: outputs hold no results.
 *
 * <p>The library stays usable. Where only the call failed, the next one tries the device again; where the device's
 * context is lost, as after a fault inside a kernel, later calls run on the CPU, which is logged once.
 */
public final class GpuException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;

    GpuException(String message, int code) {
        super(message);
        this.code = code;
    }

    GpuException(String message, Throwable cause) {
        super(message, cause);
        this.code = cause instanceof GpuException ? ((GpuException) cause).code() : 0;
    }

    /** @return the error code of the CUDA driver API, or 0 where the failure came from elsewhere */
    public int code() {
        return code;
    }
}
