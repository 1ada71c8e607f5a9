// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.PoolingCommand;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process that trains networks for {@link WorkerPool}. It reads the {@link Protocol} and then one
 * {@link TrainingJob} a line from standard input, answers in {@link WorkerMessage}s, and ends with its input.
 */
public final class Worker {
    private final PrintStream answers;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Worker(PrintStream answers) {
        this.answers = answers;
    }

    /**
     * Runs until standard input ends.
     *
     * @param arguments none
     * @throws Exception if the process is used in another way than {@link WorkerPool} does
     */
    public static void main(String[] arguments) throws Exception {
        PoolingCommand.quietLogs();
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        // Whatever Java code prints goes to the log.
        System.setOut(System.err);
        Worker worker = new Worker(answers);
        Thread reader = new Thread(worker::read, "jobs");
        reader.setDaemon(true);
        reader.start();
        worker.work();
    }

    /** In its own thread, so that the process ends in the middle of a job when the one that started it is gone. */
    private void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            System.err.println("cannot read jobs: " + e);
        }
        Runtime.getRuntime().halt(0);
    }

    private void work() throws InterruptedException, IOException {
        Protocol protocol = Json.parse(lines.take(), Protocol.class);
        ImageDataset data = protocol.images(ImageDatasets.load(protocol.data()));
        answer(WorkerMessage.Type.READY, null, null);
        while (true) {
            TrainingJob job = Json.parse(lines.take(), TrainingJob.class);
            try {
                if (job.measuresMemory()) {
                    double bytes = MemoryProbe.bytesPerImage(protocol, data, job);
                    answer(WorkerMessage.Type.MEMORY, Double.toString(bytes), null);
                    continue;
                }
                TrainingRun run = new TrainingRun(protocol, data, job);
                RunResult result = run.train(() -> answer(WorkerMessage.Type.EPOCH, null, null));
                if (job.networkFile() != null) {
                    run.network().save(Path.of(job.networkFile()).toFile());
                }
                answer(WorkerMessage.Type.DONE, null, result);
            } catch (RuntimeException | IOException | LinkageError | OutOfMemoryError e) {
                e.printStackTrace();
                answer(WorkerMessage.Type.FAILED, e.toString(), null);
            }
        }
    }

    private void answer(WorkerMessage.Type type, String text, RunResult result) {
        answers.print(new WorkerMessage(type, text, result).encode());
        answers.flush();
    }
}
