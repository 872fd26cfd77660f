package io.penstock.delivery.sender;

import com.sun.management.OperatingSystemMXBean;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.DiskSpools;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpoolListener;
import io.penstock.delivery.spool.SpoolSettings;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.WhenFull;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSystem;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * One of the contenders of {@link SenderBenchmark} in a separate process, so that the JIT compiler's profile of one
 * does not affect the other: the sender from a spool, plain or aggregated, or a plain loop of the SDK's client with
 * prepared batches of 500. Eight calls in flight each.
 *
 * <p>{@code java -cp ... io.penstock.delivery.sender.SendingProcess MODE ENDPOINT RECORDS BYTES}
 */
final class SendingProcess {
    private static final int KEYS = 100_000;
    private static final int BATCH = 500;
    private static final int IN_FLIGHT = 8;

    private final URI endpoint;
    private final int records;
    private final byte[][] keys = new byte[KEYS][];
    private final byte[][] data = new byte[KEYS][];
    private final List<List<PutRecordsRequestEntry>> batches = new ArrayList<>();

    private SendingProcess(URI endpoint, int records, int bytes) {
        this.endpoint = endpoint;
        this.records = records;
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = ("device-" + i).getBytes(StandardCharsets.UTF_8);
            data[i] = new byte[bytes];
            random.nextBytes(data[i]);
        }
        for (int from = 0; from < KEYS; from += BATCH) {
            List<PutRecordsRequestEntry> batch = new ArrayList<>();
            for (int i = from; i < from + BATCH; i++) {
                batch.add(PutRecordsRequestEntry.builder()
                        .partitionKey(new String(keys[i], StandardCharsets.UTF_8))
                        .data(SdkBytes.fromByteArrayUnsafe(data[i]))
                        .build());
            }
            batches.add(batch);
        }
    }

    /**
     * Runs one round of {@code MODE} for each line on its standard input, and answers with its time and CPU time in
     * nanoseconds.
     */
    public static void main(String[] args) throws Exception {
        SendingProcess process =
                new SendingProcess(URI.create(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            long[] taken = switch (args[0]) {
                case "sender" -> process.sender(false);
                case "aggregated" -> process.sender(true);
                case "sdk" -> process.sdk();
                default -> throw new IllegalArgumentException("no mode: " + args[0]);
            };
            System.out.println(taken[0] + " " + taken[1]);
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private long[] sender(boolean aggregate) throws Exception {
        Path folder = Files.createTempDirectory("sender-benchmark");
        StreamId stream = new StreamId("default", "sensors");
        List<Backlog> opened = new ArrayList<>();
        LogSystem logs = LogSystem.create(AgeClock.system());
        DiskSpools spools =
                DiskSpools.open(folder, new SpoolSettings(8L << 30, 0, WhenFull.BLOCK, 1), logs, new SpoolListener() {
                    @Override
                    public void opened(Backlog backlog) {
                        opened.add(backlog);
                    }

                    @Override
                    public void failed(StreamId failed, Throwable cause) {
                        cause.printStackTrace();
                    }
                });
        fill(spools.spool(stream), aggregate);
        Delivery delivery = Delivery.start(
                Map.of("default", TargetSettings.url(endpoint, "us-east-1")),
                any -> Priority.NORMAL,
                folder,
                Clock.systemUTC(),
                MemoryBudget.ofHeap(0.25).account(1.0),
                Delivery.PROBE);
        long start = System.nanoTime();
        long cpu = cpu();
        delivery.add(opened.get(0));
        while (spools.spool(stream).delivered().end() < records) {
            Thread.sleep(1);
        }
        long[] taken = {System.nanoTime() - start, cpu() - cpu};
        delivery.close(Duration.ofSeconds(5));
        spools.close();
        logs.close();
        delete(folder);
        return taken;
    }

    private void fill(Spool spool, boolean aggregate) throws InterruptedException {
        EntryBlock block = new EntryBlock(1 << 16, 1 << 20);
        for (int i = 0; i < records; ) {
            block.clear();
            for (int end = Math.min(records, i + BATCH); i < end; i++) {
                int record = (int) (i * 7919L % KEYS);
                SpooledRecord.begin(block, keys[record], 0, keys[record].length, aggregate);
                block.put(data[record], 0, data[record].length);
                block.end();
            }
            while (spool.append(block) < 0) {
                Thread.sleep(1);
            }
        }
        while (spool.durable().end() < records) {
            Thread.sleep(1);
        }
    }

    private long[] sdk() throws Exception {
        try (KinesisAsyncClient client = KinesisAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
                .build()) {
            Semaphore slots = new Semaphore(IN_FLIGHT);
            long start = System.nanoTime();
            long cpu = cpu();
            for (int i = 0; i < records / BATCH; i++) {
                List<PutRecordsRequestEntry> batch = batches.get(i % batches.size());
                slots.acquire();
                client.putRecords(request -> request.streamName("sensors").records(batch))
                        .whenComplete((done, failure) -> slots.release());
            }
            slots.acquire(IN_FLIGHT);
            return new long[] {System.nanoTime() - start, cpu() - cpu};
        }
    }

    private static void delete(Path tree) throws Exception {
        try (var files = Files.walk(tree)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
