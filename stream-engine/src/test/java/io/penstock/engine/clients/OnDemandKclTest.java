package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineListener;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.StreamMode;

/**
 * A stream in on-demand mode with enforced limits, whose load grows tenfold while the Kinesis Client Library 3 reads
 * it, and which shrinks when it is idle. Limits, splits and the load run in real time.
 */
class OnDemandKclTest {
    private static final String STREAM = "orders";
    private static final int PRODUCERS = 4;
    private static final int KEYS_EACH = 500;
    private static final int BEFORE = 1_500;

    @TempDir
    Path folder;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final List<String> scaled = new CopyOnWriteArrayList<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final List<Producer> producers = new ArrayList<>();
    private StreamEngine engine;
    private KinesisAsyncClient kinesis;
    private KclWorkers workers;

    @BeforeEach
    void start() throws Exception {
        engine = StreamEngine.start(EngineSettings.ephemeral()
                .withEnforceLimits(true)
                .withClock(() -> Instant.now().plus(ahead.get()))
                .withListener(new EngineListener() {
                    @Override
                    public void streamScaled(String stream, int from, int to) {
                        scaled.add(from + " to " + to);
                        System.out.println(stream + ": " + from + " shards are now " + to);
                    }
                }));
        kinesis = KinesisAsyncClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + engine.address().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .build();
        workers = new KclWorkers(STREAM, engine.address().getPort(), folder);
        kinesis.createStream(r -> r.streamName(STREAM).streamModeDetails(m -> m.streamMode(StreamMode.ON_DEMAND)))
                .join();
        for (int i = 0; i < PRODUCERS; i++) {
            producers.add(new Producer("p" + i));
        }
    }

    @AfterEach
    void close() throws Exception {
        workers.close();
        kinesis.close();
        engine.close();
    }

    /** Has keys of its own, and sends what was refused again before anything newer of that key. */
    private final class Producer {
        private final String name;
        private final long[] due = new long[KEYS_EACH];
        private final long[] sent = new long[KEYS_EACH];
        private long made;

        Producer(String name) {
            this.name = name;
        }

        void run(int perSecond, int seconds) {
            long start = System.nanoTime();
            long target = made + (long) perSecond * seconds;
            long from = made;
            while (made < target || owes()) {
                long elapsed = System.nanoTime() - start;
                long until = Math.min(target, from + elapsed * perSecond / 1_000_000_000);
                while (made < until) {
                    due[(int) (made++ % KEYS_EACH)]++;
                }
                if (!send()) {
                    pause();
                }
            }
        }

        private boolean owes() {
            for (int key = 0; key < KEYS_EACH; key++) {
                if (sent[key] < due[key]) {
                    return true;
                }
            }
            return false;
        }

        private void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** One record of each key that owes one. Returns false if there was too little to send, or some was refused. */
        private boolean send() {
            List<Integer> keys = new ArrayList<>();
            List<PutRecordsRequestEntry> entries = new ArrayList<>();
            for (int key = 0; key < KEYS_EACH; key++) {
                if (sent[key] < due[key]) {
                    String id = name + "-" + key;
                    keys.add(key);
                    entries.add(PutRecordsRequestEntry.builder()
                            .partitionKey(id)
                            .data(SdkBytes.fromUtf8String(id + ":" + (sent[key] + 1)))
                            .build());
                }
            }
            if (entries.isEmpty()) {
                return false;
            }
            List<PutRecordsResultEntry> results = kinesis.putRecords(
                            r -> r.streamName(STREAM).records(entries))
                    .join()
                    .records();
            int failed = 0;
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i).errorCode() == null) {
                    sent[keys.get(i)]++;
                } else {
                    failed++;
                }
            }
            refused.addAndGet(failed);
            taken.addAndGet(results.size() - failed);
            return failed == 0 && entries.size() > KEYS_EACH / 2;
        }
    }

    /** All producers together; returns how many records were refused. */
    private long load(int perSecond, int seconds) throws Exception {
        long before = refused.get();
        long takenBefore = taken.get();
        ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Producer producer : producers) {
                running.add(threads.submit(() -> producer.run(perSecond / PRODUCERS, seconds)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.printf(
                "%d records/s for %d s: %d taken, %d refused on the way, %s%n",
                perSecond, seconds, taken.get() - takenBefore, refused.get() - before, scaled);
        return refused.get() - before;
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void aTenfoldLoadIsTakenAfterAMinuteAndTheKclFollowsThroughGrowthAndShrinkage() throws Exception {
        workers.start("ada", "polling", "1500m");
        assertEquals(0, load(BEFORE, 15), "below the limits");
        load(10 * BEFORE, 60);
        assertEquals(0, load(10 * BEFORE, 45), "refused after the first minute");
        awaitAllProcessed();
        int grown = open();
        assertTrue(grown >= 16, () -> grown + " shards");

        for (int shards = grown; shards > 4; shards = open()) {
            int before = shards;
            ahead.updateAndGet(time -> time.plus(Duration.ofMinutes(61)));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> open() < before);
            load(400, 5);
        }
        awaitAllProcessed();
        assertInOrderWithoutAGap();
    }

    private int open() {
        return kinesis.describeStreamSummary(r -> r.streamName(STREAM))
                .join()
                .streamDescriptionSummary()
                .openShardCount();
    }

    private void awaitAllProcessed() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> workers.noted("record").stream().distinct().count() == taken.get());
    }

    /** The one worker notes each key's records in the order in which it processes them. */
    private void assertInOrderWithoutAGap() {
        Map<String, Long> last = new HashMap<>();
        for (String record : workers.noted("record")) {
            String key = record.substring(0, record.indexOf(':'));
            long number = Long.parseLong(record.substring(record.indexOf(':') + 1));
            long next = last.getOrDefault(key, 0L) + 1;
            assertTrue(number <= next, () -> record + " came before " + key + ":" + next);
            last.put(key, Math.max(number, next - 1));
        }
        for (Producer producer : producers) {
            for (int key = 0; key < KEYS_EACH; key++) {
                assertEquals(producer.sent[key], last.getOrDefault(producer.name + "-" + key, 0L));
            }
        }
    }
}
