package io.penstock.engine.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures Kinesis APIs side by side with the same client: raw keep-alive HTTP/1.1, JSON, bodies made beforehand,
 * records of 1 KiB with random keys, 4 shards. The endpoints take turns in every round; the figure is the median of the
 * rounds.
 *
 * <p>Usage: {@code EngineBench ROUNDS SECONDS NAME=ENDPOINT...}; the first endpoint is compared with the others.
 */
public final class EngineBench {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SHARDS = 4;
    private static final int RECORD_BYTES = 1024;
    private static final int BODIES = 8;
    private static final int WARM_UP = 100_000;

    private final String name;
    private final URI endpoint;
    private final Duration time;

    private EngineBench(String name, URI endpoint, Duration time) {
        this.name = name;
        this.endpoint = endpoint;
        this.time = time;
    }

    /** What is measured, as the table names it. */
    private enum Measure {
        PUT_RECORDS("PutRecords, 500 records, 4 in flight", "records/s"),
        PUT_RECORD("PutRecord, 16 in flight", "records/s"),
        GET_RECORDS("GetRecords, one reader for each shard", "MB/s");

        private final String title;
        private final String unit;

        Measure(String title, String unit) {
            this.title = title;
            this.unit = unit;
        }
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        Duration time = Duration.ofMillis((long) (1000 * Double.parseDouble(arguments[1])));
        List<EngineBench> all = new ArrayList<>();
        for (String argument : Arrays.asList(arguments).subList(2, arguments.length)) {
            String[] parts = argument.split("=", 2);
            all.add(new EngineBench(parts[0], URI.create(parts[1]), time));
        }
        double[][][] figures = new double[all.size()][Measure.values().length][rounds];
        for (EngineBench one : all) {
            one.warmUp();
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < all.size(); i++) {
                double[] one = all.get(i).round("bench-" + round);
                for (Measure measure : Measure.values()) {
                    figures[i][measure.ordinal()][round] = one[measure.ordinal()];
                }
            }
        }
        print(all, figures);
    }

    private static void print(List<EngineBench> all, double[][][] figures) {
        StringBuilder table = new StringBuilder("| |");
        all.forEach(one -> table.append(' ').append(one.name).append(" |"));
        all.stream()
                .skip(1)
                .forEach(one -> table.append(' ')
                        .append(all.get(0).name)
                        .append(" / ")
                        .append(one.name)
                        .append(" |"));
        table.append("\n|---|").append("---|".repeat(2 * all.size() - 1)).append('\n');
        for (Measure measure : Measure.values()) {
            table.append("| ")
                    .append(measure.title)
                    .append(", ")
                    .append(measure.unit)
                    .append(" |");
            double first = median(figures[0][measure.ordinal()]);
            for (double[][] one : figures) {
                table.append(String.format(Locale.ROOT, " %,.0f |", median(one[measure.ordinal()])));
            }
            for (int i = 1; i < figures.length; i++) {
                table.append(String.format(Locale.ROOT, " %.1f |", first / median(figures[i][measure.ordinal()])));
            }
            table.append('\n');
        }
        System.out.print(table);
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** {@link #WARM_UP} records and no more: half in calls of 500, half in calls of one; then all of them are read. */
    private void warmUp() throws Exception {
        String stream = "bench-warm-up";
        create(stream);
        try (PutLoad many = new PutLoad(endpoint, 4, requests("PutRecords", stream, 500));
                PutLoad single = new PutLoad(endpoint, 16, requests("PutRecord", stream, 1))) {
            many.calls(WARM_UP / 2 / 500);
            single.calls(WARM_UP / 2);
        }
        for (byte[] beginning : beginnings(stream)) {
            try (RawConnection connection = new RawConnection(endpoint)) {
                readOnce(connection, beginning);
            }
        }
        call("DeleteStream", "{\"StreamName\":\"" + stream + "\"}");
    }

    private void create(String stream) throws IOException {
        call("CreateStream", "{\"StreamName\":\"" + stream + "\",\"ShardCount\":" + SHARDS + "}");
        while (!call("DescribeStreamSummary", "{\"StreamName\":\"" + stream + "\"}")
                .findValue("StreamStatus")
                .asText()
                .equals("ACTIVE")) {
            Thread.onSpinWait();
        }
    }

    private double[] round(String stream) throws Exception {
        create(stream);
        double many = puts(4, requests("PutRecords", stream, 500)) * 500;
        double single = puts(16, requests("PutRecord", stream, 1));
        double read = reads(stream);
        call("DeleteStream", "{\"StreamName\":\"" + stream + "\"}");
        System.err.printf(Locale.ROOT, "%s: %,.0f %,.0f records/s put, %,.0f MB/s read%n", name, many, single, read);
        return new double[] {many, single, read};
    }

    /** On a separate connection: a server may close an idle one while others are measured. */
    private JsonNode call(String operation, String body) throws IOException {
        try (RawConnection connection = new RawConnection(endpoint)) {
            connection.exchange(RawConnection.request(endpoint, operation, body.getBytes(StandardCharsets.UTF_8)));
            return MAPPER.readTree(connection.text().isEmpty() ? "{}" : connection.text());
        }
    }

    private List<byte[]> requests(String operation, String stream, int records) {
        Random random = new Random(1);
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < BODIES; i++) {
            StringBuilder entries = new StringBuilder();
            for (int j = 0; j < records; j++) {
                byte[] data = new byte[RECORD_BYTES];
                random.nextBytes(data);
                entries.append(j == 0 ? "" : "},{")
                        .append("\"PartitionKey\":\"key-")
                        .append(random.nextInt(1_000_000))
                        .append("\",\"Data\":\"")
                        .append(Base64.getEncoder().encodeToString(data))
                        .append('"');
            }
            String body = records == 1
                    ? "{\"StreamName\":\"" + stream + "\"," + entries + "}"
                    : "{\"StreamName\":\"" + stream + "\",\"Records\":[{" + entries + "}]}";
            requests.add(RawConnection.request(endpoint, operation, body.getBytes(StandardCharsets.UTF_8)));
        }
        return requests;
    }

    /** The work of one connection until a given time; returns the amount done. */
    private interface Work {
        double on(RawConnection connection, long until) throws IOException;
    }

    private double perSecond(int connections, List<Work> works) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long start = System.nanoTime();
            long until = start + time.toNanos();
            List<Callable<Double>> tasks = new ArrayList<>();
            for (Work work : works) {
                tasks.add(() -> {
                    try (RawConnection connection = new RawConnection(endpoint)) {
                        return work.on(connection, until);
                    }
                });
            }
            double sum = 0;
            for (Future<Double> done : threads.invokeAll(tasks)) {
                sum += done.get();
            }
            return sum / ((System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }

    private double puts(int connections, List<byte[]> requests) throws IOException {
        try (PutLoad load = new PutLoad(endpoint, connections, requests)) {
            long start = System.nanoTime();
            int calls = load.until(start + time.toNanos());
            return calls / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** Reads every shard from beginning to end, repeatedly; in megabytes of data. */
    private double reads(String stream) throws Exception {
        List<Work> works = new ArrayList<>();
        for (byte[] beginning : beginnings(stream)) {
            works.add((connection, until) -> read(connection, beginning, until));
        }
        return perSecond(works.size(), works) * RECORD_BYTES / 1e6;
    }

    /** For each shard, the call that gets an iterator at its beginning. */
    private List<byte[]> beginnings(String stream) throws IOException {
        List<byte[]> calls = new ArrayList<>();
        for (JsonNode shard :
                call("ListShards", "{\"StreamName\":\"" + stream + "\"}").path("Shards")) {
            calls.add(RawConnection.request(
                    endpoint,
                    "GetShardIterator",
                    ("{\"StreamName\":\"" + stream + "\",\"ShardId\":\""
                                    + shard.path("ShardId").asText() + "\",\"ShardIteratorType\":\"TRIM_HORIZON\"}")
                            .getBytes(StandardCharsets.UTF_8)));
        }
        return calls;
    }

    private void readOnce(RawConnection connection, byte[] beginning) throws IOException {
        String iterator = begin(connection, beginning);
        while (readPage(connection, iterator) > 0) {
            iterator = connection.textNearAnEnd("NextShardIterator");
        }
    }

    private double read(RawConnection connection, byte[] beginning, long until) throws IOException {
        double records = 0;
        String iterator = "";
        while (System.nanoTime() < until) {
            if (iterator.isEmpty()) {
                iterator = begin(connection, beginning);
            }
            int found = readPage(connection, iterator);
            records += found;
            iterator = found == 0 ? "" : connection.textNearAnEnd("NextShardIterator");
        }
        return records;
    }

    private static String begin(RawConnection connection, byte[] beginning) throws IOException {
        connection.exchange(beginning);
        return connection.textNearAnEnd("ShardIterator");
    }

    /** Returns the number of records. */
    private int readPage(RawConnection connection, String iterator) throws IOException {
        connection.exchange(RawConnection.request(
                endpoint, "GetRecords", ("{\"ShardIterator\":\"" + iterator + "\"}").getBytes(StandardCharsets.UTF_8)));
        return connection.count("\"SequenceNumber\"", RECORD_BYTES);
    }
}
