// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.dl4jpooling.integrationtests.family.Operators;
import io.github.dl4jpooling.kernel.CallRecorder;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Calls of every kernel, recorded here, are made again by programs that hold the kernels compiled with sanitizers. Runs
 * with the Maven profile sanitize. Only types whose kernels the programs hold are called.
 */
class KernelSanitizerTest {

    private static final Path FOLDER = Path.of("target", "sanitizers");
    private static final int CASES_PER_TYPE = Integer.getInteger("dl4jpooling.sanitizers.cases", 12);
    private static final int HOSTILE_CALLS = Integer.getInteger("dl4jpooling.sanitizers.hostile", 15); // per operator
    private static final long MOST_BYTES = 1 << 23;
    private static final Set<String> CALLED = new TreeSet<>();
    private static final TreeMap<String, Integer> CALLS = new TreeMap<>();

    /** Operators that compute 16-bit numbers in float, so that these kernels get none. */
    private static final List<String> WITHOUT_16_BITS = List.of("deformable_policy_pool_", "dpid_pool_",
            "instance_norm_");

    private static List<SanitizedProgram> programs;
    private static List<String> kernels;
    private static Set<DataType> types; // those of the kernels

    @BeforeAll
    static void findPrograms() throws IOException {
        programs = SanitizedProgram.all();
        assumeFalse(programs.isEmpty(), "the kernels were not compiled with sanitizers: the profile sanitize does it");
        Files.createDirectories(FOLDER);
        kernels = programs.get(0).kernels(FOLDER).stream().filter(KernelSanitizerTest::isCalled)
                .collect(Collectors.toList());
        types = kernels.stream().map(CallRecorder::typeOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isCalled(String kernel) {
        boolean narrow = kernel.endsWith(" " + CallRecorder.code(DataType.FLOAT16))
                || kernel.endsWith(" " + CallRecorder.code(DataType.BFLOAT16));
        return !kernel.startsWith("faulty ") && !(narrow && WITHOUT_16_BITS.stream().anyMatch(kernel::startsWith));
    }

    @AfterAll
    static void report() {
        if (!programs.isEmpty()) {
            System.out.println("Calls made again by " + programs + ": "
                    + CALLS.values().stream().mapToInt(Integer::intValue).sum() + ", " + CALLS);
        }
    }

    /** Nothing is found, and no kernel is left out. */
    @TestFactory
    Stream<DynamicTest> calls() {
        boolean all = System.getProperty("dl4jpooling.operators", "").isEmpty();
        Stream<PoolingOperator> withoutGradient = Arrays.stream(PoolingOperator.values())
                .filter(operator -> all && !operator.hasGradient());
        Stream<DynamicTest> operators = Stream.concat(Operators.all(), withoutGradient).map(operator -> test(
                operator.stem(), recorder -> RecordedOperators.call(operator, CASES_PER_TYPE, kernels, recorder)));
        Stream<DynamicTest> others = Stream.of(
                test("faults_of_before", recorder -> RecordedOperators.callWhereFaultsWere()),
                test("hostile", recorder -> RecordedOperators.callWithHostileValues(HOSTILE_CALLS)),
                test("memory_stream", KernelSanitizerTest::copyMemory),
                DynamicTest.dynamicTest("every kernel was called", KernelSanitizerTest::everyKernelWasCalled));
        return all ? Stream.concat(operators, others) : operators;
    }

    private static DynamicTest test(String name, Consumer<CallRecorder> calls) {
        return DynamicTest.dynamicTest(name, () -> {
            Path file = FOLDER.resolve(name);
            try (CallRecorder recorder = CallRecorder.open(file, types, MOST_BYTES)) {
                calls.accept(recorder);
                CALLS.put(name, recorder.calls());
                CALLED.addAll(recorder.kernels());
            }
            programs.forEach(program -> program.replay(file));
            Files.delete(file); // it stays where a fault is found
        });
    }

    /** The kernel of benchmarks, which no operator has. */
    private static void copyMemory(CallRecorder recorder) {
        for (DataType type : PoolingOperator.MAX_POOL.dataTypes()) {
            for (int length : new int[] {1, 15, 4096, 10_001}) {
                if (types.contains(type)) {
                    recorder.write("memory_stream", new long[] {length, 2L * length + 1}, 1,
                            Nd4j.rand(DataType.FLOAT, length).castTo(type), Nd4j.create(type, 2L * length + 1));
                }
            }
        }
    }

    private static void everyKernelWasCalled() {
        assertThat(CALLED).containsExactlyInAnyOrderElementsOf(kernels);
    }

    /** What a kernel may do wrong, in the order of {@code faulty.cpp}, and what is said of it. */
    private enum Fault {
        NONE(""), READS_BEHIND("SEGV"), READS_BEFORE("SEGV"), WRITES_INPUT("SEGV"), WRITES_BEHIND("use-after-poison"),
        WRITES_BETWEEN("between or beside"), LEAVES_OUT("were not written"), READS_NOTHING("was not written"),
        LEAKS("24 bytes of memory were not freed"), LEAVES_SCRATCH("heap-buffer-overflow"),
        OVERFLOWS("signed integer overflow"), CONVERTS_NAN("outside the range"), RACES("data race"),
        DEPENDS_ON_THREADS("number of threads");

        private final String message;

        Fault(String message) {
            this.message = message;
        }
    }

    /** Every kind of fault is found: a kernel that has it is refused by the program that is made for it. */
    @TestFactory
    Stream<DynamicTest> faults() {
        return programs.stream().flatMap(program -> Arrays.stream(Fault.values())
                .filter(fault -> fault == Fault.NONE || fault == Fault.RACES == program.findsRaces())
                .map(fault -> DynamicTest.dynamicTest(program + " " + fault, () -> {
                    Path file = FOLDER.resolve("faulty-" + fault);
                    try (CallRecorder recorder = CallRecorder.open(file, types, MOST_BYTES)) {
                        INDArray x = Nd4j.rand(DataType.FLOAT, 64);
                        INDArray y = Nd4j.create(Nd4j.create(DataType.FLOAT, 128).data(), new long[] {64},
                                new long[] {2}, 0, 'c');
                        recorder.write("faulty", new long[] {64, 2, fault.ordinal()}, 1, x, y);
                    }
                    if (fault == Fault.NONE) {
                        program.replay(file);
                    } else {
                        assertThatThrownBy(() -> program.replay(file)).isInstanceOf(AssertionError.class)
                                .hasMessageContaining(fault.message);
                    }
                    Files.delete(file);
                })));
    }
}
