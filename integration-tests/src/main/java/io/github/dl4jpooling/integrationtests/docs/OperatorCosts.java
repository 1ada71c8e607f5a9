// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.integrationtests.benchmark.OperatorTimes;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.zoo.compare.Machine;
import io.github.dl4jpooling.zoo.text.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/** Measured times of operators, in docs/operator-costs.csv, and the table made of them. */
final class OperatorCosts {

    static final String TITLE = "Times";

    private static final String FILE = "docs/operator-costs.csv";
    private static final String CIRCUMSTANCES = "# ";
    private static final String HEADER = "operator,window,pass,milliseconds,copies";

    private static final Comparator<OperatorTimes> FORWARD_FIRST =
            Comparator.comparing(OperatorTimes::pass).reversed();

    private static final Comparator<OperatorTimes> ORDER = Comparator.comparing(OperatorTimes::operator)
            .thenComparing(OperatorTimes::window)
            .thenComparing(FORWARD_FIRST);

    private final String circumstances;
    private final List<OperatorTimes> times;

    OperatorCosts(String circumstances, List<OperatorTimes> times) {
        this.circumstances = circumstances;
        this.times = times;
    }

    static boolean exist(Path checkout) {
        return Files.exists(checkout.resolve(FILE));
    }

    /** Times every operator with a window, or those named. */
    static OperatorCosts measure(double seconds, List<PoolingOperator> operators) throws RunnerException {
        List<PoolingOperator> withWindow = operators.stream()
                .filter(operator -> operator.newOp() instanceof WindowOp)
                .collect(Collectors.toList());
        return new OperatorCosts(LocalDate.now() + ", " + Machine.describe(),
                OperatorTimes.measure(withWindow, seconds));
    }

    static OperatorCosts read(Path checkout) throws IOException {
        String circumstances = "";
        List<OperatorTimes> times = new ArrayList<>();
        for (String line : Files.readAllLines(checkout.resolve(FILE))) {
            if (line.startsWith(CIRCUMSTANCES)) {
                circumstances = line.substring(CIRCUMSTANCES.length());
            } else if (!line.equals(HEADER)) {
                String[] cells = line.split(",");
                times.add(new OperatorTimes(PoolingOperator.valueOf(cells[0].toUpperCase(Locale.ROOT)), cells[1],
                        cells[2], Double.parseDouble(cells[3]), Double.parseDouble(cells[4])));
            }
        }
        return new OperatorCosts(circumstances, times);
    }

    Path write(Path checkout) throws IOException {
        List<String> lines = new ArrayList<>(List.of(CIRCUMSTANCES + circumstances, HEADER));
        times.stream().sorted(ORDER).forEach(
                t -> lines.add(String.format(Locale.ROOT, "%s,%s,%s,%.4f,%.3f", t.operator().stem(), t.window(),
                        t.pass(), t.milliseconds(), t.copies())));
        return Files.write(checkout.resolve(FILE), lines);
    }

    String toMarkdown(Function<PoolingOperator, String> title) {
        String[] columns = times.stream()
                .sorted(Comparator.comparing(OperatorTimes::window).thenComparing(FORWARD_FIRST))
                .map(OperatorCosts::column)
                .distinct()
                .toArray(String[]::new);
        Map<PoolingOperator, String[]> rows = new EnumMap<>(PoolingOperator.class);
        for (OperatorTimes time : times) {
            String[] row = rows.computeIfAbsent(time.operator(), operator -> new String[columns.length]);
            row[Arrays.asList(columns).indexOf(column(time))] = String.format(Locale.ROOT, "%.1f", time.copies());
        }
        List<String> header = new ArrayList<>(List.of("Operator"));
        header.addAll(Arrays.stream(columns).map(column -> ">" + column).collect(Collectors.toList()));
        Table table = new Table(header.toArray(new String[0]));
        rows.forEach((operator, row) -> {
            List<String> cells = new ArrayList<>(List.of(title.apply(operator)));
            Arrays.stream(row).map(cell -> cell == null ? "" : cell).forEach(cells::add);
            table.row(cells.toArray(new String[0]));
        });
        return "\n## " + TITLE + "\n\n" + MarkdownWriter.wrapped("Time of a pass on " + OperatorTimes.SHAPE
                + " float as a multiple of the time it takes to copy the input, by window and stride; medians, "
                + "defaults of each operator, all cores. Measured by `./pooling docs --measure` on " + circumstances
                + ".", "")
                + "\n" + table.toMarkdown();
    }

    private static String column(OperatorTimes time) {
        return time.window() + " " + time.pass();
    }
}
