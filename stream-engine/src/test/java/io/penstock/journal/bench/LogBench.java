package io.penstock.journal.bench;

import io.penstock.journal.bench.Contender.Round;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The log against a bare write and force of the same frames, in alternating rounds, so that other load on the machine
 * affects both. Usage: {@code LogBench FOLDER [ROUNDS [SECONDS [CLIENTS ...]]]}.
 */
public final class LogBench {
    static final int MESSAGE = 200;

    private LogBench() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
        double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 2;
        int[] clients = args.length > 3
                ? Arrays.stream(args, 3, args.length)
                        .mapToInt(Integer::parseInt)
                        .toArray()
                : new int[] {50, 200, 500};
        try (Contender raw = new RawContender(folder);
                LogContender log = new LogContender(folder)) {
            log.warmUp();
            compare(List.of(raw, log), clients, rounds, seconds);
        }
    }

    /** Prints every round, and the median of each contender relative to the first one of the same round. */
    static void compare(List<Contender> contenders, int[] clients, int rounds, double seconds) throws IOException {
        long nanos = (long) (seconds * 1e9);
        for (int count : clients) {
            double[][] ratios = new double[contenders.size()][rounds];
            double[][] latencies = new double[contenders.size()][rounds];
            for (int round = -1; round < rounds; round++) {
                StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "K=%d", count));
                double first = 0;
                double firstLatency = 0;
                for (int i = 0; i < contenders.size(); i++) {
                    Round result = contenders.get(i).run(count, nanos);
                    first = i == 0 ? result.perSecond() : first;
                    firstLatency = i == 0 ? result.p50Micros() : firstLatency;
                    if (round >= 0) {
                        ratios[i][round] = result.perSecond() / first;
                        latencies[i][round] = result.p50Micros() / firstLatency;
                    }
                    line.append(String.format(
                            Locale.ROOT,
                            "  %s %.0f/s p50 %.0f us p99 %.0f us",
                            contenders.get(i).name(),
                            result.perSecond(),
                            result.p50Micros(),
                            result.p99Micros()));
                }
                System.out.println(round < 0 ? line + "  (warm-up)" : line);
            }
            for (int i = 1; i < contenders.size(); i++) {
                System.out.printf(
                        Locale.ROOT,
                        "K=%d: %s / %s, median of %d rounds: throughput %.2f, p50 latency %.2f%n",
                        count,
                        contenders.get(i).name(),
                        contenders.get(0).name(),
                        rounds,
                        median(ratios[i]),
                        median(latencies[i]));
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
