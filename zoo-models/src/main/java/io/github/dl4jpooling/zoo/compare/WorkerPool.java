// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.CommandException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Trains networks in parallel processes. Several processes with one thread each train about twice as many images per
 * second as one process with several threads.
 */
final class WorkerPool {
    /** What a worker needs at most, for the default number of workers. */
    private static final long WORKER_BYTES = 2L << 30;
    private static final int SECONDS_TO_END = 5;

    private final Protocol protocol;
    private final int workers;
    private final Path logs;
    private final String mainClass;

    WorkerPool(Protocol protocol, int workers, Path logs) {
        this(protocol, workers, logs, Worker.class.getName());
    }

    /** With another main class for the processes, so that tests can let them go wrong. */
    WorkerPool(Protocol protocol, int workers, Path logs, String mainClass) {
        this.protocol = protocol;
        this.workers = workers;
        this.logs = logs;
        this.mainClass = mainClass;
    }

    /** As many as the machine has cores and memory for. */
    static int defaultWorkers() {
        long byMemory = Machine.memoryBytes() / WORKER_BYTES;
        return (int) Math.max(1, Math.min(byMemory, Runtime.getRuntime().availableProcessors()));
    }

    /**
     * Trains all networks.
     *
     * @param jobs begun in this order
     * @param progress told about each epoch and each job that is done, from several threads
     * @return the results in the order of the jobs
     * @throws CommandException if a job fails or a process dies; the others are ended then
     * @throws InterruptedException if the thread is interrupted; the processes are ended then
     */
    List<RunResult> run(List<TrainingJob> jobs, Progress progress) throws InterruptedException {
        int count = Math.min(workers, jobs.size());
        Queue<Integer> waiting = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < jobs.size(); i++) {
            waiting.add(i);
        }
        RunResult[] results = new RunResult[jobs.size()];
        List<WorkerProcess> processes = new ArrayList<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread endProcesses = new Thread(() -> {
            interrupted.set(true);
            end(processes);
            progress.interrupted();
        });
        Runtime.getRuntime().addShutdownHook(endProcesses);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            ExecutorCompletionService<Void> finished = new ExecutorCompletionService<>(threads);
            for (int i = 1; i <= count; i++) {
                WorkerProcess process =
                        WorkerProcess.start(i, mainClass, logs.resolve("worker-" + i + ".log"), Map.of());
                synchronized (processes) {
                    processes.add(process);
                }
                finished.submit(() -> {
                    process.expectReady(protocol);
                    for (Integer job = waiting.poll(); job != null; job = waiting.poll()) {
                        results[job] = process.train(jobs.get(job), progress);
                    }
                    return null;
                });
            }
            for (int i = 0; i < count; i++) {
                finished.take().get();
            }
        } catch (IOException e) {
            throw new CommandException("cannot start a worker process: " + e.getMessage(), e);
        } catch (ExecutionException e) {
            if (interrupted.get() || e.getCause() instanceof WorkerProcess.Interrupted) {
                // Ctrl-C reaches the workers, too, perhaps before this process: it is about to end, in silence.
                TimeUnit.SECONDS.sleep(SECONDS_TO_END);
            }
            throw failure(e.getCause());
        } finally {
            end(processes);
            threads.shutdownNow();
            removeHook(endProcesses);
        }
        return List.of(results);
    }

    /** What training needs for each image of a batch, see {@link MemoryProbe}; in a process of its own. */
    double bytesPerImage(TrainingJob job) {
        WorkerProcess process = null;
        try {
            process = WorkerProcess.start(1, mainClass, logs.resolve("memory-" + job.pooling() + ".log"),
                    MemoryProbe.ENVIRONMENT);
            process.expectReady(protocol);
            return process.bytesPerImage(job);
        } catch (IOException e) {
            throw new CommandException("cannot start a worker process: " + e.getMessage(), e);
        } finally {
            if (process != null) {
                process.end();
            }
        }
    }

    /** Who hears how far the training is. */
    interface Progress {
        void epochDone();

        void jobDone(TrainingJob job, RunResult result);

        /** This process ends, by Ctrl-C for instance; the workers have been ended. */
        void interrupted();
    }

    private static CommandException failure(Throwable cause) {
        if (cause instanceof CommandException) {
            return (CommandException) cause;
        }
        if (cause instanceof WorkerProcess.Interrupted) {
            return new CommandException(cause.getMessage(), cause);
        }
        return new CommandException("cannot talk to a worker process: " + cause, cause);
    }

    private static void end(List<WorkerProcess> processes) {
        synchronized (processes) {
            processes.forEach(WorkerProcess::end);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The virtual machine is ending, and the hook does its work.
            return;
        }
    }
}
