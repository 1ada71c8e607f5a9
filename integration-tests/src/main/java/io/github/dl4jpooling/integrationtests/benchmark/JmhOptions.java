// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** How all benchmarks of this project run: each in a JVM of its own, one warm-up, three iterations. */
final class JmhOptions {

    private JmhOptions() {}

    /**
     * Options without the benchmarks themselves.
     *
     * @param seconds measuring time of each figure, after a third of it as warm-up
     * @param threads OpenMP threads, and threads of the copy
     * @param jvm further arguments of the JVM
     * @return a builder to add to
     */
    static ChainedOptionsBuilder of(double seconds, int threads, List<String> jvm) {
        List<String> arguments = new ArrayList<>(List.of("-Xmx2g", "-Dorg.bytedeco.javacpp.maxphysicalbytes=6g"));
        arguments.addAll(jvm);
        arguments.add("-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"));
        arguments.add("-D" + LayerUnderTest.THREADS_PROPERTY + "=" + threads);
        arguments.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + threads);
        long iteration = Math.round(seconds * 1000 / 3);
        return new OptionsBuilder()
                .forks(1)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(Math.max(500, iteration)))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(iteration))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend(arguments.toArray(new String[0]));
    }
}
