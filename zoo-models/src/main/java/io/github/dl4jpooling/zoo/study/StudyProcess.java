// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.compare.TrainingJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Processes that train one network each. Several processes with one thread each train more than one process with
 * several threads.
 */
final class StudyProcess {
    /** What is compared and how, for the processes to read. */
    static final String PROTOCOL_FILE = "protocol.json";

    private StudyProcess() {}

    /**
     * Runs a class, which reads the protocol from the file that is its first argument and leaves its result in the
     * second.
     *
     * @param type class of the result
     * @param main the class to run
     * @param folder where protocol, result and log are
     * @param job name of result and log
     * @param arguments further arguments
     */
    static <R> R run(Class<R> type, Class<?> main, Path folder, String job, String... arguments)
            throws IOException, InterruptedException {
        Path log = folder.resolve(job + ".log");
        Path results = folder.resolve(job + ".json");
        Files.deleteIfExists(results);
        List<String> all = new ArrayList<>(List.of(folder.resolve(PROTOCOL_FILE).toString(), results.toString()));
        all.addAll(List.of(arguments));
        ProcessBuilder builder = TrainingJvm.of(main.getName(), all.toArray(new String[0]));
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Thread endProcess = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(endProcess);
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new CommandException("training " + job + " ended with exit code " + code
                        + "; its log is " + log);
            }
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(endProcess);
        }
        return Json.read(results, type);
    }

    /** Runs jobs, so many at a time, and returns their results in the order of the jobs; each is told as it comes. */
    static <R> List<R> all(List<Callable<R>> jobs, int processes, Consumer<R> told) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            List<Future<R>> futures = jobs.stream().map(threads::submit).collect(Collectors.toList());
            List<R> results = new ArrayList<>();
            for (Future<R> future : futures) {
                results.add(future.get());
                told.accept(results.get(results.size() - 1));
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException) {
                throw (CommandException) e.getCause();
            }
            throw new CommandException("cannot train in a process: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
    }
}
