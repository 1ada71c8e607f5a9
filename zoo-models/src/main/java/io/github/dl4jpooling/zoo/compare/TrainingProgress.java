// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bar over all epochs of all runs. Without a terminal it is a line every ten seconds. */
final class TrainingProgress implements AutoCloseable {
    private static final String TERMINAL_PROPERTY = "pooling.terminal";
    private static final int TERMINAL_MILLIS = 500;
    private static final int LOG_MILLIS = 10_000;
    private static final int LOG_WIDTH = 100;

    private final ProgressBar bar;
    private final int runs;
    private final AtomicInteger runsDone = new AtomicInteger();

    TrainingProgress(int runs, int epochs, PrintStream err) {
        this.runs = runs;
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName("Training")
                .setInitialMax((long) runs * epochs)
                .setUnit(" epochs", 1)
                .setStyle(ProgressBarStyle.ASCII);
        if (isTerminal()) {
            builder.setConsumer(new ConsoleProgressBarConsumer(err)).setUpdateIntervalMillis(TERMINAL_MILLIS)
                    .continuousUpdate();
        } else {
            builder.setConsumer(new DelegatingProgressBarConsumer(new EachLineOnce(err)::print, LOG_WIDTH))
                    .setUpdateIntervalMillis(LOG_MILLIS);
        }
        bar = builder.build();
        showRuns();
    }

    /** The start script knows whether standard error is a terminal, Java does not. */
    private static boolean isTerminal() {
        String property = System.getProperty(TERMINAL_PROPERTY);
        return property == null ? System.console() != null : Boolean.parseBoolean(property);
    }

    void epochDone() {
        bar.step();
    }

    void jobDone() {
        runsDone.incrementAndGet();
        showRuns();
    }

    private void showRuns() {
        bar.setExtraMessage(runsDone.get() + " of " + runs + " networks");
    }

    @Override
    public void close() {
        bar.close();
    }

    /** The progress bar prints its last state twice. */
    private static final class EachLineOnce {
        private final PrintStream out;
        private String last = "";

        EachLineOnce(PrintStream out) {
            this.out = out;
        }

        void print(String line) {
            if (!line.equals(last)) {
                out.println(line);
                last = line;
            }
        }
    }
}
