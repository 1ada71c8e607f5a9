// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.bytedeco.cuda.global.nvrtc.NVRTC_SUCCESS;
import static org.bytedeco.cuda.global.nvrtc.nvrtcCompileProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcCreateProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcDestroyProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetCUBIN;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetCUBINSize;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetErrorString;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetNumSupportedArchs;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetPTX;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetPTXSize;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetProgramLog;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetProgramLogSize;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetSupportedArchs;
import static org.bytedeco.cuda.global.nvrtc.nvrtcVersion;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;

/** Compiles kernels with NVRTC, NVIDIA's run-time compiler, or takes them from the cache on disk. */
final class GpuCompiler {

    /** System property: folder of compiled kernels, or "none". */
    static final String CACHE_PROPERTY = "dl4jpooling.kernelCache";

    // Of Tegra, whose code does not run on other devices of the same generation.
    private static final List<Integer> TEGRA = Arrays.asList(53, 62, 72, 87, 101, 110);

    private final CompiledKernelCache cache = new CompiledKernelCache(System.getProperty(CACHE_PROPERTY));
    private final int[] targets;
    private final String version;

    /** Loads NVRTC. */
    GpuCompiler() {
        int[] count = new int[1];
        check(nvrtcGetNumSupportedArchs(count), "nvrtcGetNumSupportedArchs");
        targets = new int[count[0]];
        check(nvrtcGetSupportedArchs(targets), "nvrtcGetSupportedArchs");
        int[] major = new int[1];
        int[] minor = new int[1];
        check(nvrtcVersion(major, minor), "nvrtcVersion");
        version = major[0] + "." + minor[0];
    }

    String version() {
        return version;
    }

    /**
     * Chooses what to compile for: machine code where the compiler knows the device or an older one of its generation,
     * else the newest intermediate code, which the driver translates.
     *
     * @param capability compute capability of the device, 80 for 8.0
     * @return sm_XX or compute_XX
     * @throws GpuException if the compiler has no target that the device runs
     */
    String target(int capability) {
        return target(capability, version, targets);
    }

    static String target(int capability, String version, int... targets) {
        int machine = 0;
        int intermediate = 0;
        for (int target : targets) {
            if (target == capability) {
                return "sm_" + target;
            }
            if (target < capability && !TEGRA.contains(target)) {
                machine = target / 10 == capability / 10 ? Math.max(machine, target) : machine;
                intermediate = Math.max(intermediate, target);
            }
        }
        if (machine == 0 && intermediate == 0) {
            throw new GpuException("NVRTC " + version + " has no target for a device of compute capability "
                    + capability / 10 + "." + capability % 10 + ", only " + Arrays.toString(targets), 0);
        }
        return machine > 0 ? "sm_" + machine : "compute_" + intermediate;
    }

    /**
     * Compiles a source, or finds it compiled.
     *
     * @param stem the source
     * @param type number of the element type
     * @param wide whether indices need more than 31 bits
     * @param target sm_XX or compute_XX
     * @param driver version of the driver
     * @return an image for the driver
     * @throws GpuException with the compiler's messages, if it does not compile
     */
    byte[] compile(String stem, int type, boolean wide, String target, int driver) {
        String source = GpuSource.of(stem);
        List<String> options = new ArrayList<>(Arrays.asList(
                "--gpu-architecture=" + target,
                "--std=c++17",
                "--device-as-default-execution-space", // the compiler refuses functions for the host
                "-DPOOLING_GPU_TYPE=" + type));
        if (!wide) {
            options.add("-DPOOLING_NARROW_INDICES");
        }
        String key = CompiledKernelCache.key(source, options.toString(), version, Integer.toString(driver));
        return cache.find(key).orElseGet(() -> {
            byte[] image = compile(stem, source, options, target.startsWith("sm_"));
            cache.store(key, image);
            return image;
        });
    }

    @SuppressWarnings({"try", "unchecked"}) // the scope takes what is made inside it, of any class
    private static byte[] compile(String stem, String source, List<String> options, boolean machineCode) {
        try (PointerScope scope = new PointerScope()) {
            PointerPointer<Pointer> arguments = new PointerPointer<>(options.size());
            for (int i = 0; i < options.size(); i++) {
                arguments.put(i, text(options.get(i)));
            }
            _nvrtcProgram program = new _nvrtcProgram();
            check(nvrtcCreateProgram(program, text(source), text(stem + ".cu"), 0, (PointerPointer<?>) null, null),
                    "nvrtcCreateProgram");
            try {
                int code = nvrtcCompileProgram(program, options.size(), arguments);
                if (code != NVRTC_SUCCESS) {
                    throw new GpuException("NVRTC cannot compile " + stem + ".cu with " + options + ": "
                            + nvrtcGetErrorString(code).getString() + "\n" + log(program), 0);
                }
                SizeTPointer size = new SizeTPointer(1);
                check(machineCode ? nvrtcGetCUBINSize(program, size) : nvrtcGetPTXSize(program, size), "nvrtcGet*Size");
                byte[] image = new byte[Math.toIntExact(size.get())];
                check(machineCode ? nvrtcGetCUBIN(program, image) : nvrtcGetPTX(program, image), "nvrtcGet*");
                return image;
            } finally {
                nvrtcDestroyProgram(program);
            }
        }
    }

    private static BytePointer text(String text) {
        return new BytePointer(text, StandardCharsets.UTF_8);
    }

    private static String log(_nvrtcProgram program) {
        SizeTPointer size = new SizeTPointer(1);
        if (nvrtcGetProgramLogSize(program, size) != NVRTC_SUCCESS || size.get() < 1) {
            return "(no messages)";
        }
        BytePointer log = new BytePointer(size.get());
        return nvrtcGetProgramLog(program, log) == NVRTC_SUCCESS ? log.getString() : "(no messages)";
    }

    private static void check(int code, String call) {
        if (code != NVRTC_SUCCESS) {
            throw new GpuException(call + ": " + nvrtcGetErrorString(code).getString(), 0);
        }
    }
}
