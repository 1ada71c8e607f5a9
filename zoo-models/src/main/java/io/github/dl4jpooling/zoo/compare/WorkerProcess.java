// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.CommandException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** The near end of a {@link Worker} process. */
final class WorkerProcess {
    /** Exit code of a process that the signal KILL has ended. */
    private static final int KILLED = 137;
    /** By the signal INT, which Ctrl-C sends to all processes of a terminal. */
    private static final int INTERRUPTED = 130;

    private final int number;
    private final Path log;
    private final Process process;
    private final PrintWriter jobs;
    private final BufferedReader answers;
    private final PrintWriter otherOutput;

    private WorkerProcess(int number, Path log, Process process) throws IOException {
        this.number = number;
        this.log = log;
        this.process = process;
        jobs = new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        // The process itself appends to this file, so each line has to get there at once.
        otherOutput = new PrintWriter(Files.newBufferedWriter(log, StandardOpenOption.APPEND), true);
    }

    static WorkerProcess start(int number, String mainClass, Path log, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(log.getParent());
        Files.deleteIfExists(log);
        Files.createFile(log);
        ProcessBuilder builder = TrainingJvm.of(mainClass);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new WorkerProcess(number, log, builder.start());
    }

    /** Waits until the process has read its data. */
    void expectReady(Protocol protocol) {
        send(protocol);
        receive("it started");
    }

    /** Has a network trained. */
    RunResult train(TrainingJob job, WorkerPool.Progress progress) {
        send(job);
        String activity = "it trained " + job;
        WorkerMessage message = receive(activity);
        while (message.type() == WorkerMessage.Type.EPOCH) {
            progress.epochDone();
            message = receive(activity);
        }
        if (message.type() != WorkerMessage.Type.DONE) {
            throw new CommandException("training " + job + " failed: " + message.text() + " (log: " + log + ")");
        }
        progress.jobDone(job, message.result());
        return message.result();
    }

    /** Has memory measured; right only in a new process. */
    double bytesPerImage(TrainingJob job) {
        send(job.measuringMemory());
        WorkerMessage message = receive("it measured the memory of " + job);
        if (message.type() != WorkerMessage.Type.MEMORY) {
            throw new CommandException("measuring the memory of " + job + " failed: " + message.text() + " (log: "
                    + log + ")");
        }
        return Double.parseDouble(message.text());
    }

    void end() {
        process.destroyForcibly();
    }

    private void send(Object value) {
        // Whether it arrives shows in the answer.
        jobs.println(Json.line(value));
        jobs.flush();
    }

    private WorkerMessage receive(String activity) {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                WorkerMessage message = WorkerMessage.decode(line);
                if (message != null) {
                    return message;
                }
                if (!line.isEmpty()) {
                    otherOutput.println(line);
                }
            }
            throw died(activity);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RuntimeException died(String activity) {
        String exitCode = "unknown";
        try {
            int code = process.waitFor();
            if (code == INTERRUPTED) {
                return new Interrupted("worker process " + number + " was interrupted while " + activity);
            }
            exitCode = code + (code == KILLED ? " (killed, perhaps for lack of memory; --workers 1 needs least)" : "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new CommandException("worker process " + number + " ended with exit code " + exitCode + " while "
                + activity + "; its log is " + log + lastLine());
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "" : ", which ends with: " + lines.get(lines.size() - 1);
        } catch (IOException e) {
            return " (not readable: " + e.getMessage() + ")";
        }
    }

    /** A worker was ended by Ctrl-C, or whoever sends the same signal. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted(String message) {
            super(message);
        }
    }
}
