// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.integrationtests.benchmark.OperatorTimes;
import io.github.dl4jpooling.ops.PoolingOperator;
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

/** Measured times of operators, in docs/operator-costs.csv, and the table made of them. */
final class OperatorCosts {

    static final String TITLE = "Times";

    private static final String FILE = "docs/operator-costs.csv";
    private static final String CIRCUMSTANCES = "# ";
    private static final String HEADER = "operator,case,pass,milliseconds,copies";

    private static final Comparator<OperatorTimes> FORWARD_FIRST =
            Comparator.comparing(OperatorTimes::pass).reversed();

    private static final Comparator<OperatorTimes> ORDER = Comparator.comparing(OperatorTimes::operator)
            .thenComparing(OperatorTimes::what)
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

    /** Times every operator, or those named. */
    static OperatorCosts measure(double seconds, List<PoolingOperator> operators) throws IOException {
        return new OperatorCosts(LocalDate.now() + ", " + Machine.describe(),
                OperatorTimes.measure(operators, seconds));
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
                t -> lines.add(String.format(Locale.ROOT, "%s,%s,%s,%.4f,%.3f", t.operator().stem(), t.what(),
                        t.pass(), t.milliseconds(), t.copies())));
        return Files.write(checkout.resolve(FILE), lines);
    }

    String toMarkdown(Function<PoolingOperator, String> title) {
        List<OperatorTimes> ofWindows =
                times.stream().filter(OperatorTimes::isOfWindow).collect(Collectors.toList());
        List<OperatorTimes> others = times.stream().filter(t -> !t.isOfWindow()).collect(Collectors.toList());
        String text = "\n## " + TITLE + "\n\n" + MarkdownWriter.wrapped("Time of a pass as a multiple of the time it "
                + "takes to read and write arrays as large as the input; medians, defaults of each operator, float, "
                + "all cores; for 8-bit numbers see [int8.md](int8.md). Measured by `./pooling docs --measure` on "
                + circumstances + ".", "");
        if (!ofWindows.isEmpty()) {
            text += "\n" + MarkdownWriter.wrapped(
                    "On " + OperatorTimes.SHAPE + ", by window and stride:", "")
                    + "\n" + table(ofWindows, List.of(), OperatorCosts::windowColumn, title).toMarkdown();
        }
        if (!others.isEmpty()) {
            text += "\n" + MarkdownWriter.wrapped("Operators whose cells are no windows, with the sizes of input and "
                    + "result; those of regions take 64 boxes on the maps of two images:", "")
                    + "\n" + table(others, List.of("Case"), OperatorTimes::pass, title).toMarkdown();
        }
        return text;
    }

    /** A row an operator, a column for what {@code column} says of a time. */
    private static Table table(List<OperatorTimes> times, List<String> further,
            Function<OperatorTimes, String> column, Function<PoolingOperator, String> title) {
        List<String> columns = times.stream()
                .sorted(FORWARD_FIRST)
                .map(column)
                .distinct()
                .sorted(Comparator.comparing(name -> name.replaceFirst(" ?[a-z]+$", ""))) // stable
                .collect(Collectors.toList());
        Map<PoolingOperator, String[]> rows = new EnumMap<>(PoolingOperator.class);
        int first = 1 + further.size();
        for (OperatorTimes time : times) {
            String[] row = rows.computeIfAbsent(time.operator(), operator -> {
                String[] cells = new String[first + columns.size()];
                Arrays.fill(cells, "");
                cells[0] = title.apply(operator);
                return cells;
            });
            if (!further.isEmpty()) {
                row[1] = time.what();
            }
            row[first + columns.indexOf(column.apply(time))] = String.format(Locale.ROOT, "%.1f", time.copies());
        }
        List<String> header = new ArrayList<>(List.of("Operator"));
        header.addAll(further);
        columns.forEach(name -> header.add(">" + name));
        Table table = new Table(header.toArray(new String[0]));
        rows.values().forEach(table::row);
        return table;
    }

    private static String windowColumn(OperatorTimes time) {
        return time.what() + " " + time.pass();
    }
}
