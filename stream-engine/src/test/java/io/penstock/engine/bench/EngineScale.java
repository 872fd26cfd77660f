package io.penstock.engine.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.JsonClient;
import io.penstock.engine.StreamEngine;
import io.penstock.engine.Tls;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Measures what a large amount of data costs an engine. {@code EngineScale FOLDER shards} makes 100 streams of 50
 * shards and one of 5,000, puts into all of them and starts again; {@code EngineScale FOLDER records} stores ten
 * million records of 100 bytes, counts them when they are read, and starts again. Run it with the heap that should be
 * enough.
 */
public final class EngineScale {
    private static final int STREAMS = 100;
    private static final int SHARDS = 50;
    private static final int WIDE = 5_000;
    private static final int RECORDS = 10_000_000;
    private static final int WRITERS = 4;

    private final Path folder;

    private EngineScale(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        EngineScale scale = new EngineScale(Path.of(arguments[0]));
        if (arguments[1].equals("shards")) {
            scale.shards();
        } else {
            scale.records();
        }
    }

    private StreamEngine start() throws Exception {
        long began = System.nanoTime();
        StreamEngine engine = StreamEngine.start(EngineSettings.persistent(folder)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(Duration.ZERO)
                .withReserveBytes(0)
                .withTls(new Tls.Off()));
        say("started in %,d ms", (System.nanoTime() - began) / 1_000_000);
        return engine;
    }

    private static void say(String text, Object... values) {
        System.out.printf(Locale.ROOT, text + "%n", values);
    }

    private static void sayHeap() {
        System.gc();
        say(
                "heap in use after a collection: %,d MB",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
    }

    private void shards() throws Exception {
        try (StreamEngine engine = start()) {
            for (int i = 0; i < STREAMS; i++) {
                engine.createStream("stream-" + i, SHARDS);
            }
            engine.createStream("stream-" + STREAMS, WIDE);
            useShards(engine, 1);
        }
        try (StreamEngine engine = start()) {
            useShards(engine, 2);
        }
    }

    private static void useShards(StreamEngine engine, int puts) throws Exception {
        JsonClient client = new JsonClient(engine);
        long began = System.nanoTime();
        int shards = 0;
        for (int i = 0; i <= STREAMS; i++) {
            String stream = "stream-" + i;
            shards += client.ok("ListShards", "{'StreamName':'" + stream + "','MaxResults':10000}")
                    .path("Shards")
                    .size();
            JsonNode answer = client.ok("PutRecords", body(stream, 500, number -> "key-" + number));
            if (answer.path("FailedRecordCount").asInt() != 0) {
                throw new IllegalStateException(answer.toString());
            }
        }
        say(
                "%,d shards listed and %,d records put in %,d ms",
                shards, 500 * (STREAMS + 1), (System.nanoTime() - began) / 1_000_000);
        int read = 0;
        for (int i = 0; i <= STREAMS; i++) {
            read += client.readAll("stream-" + i, JsonClient.shardId(i % SHARDS))
                    .size();
        }
        say("%,d records read from one shard of each stream, after %d rounds", read, puts);
        sayHeap();
    }

    private static String body(String stream, int records, IntFunction<String> keys) {
        StringBuilder entries = new StringBuilder();
        String data = JsonClient.base64("x".repeat(100));
        for (int i = 0; i < records; i++) {
            entries.append(i == 0 ? "" : ",")
                    .append("{'PartitionKey':'")
                    .append(keys.apply(i))
                    .append("','Data':'")
                    .append(data)
                    .append("'}");
        }
        return "{'StreamName':'" + stream + "','Records':[" + entries + "]}";
    }

    private void records() throws Exception {
        try (StreamEngine engine = start()) {
            engine.createStream("large", 4);
            long began = System.nanoTime();
            inParallel(engine, (connection, endpoint) -> {
                byte[] request = RawConnection.request(
                        endpoint,
                        "PutRecords",
                        body("large", 500, number -> "key-" + number)
                                .replace('\'', '"')
                                .getBytes(StandardCharsets.UTF_8));
                for (int i = 0; i < RECORDS / WRITERS / 500; i++) {
                    connection.exchange(request);
                }
                return 0L;
            });
            say("%,d records put in %,d ms", RECORDS, (System.nanoTime() - began) / 1_000_000);
            sayHeap();
        }
        try (StreamEngine engine = start()) {
            JsonClient client = new JsonClient(engine);
            List<String> iterators = new ArrayList<>();
            for (int shard = 0; shard < WRITERS; shard++) {
                iterators.add(client.iterator("large", JsonClient.shardId(shard), "TRIM_HORIZON"));
            }
            long began = System.nanoTime();
            long read = inParallel(engine, (connection, endpoint) -> {
                String iterator;
                synchronized (iterators) {
                    iterator = iterators.remove(0);
                }
                return count(connection, endpoint, iterator);
            });
            say("%,d records read in %,d ms", read, (System.nanoTime() - began) / 1_000_000);
            sayHeap();
        }
    }

    private static long count(RawConnection connection, URI endpoint, String first) throws Exception {
        String iterator = first;
        long all = 0;
        while (true) {
            connection.exchange(RawConnection.request(
                    endpoint,
                    "GetRecords",
                    ("{\"ShardIterator\":\"" + iterator + "\"}").getBytes(StandardCharsets.UTF_8)));
            int found = connection.count("\"SequenceNumber\"", 100);
            if (found == 0) {
                return all;
            }
            all += found;
            iterator = connection.textNearAnEnd("NextShardIterator");
        }
    }

    private interface Work {
        long on(RawConnection connection, URI endpoint) throws Exception;
    }

    private static long inParallel(StreamEngine engine, Work work) throws Exception {
        URI endpoint = URI.create("http://127.0.0.1:" + engine.address().getPort());
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Callable<Long>> tasks = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                tasks.add(() -> {
                    try (RawConnection connection = new RawConnection(endpoint)) {
                        return work.on(connection, endpoint);
                    }
                });
            }
            long sum = 0;
            for (Future<Long> done : threads.invokeAll(tasks)) {
                sum += done.get();
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }
}
