// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses where the operators of this library run.
 *
 * <ul>
 * <li><b>auto</b>, the default: where ND4J's arrays are. With nd4j-native that is the CPU, with nd4j-cuda the GPU of
 * the calling thread.
 * <li><b>cpu</b>: the CPU.
 * <li><b>cuda</b> or <b>cuda:N</b>: the first or Nth NVIDIA GPU. With nd4j-native the arrays of each call are copied
 * there and back, which pays where operators compute much for each element; it needs org.bytedeco:cuda on the class
 * path and works on devices that nd4j-cuda 1.0.0-M2.1 has no code for (compute capability 9.0 and later). With
 * nd4j-cuda the arrays stay where they are, and N must be the device of the thread.
 * </ul>
 *
 * <p>The system property {@value #DEVICE_PROPERTY} makes the choice for a program, {@link #use} changes it. Where a GPU
 * was asked for and there is none that works, the operators run on the CPU and one line is logged. A GPU that fails
 * while it computes is a {@link GpuException}.
 *
 * <p>The system property {@value #DETERMINISTIC_PROPERTY} or {@link #setDeterministic} says whether gradients that are
 * scattered on a GPU (region and deformable operators, some maxima) have the same bits every time; it is on by default.
 * All other results always have.
 */
public final class ComputeDevices {

    /** System property: auto, cpu, cuda or cuda:N. */
    public static final String DEVICE_PROPERTY = "dl4jpooling.device";

    /** System property: true or false. */
    public static final String DETERMINISTIC_PROPERTY = "dl4jpooling.deterministic";

    private static final Logger LOG = LoggerFactory.getLogger(ComputeDevices.class);
    private static final Pattern SETTING = Pattern.compile("(auto|cpu|cuda)(?::(\\d{1,3}))?");
    private static final KernelBackend CPU = new CpuKernels();

    private static volatile boolean deterministic =
            !"false".equalsIgnoreCase(System.getProperty(DETERMINISTIC_PROPERTY));
    private static volatile KernelBackend backend;
    private static String setting; // null: the system property's
    private static String whyCpu; // null: it was the choice

    private ComputeDevices() {}

    /**
     * Chooses a device for all later calls of all threads.
     *
     * @param device auto, cpu, cuda or cuda:N; null for what the system property says
     * @throws IllegalArgumentException if it is none of them
     */
    public static synchronized void use(String device) {
        if (device != null) {
            parse(device, "The device");
        }
        setting = device;
        backend = null;
    }

    /** Puts a back-end in place of the chosen one, until a device is chosen. For tests, which record calls. */
    static synchronized void useBackend(KernelBackend other) {
        backend = other;
    }

    /**
     * Chooses whether scattered gradients have the same bits every time.
     *
     * @param same whether they must
     */
    public static void setDeterministic(boolean same) {
        deterministic = same;
    }

    /** @return whether scattered gradients have the same bits every time */
    public static boolean isDeterministic() {
        return deterministic;
    }

    /**
     * The device of the next call, opened if it was not.
     *
     * @return cpu or cuda:N
     * @throws IllegalArgumentException if the system property names no device
     */
    public static String inUse() {
        KernelBackend current = backend();
        return current instanceof GpuKernels ? "cuda:" + ((GpuKernels) current).device().ordinal() : "cpu";
    }

    /**
     * What there is, for people: the CPU and the GPUs, which of them is in use and why the others are not.
     *
     * @return one line for each device, the CPU first
     */
    public static List<ComputeDevice> found() {
        String used = inUse();
        List<ComputeDevice> devices = new ArrayList<>();
        devices.add(new ComputeDevice(
                "cpu",
                CpuKernels.instructionSet().name().toLowerCase(Locale.ROOT) + " kernels",
                used.equals("cpu"),
                used.equals("cpu") ? reasonForCpu() : "a GPU was chosen"));
        try {
            int count = CudaDriver.start();
            String compiler = new GpuCompiler().version();
            for (int i = 0; i < count; i++) {
                String name = "cuda:" + i;
                String details = String.format(
                        Locale.ROOT,
                        "%s, compute capability %d.%d, %.1f GiB, driver %d.%d, NVRTC %s",
                        CudaDriver.name(i),
                        CudaDriver.capability(i) / 10,
                        CudaDriver.capability(i) % 10,
                        CudaDriver.memory(i) / (double) (1L << 30),
                        CudaDriver.version() / 1000,
                        CudaDriver.version() % 1000 / 10,
                        compiler);
                devices.add(new ComputeDevice(
                        name, details, name.equals(used), name.equals(used) ? reasonForGpu() : reasonAgainst(name)));
            }
        } catch (GpuException | LinkageError e) {
            devices.add(new ComputeDevice("cuda", "not available", false, explain(e)));
        }
        return devices;
    }

    private static synchronized String reasonForCpu() {
        return whyCpu != null ? whyCpu : "chosen by " + origin() + ": " + setting();
    }

    private static synchronized String reasonForGpu() {
        return "chosen by " + origin() + ": " + setting();
    }

    private static synchronized String reasonAgainst(String name) {
        return setting().equals("auto") && !isNd4jOnGpu() ? "ND4J's arrays are on the CPU (" + DEVICE_PROPERTY + "="
                + name + " would copy them)" : "not chosen by " + origin() + ": " + setting();
    }

    private static String origin() {
        return setting != null ? "the program"
                : System.getProperty(DEVICE_PROPERTY) != null ? "system property " + DEVICE_PROPERTY : "default";
    }

    private static String setting() {
        return setting != null ? setting : System.getProperty(DEVICE_PROPERTY, "auto");
    }

    private static boolean isNd4jOnGpu() {
        return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.CUDA;
    }

    private static Matcher parse(String device, String what) {
        Matcher matcher = SETTING.matcher(device.toLowerCase(Locale.ROOT));
        if (!matcher.matches() || matcher.group(2) != null && !matcher.group(1).equals("cuda")) {
            throw new IllegalArgumentException(
                    what + " must be auto, cpu, cuda or cuda:N with the number of a GPU, got \"" + device + "\"");
        }
        return matcher;
    }

    /** The back-end of the next call. */
    static KernelBackend backend() {
        KernelBackend current = backend;
        return current != null ? current : choose();
    }

    private static synchronized KernelBackend choose() {
        if (backend == null) {
            Matcher wanted = parse(setting(), setting != null ? "The device" : "System property " + DEVICE_PROPERTY);
            boolean nd4jOnGpu = isNd4jOnGpu();
            boolean gpu = wanted.group(1).equals("cuda") || wanted.group(1).equals("auto") && nd4jOnGpu;
            whyCpu = null;
            backend = gpu ? open(wanted.group(2), nd4jOnGpu) : cpu(nd4jOnGpu);
        }
        return backend;
    }

    private static KernelBackend cpu(boolean nd4jOnGpu) {
        return nd4jOnGpu ? new CudaHostKernels(CPU) : CPU;
    }

    private static KernelBackend open(String number, boolean nd4jOnGpu) {
        try {
            int count = CudaDriver.start();
            int device = number == null ? 0 : Integer.parseInt(number);
            if (device >= count) {
                throw new GpuException("there is no CUDA device " + device + ", only " + count, 0);
            }
            GpuCompiler compiler = new GpuCompiler();
            return new GpuKernels(nd4jOnGpu ? new CudaArrays(compiler, number == null ? -1 : device)
                    : new CopiedArrays(GpuDevice.open(device, compiler)));
        } catch (GpuException | LinkageError e) {
            return fallBack(explain(e), nd4jOnGpu);
        }
    }

    private static KernelBackend fallBack(String reason, boolean nd4jOnGpu) {
        whyCpu = "no GPU: " + reason;
        LOG.warn("Pooling operators run on the CPU, since no GPU can be used: {}", reason);
        return cpu(nd4jOnGpu);
    }

    /** Takes a device out of use whose context is lost. */
    static synchronized void giveUp(GpuDevice device, GpuException reason) {
        device.forget();
        if (backend instanceof GpuKernels) {
            backend = fallBack("device " + device.ordinal() + " was lost (" + reason.getMessage() + ")", isNd4jOnGpu());
        }
    }

    private static String explain(Throwable e) {
        if (!(e instanceof LinkageError)) {
            return e.getMessage();
        }
        try {
            Class.forName("org.bytedeco.cuda.presets.cudart", false, ComputeDevices.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            return "org.bytedeco:cuda is not on the class path";
        }
        return "NVIDIA's driver (libcuda), CUDA run-time library (libcudart) or run-time compiler (libnvrtc) is not "
                + "installed in a version that org.bytedeco:cuda fits, or its classifier for this platform is not on "
                + "the class path (" + e.getMessage() + ")";
    }
}
