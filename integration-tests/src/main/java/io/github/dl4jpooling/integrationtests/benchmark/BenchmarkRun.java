// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.io.IOException;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/**
 * Times implementations on workloads, each in a process of its own. All take turns on a workload, and everything is
 * repeated in rounds: what disturbs the machine for a while meets all of them.
 */
final class BenchmarkRun {

    private final List<Implementation> implementations;
    private final int rounds;
    private final int milliseconds;
    private final int threads;

    /**
     * @param implementations that take turns
     * @param rounds how often everything is timed
     * @param milliseconds measuring time of a pass in a round
     * @param threads threads of each process
     */
    BenchmarkRun(List<Implementation> implementations, int rounds, int milliseconds, int threads) {
        this.implementations = implementations;
        this.rounds = rounds;
        this.milliseconds = milliseconds;
        this.threads = threads;
    }

    Figures time(List<Workload> workloads) throws IOException {
        Figures figures = new Figures();
        long steps = rounds * workloads.stream()
                .mapToLong(workload -> implementations.stream().filter(one -> one.runs(workload)).count()).sum();
        try (ProgressBar progress = new ProgressBar("Timing", steps)) {
            for (int round = 0; round < rounds; round++) {
                for (Workload workload : workloads) {
                    for (Implementation implementation : implementations) {
                        if (implementation.runs(workload)) {
                            figures.add(workload, implementation.name(),
                                    implementation.time(workload, milliseconds, threads));
                            progress.step();
                        }
                    }
                }
            }
        }
        return figures;
    }
}
