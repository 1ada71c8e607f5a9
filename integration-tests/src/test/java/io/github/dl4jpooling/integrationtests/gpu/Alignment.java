// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.kernel.ComputeDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** Runs operators on the stub where memory is aligned and where it is not, and tells which kernels did the work. */
final class Alignment {

    private Alignment() {}

    /** Results of a run, and the kernels that ran, in their order. */
    static final class Traced {
        private final PlainArray[] outputs;
        private final PlainArray[] gradients;
        private final List<String> kernels;

        private Traced(PlainArray[] outputs, PlainArray[] gradients, List<String> kernels) {
            this.outputs = outputs;
            this.gradients = gradients;
            this.kernels = kernels;
        }

        List<String> kernels() {
            return kernels;
        }
    }

    /**
     * Asserts that memory does not matter.
     *
     * @param widest bytes of an element of other arrays that are read in groups, such as an index; 0: there are none
     * @param forward a pass, as forward_1, that runs where memory is aligned and only there; null: not known
     * @param backward the same
     */
    static void assertSameBits(OperatorRun run, DataType type, int widest, String forward, String backward) {
        Traced aligned = run(run, type, 0);
        // Elements are where they may be, groups of them are not.
        Traced misaligned = run(run, type, Math.max(type.width(), widest));
        for (String pass : new String[] {forward, backward}) {
            if (pass != null) {
                assertThat(aligned.kernels).as("%s", run).anyMatch(name -> isPass(name, pass));
                assertThat(misaligned.kernels).as("%s", run).noneMatch(name -> isPass(name, pass));
            }
        }
        assertSame(aligned, misaligned);
    }

    private static boolean isPass(String kernel, String pass) {
        return kernel.matches("(.*_)?" + pass + "_b?f\\d+");
    }

    /** Asserts that results have the same bits. */
    static void assertSame(Traced actual, Traced expected) {
        compare("output ", actual.outputs, expected.outputs);
        compare("gradient ", actual.gradients, expected.gradients);
    }

    private static void compare(String name, PlainArray[] actual, PlainArray[] expected) {
        for (int i = 0; i < expected.length; i++) {
            Comparison.assertClose(name + i, actual[i], expected[i], value -> -1);
        }
    }

    /**
     * Runs an operator on the stub.
     *
     * @param misalignment 0, or bytes by which memory misses the alignment that memory on devices has: 2, 4 or 8
     */
    static Traced run(OperatorRun run, DataType type, int misalignment) {
        try {
            Path trace = Files.createTempFile("kernels", ".txt");
            try {
                Stub.tell("trace=" + trace + " devices=8 misaligned=" + misalignment);
                // Devices of their own, since they keep memory.
                int device = misalignment == 0 ? 0 : 2 + Integer.numberOfTrailingZeros(misalignment);
                ComputeDevices.use("cuda:" + device);
                PlainArray[] outputs = run.outputs();
                PlainArray yGradient = PlainArray.gaussian(new Random(5), 1, outputs[0].shape()).roundedTo(type);
                PlainArray[] gradients = run.gradients(yGradient);
                return new Traced(outputs, gradients, Files.readAllLines(trace));
            } finally {
                Stub.forget();
                Files.delete(trace);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
