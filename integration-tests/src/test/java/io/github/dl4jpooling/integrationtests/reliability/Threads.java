// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.factory.Nd4j;

/** Runs the same task in several threads that start at the same time. */
final class Threads {

    static final int COUNT = 8;

    private static final long TIME_LIMIT_SECONDS = 300;

    private Threads() {}

    /** A task of one of the threads. */
    interface Task {
        /**
         * Runs.
         *
         * @param thread number of the thread, from 0
         */
        void run(int thread) throws Exception;
    }

    /** Runs the task once a thread, in {@link #COUNT} threads. The first failure is thrown. */
    static void run(Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(COUNT);
        try {
            CountDownLatch start = new CountDownLatch(COUNT);
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                int thread = i;
                results.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    try {
                        task.run(thread);
                    } finally {
                        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
                    }
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().toString(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
