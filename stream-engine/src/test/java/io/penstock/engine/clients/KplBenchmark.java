package io.penstock.engine.clients;

import com.sun.management.OperatingSystemMXBean;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.engine.Tls;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;

/**
 * Records a second and CPU seconds per million of the Kinesis Producer Library, aggregating, with 8 shards and keys
 * from 100,000, against an engine in a separate process, because the library speaks TLS only. CPU of this process and
 * of the native one that the library runs. {@code agent/bench/sender-speed} compares it with the sender.
 *
 * <p>{@code java -cp ... io.penstock.engine.clients.KplBenchmark RECORDS BYTES ROUNDS}
 */
final class KplBenchmark {
    private static final String STREAM = "sensors";
    private static final int SHARDS = 8;
    private static final int KEYS = 100_000;
    private static final int OUTSTANDING = 20_000;

    private final String[] keys = new String[KEYS];
    private final byte[][] data = new byte[KEYS][];
    private final AtomicLong failed = new AtomicLong();

    private KplBenchmark(int bytes) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "device-" + i;
            data[i] = new byte[bytes];
            random.nextBytes(data[i]);
        }
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            serve();
            return;
        }
        Process engine = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KplBenchmark.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(engine.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(out.readLine());
            new KplBenchmark(Integer.parseInt(args[1]))
                    .run(port, engine.toHandle(), Integer.parseInt(args[0]), Integer.parseInt(args[2]));
        } finally {
            engine.destroy();
        }
    }

    /** Prints its port and serves until it is killed. */
    private static void serve() throws Exception {
        StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral().withTls(new Tls.Generated(List.of())));
        engine.createStream(STREAM, SHARDS);
        System.out.println(engine.address().getPort());
        Thread.sleep(Duration.ofHours(1).toMillis());
    }

    private void run(int port, ProcessHandle engine, int records, int rounds) throws Exception {
        KinesisProducer producer = new KinesisProducer(new KinesisProducerConfiguration()
                .setKinesisEndpoint("127.0.0.1")
                .setKinesisPort(port)
                .setVerifyCertificate(false)
                .setAggregationEnabled(true)
                .setMetricsLevel("none")
                .setRateLimit(Integer.MAX_VALUE)
                .setRegion("us-east-1")
                .setCredentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"))));
        try {
            for (int round = 0; round <= rounds; round++) {
                long start = System.nanoTime();
                double cpu = cpuSeconds(engine);
                send(producer, records);
                System.out.printf(
                        Locale.ROOT,
                        "%-20s %9.0f records/s  %6.2f CPU s per million%n",
                        (round == 0 ? "warm-up" : "round " + round) + ", KPL",
                        records * 1e9 / (System.nanoTime() - start),
                        (cpuSeconds(engine) - cpu) * 1e6 / records);
            }
            if (failed.get() > 0) {
                throw new IllegalStateException(failed + " records were not stored");
            }
        } finally {
            producer.destroy();
        }
    }

    private void send(KinesisProducer producer, int records) throws InterruptedException {
        Semaphore slots = new Semaphore(OUTSTANDING);
        for (int i = 0; i < records; i++) {
            int record = (int) (i * 7919L % KEYS);
            slots.acquire();
            var result = producer.addUserRecord(STREAM, keys[record], ByteBuffer.wrap(data[record]));
            result.addListener(
                    () -> {
                        try {
                            if (!result.get().isSuccessful()) {
                                failed.incrementAndGet();
                            }
                        } catch (Exception notStored) {
                            failed.incrementAndGet();
                        }
                        slots.release();
                    },
                    Runnable::run);
        }
        producer.flush();
        slots.acquire(OUTSTANDING);
    }

    /** CPU seconds of this process and its children, without the engine. */
    private static double cpuSeconds(ProcessHandle engine) {
        long own = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        return own / 1e9
                + ProcessHandle.current()
                        .descendants()
                        .filter(child -> child.pid() != engine.pid())
                        .mapToDouble(child -> child.info()
                                        .totalCpuDuration()
                                        .orElse(Duration.ZERO)
                                        .toMillis()
                                / 1e3)
                        .sum();
    }
}
