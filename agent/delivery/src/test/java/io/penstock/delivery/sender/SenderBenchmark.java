package io.penstock.delivery.sender;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Records a second and CPU seconds per million, of the sender from a spool and of a plain loop of the SDK's client,
 * each in a separate process, against an endpoint in another process that answers at once. CPU of the sending process
 * only. All are warmed up with as many records, then run in alternating rounds. The last lines are medians of the
 * rounds, and of the ratios within each round: how many times the SDK's records per CPU second the others send.
 *
 * <p>{@code java -cp ... io.penstock.delivery.sender.SenderBenchmark RECORDS BYTES ROUNDS MODES WARM-UP}, of sender,
 * aggregated and sdk; warm-up in rounds
 */
final class SenderBenchmark {
    private static final String BASELINE = "sdk";

    private SenderBenchmark() {}

    /** A process that prints a line for each command. */
    private record Worker(Process process, BufferedReader out) {
        static Worker start(String heap, String main, String... args) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    heap,
                    "-Dsun.net.httpserver.nodelay=true",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main));
            command.addAll(List.of(args));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Worker(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }

        String line() throws IOException {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("a process of the benchmark ended early");
            }
            return line;
        }

        long[] round() throws IOException {
            PrintStream in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            in.println();
            String[] taken = line().split(" ");
            return new long[] {Long.parseLong(taken[0]), Long.parseLong(taken[1])};
        }
    }

    public static void main(String[] args) throws Exception {
        run(
                System.out,
                Integer.parseInt(args[0]),
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                args[3],
                Integer.parseInt(args[4]));
    }

    static void run(PrintStream report, int records, int bytes, int rounds, String modes, int warmUp) throws Exception {
        List<Worker> all = new ArrayList<>();
        try {
            Worker stub = Worker.start("-Xmx512m", InstantKinesis.class.getName());
            all.add(stub);
            String endpoint = "http://127.0.0.1:" + stub.line();
            Map<String, Worker> senders = new LinkedHashMap<>();
            Map<String, List<Double>> costs = new LinkedHashMap<>();
            for (String mode : modes.split(",")) {
                Worker sender = Worker.start(
                        "-Xmx1g", SendingProcess.class.getName(), mode, endpoint, "" + records, "" + bytes);
                all.add(sender);
                senders.put(mode, sender);
                costs.put(mode, new ArrayList<>());
            }
            for (int round = 1 - warmUp; round <= rounds; round++) {
                for (String mode : senders.keySet()) {
                    long[] taken = senders.get(mode).round();
                    double cpu = taken[1] / 1e9 * 1e6 / records;
                    String name = round < 1 ? "warm-up" : "round " + round;
                    report.printf(
                            Locale.ROOT,
                            "%-8s  %-10s %9.0f records/s  %6.2f CPU s per million%n",
                            name,
                            mode,
                            records * 1e9 / taken[0],
                            cpu);
                    if (round >= 1) {
                        costs.get(mode).add(cpu);
                    }
                }
            }
            costs.forEach((mode, each) -> report.println(summary(mode, each, costs.getOrDefault(BASELINE, List.of()))));
        } finally {
            all.forEach(worker -> worker.process().destroy());
        }
    }

    private static String summary(String mode, List<Double> costs, List<Double> baseline) {
        String median = String.format(Locale.ROOT, "median    %-10s %6.2f CPU s per million", mode, median(costs));
        if (baseline.isEmpty()) {
            return median;
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < costs.size(); i++) {
            ratios.add(baseline.get(i) / costs.get(i));
        }
        return String.format(
                Locale.ROOT,
                "%s  %5.2f times the %s loop's records per CPU second",
                median,
                median(ratios),
                BASELINE.toUpperCase(Locale.ROOT));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
