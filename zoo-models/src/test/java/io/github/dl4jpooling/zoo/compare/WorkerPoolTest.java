// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.zoo.cli.CommandException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol between the processes, with workers that train nothing. */
@Timeout(60)
class WorkerPoolTest {
    @TempDir
    Path folder;

    private final AtomicInteger epochs = new AtomicInteger();
    private final AtomicInteger jobs = new AtomicInteger();
    private Protocol protocol;

    @BeforeEach
    void createProtocol() {
        protocol = new Protocol("embedded", "tiny", List.of("max", "soft"), 3, 1, 10, 10, 5, false);
    }

    @Test
    void resultsComeInTheOrderOfTheJobs() throws Exception {
        List<RunResult> results = run(2, "max", "soft", "soft", "max", "slow");
        assertThat(results).extracting(RunResult::seed).containsExactly(1, 2, 3, 4, 5);
        assertThat(results).extracting(RunResult::pooling).containsExactly("max", "soft", "soft", "max", "slow");
        assertThat(epochs).hasValue(5);
        assertThat(jobs).hasValue(5);
        assertThat(folder.resolve("worker-2.log")).exists();
        assertThat(folder.resolve("worker-3.log")).doesNotExist();
    }

    @Test
    void workersComputeWithOneThread() throws Exception {
        assertThat(run(1, "max").get(0).oneDnn()).isEqualTo("OMP_NUM_THREADS=1");
    }

    @Test
    void otherOutputGoesToTheLog() throws Exception {
        assertThat(run(1, "chatty")).hasSize(1);
        assertThat(Files.readString(folder.resolve("worker-1.log"))).contains("printed by a library", "no line end");
    }

    @Test
    void deadWorkerIsNamedWithJobAndLog() {
        assertThatThrownBy(() -> run(2, "max", "die", "slow")).isInstanceOf(CommandException.class)
                .hasMessageContaining("exit code 3 while it trained die pooling with seed 2")
                .hasMessageContaining("its log is " + folder + "/worker-").hasMessageContaining("last words");
    }

    @Test
    void failedJobIsNamedWithItsReason() {
        assertThatThrownBy(() -> run(1, "fail")).isInstanceOf(CommandException.class)
                .hasMessageContaining("training fail pooling with seed 1 failed: out of luck (log: ");
    }

    @Test
    void workerThatCannotStart() {
        WorkerPool pool = new WorkerPool(protocol, 1, folder, "no.such.Worker");
        assertThatThrownBy(() -> pool.run(List.of(new TrainingJob("max", 1)), progress()))
                .isInstanceOf(CommandException.class).hasMessageContaining("while it started")
                .hasMessageContaining("no.such.Worker");
    }

    private List<RunResult> run(int workers, String... poolings) throws InterruptedException {
        TrainingJob[] list = new TrainingJob[poolings.length];
        for (int i = 0; i < list.length; i++) {
            list[i] = new TrainingJob(poolings[i], i + 1);
        }
        return new WorkerPool(protocol, workers, folder, FakeWorker.class.getName()).run(List.of(list), progress());
    }

    private WorkerPool.Progress progress() {
        return new WorkerPool.Progress() {
            @Override
            public void epochDone() {
                epochs.incrementAndGet();
            }

            @Override
            public void jobDone(TrainingJob job, RunResult result) {
                assertThat(result.seed()).isEqualTo(job.seed());
                jobs.incrementAndGet();
            }

            @Override
            public void interrupted() {
                throw new AssertionError("nobody interrupts the tests");
            }
        };
    }

    /** Speaks the protocol and behaves as the name of the pooling says. */
    public static final class FakeWorker {
        private FakeWorker() {}

        public static void main(String[] arguments) throws Exception {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            Json.parse(in.readLine(), Protocol.class);
            say(WorkerMessage.Type.READY, null, null);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                work(Json.parse(line, TrainingJob.class));
            }
        }

        private static void work(TrainingJob job) throws InterruptedException {
            switch (job.pooling()) {
                case "die":
                    System.err.println("last words");
                    System.exit(3);
                    break;
                case "fail":
                    say(WorkerMessage.Type.FAILED, "out of luck", null);
                    return;
                case "chatty":
                    System.out.println("printed by a library");
                    System.out.print("no line end");
                    break;
                case "slow":
                    Thread.sleep(300);
                    break;
                default:
                    break;
            }
            say(WorkerMessage.Type.EPOCH, null, null);
            say(WorkerMessage.Type.DONE, null, new RunResult(job.pooling(), job.seed(), 1,
                    "OMP_NUM_THREADS=" + System.getenv("OMP_NUM_THREADS"),
                    List.of(new EpochResult(1, 1, .5, 1, 1))));
        }

        private static void say(WorkerMessage.Type type, String text, RunResult result) {
            System.out.print(new WorkerMessage(type, text, result).encode());
            System.out.flush();
        }
    }
}
