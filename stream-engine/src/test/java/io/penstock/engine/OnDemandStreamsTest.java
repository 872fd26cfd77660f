package io.penstock.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams in on-demand mode with enforced limits, over the API; each look of the engine takes a second. */
class OnDemandStreamsTest {
    private static final int KEYS = 36;
    private static final String PADDING = " ".repeat(100 << 10);

    private final ManualClock clock = new ManualClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> scaled = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> stored = new HashMap<>();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral()
                .withClock(clock)
                .withEnforceLimits(true)
                .withMeters(meters)
                .withListener(new EngineListener() {
                    @Override
                    public void streamScaled(String stream, int from, int to) {
                        scaled.add(stream + " " + from + " " + to);
                    }
                }));
        client = new JsonClient(engine);
        client.ok("CreateStream", "{'StreamName':'s','StreamModeDetails':{'StreamMode':'ON_DEMAND'}}");
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    /** Nearly nine tenths of what four shards take in a second: one record of each key. */
    private void putASecond() {
        List<String> entries = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            BigInteger hash =
                    BigInteger.TWO.pow(128).multiply(BigInteger.valueOf(key)).divide(BigInteger.valueOf(KEYS));
            String data = JsonClient.base64(stored.merge(key, 1, Integer::sum) + PADDING);
            entries.add("{\"PartitionKey\":\"" + key + "\",\"ExplicitHashKey\":\"" + hash + "\",\"Data\":\"" + data
                    + "\"}");
        }
        String body = "{\"StreamName\":\"s\",\"Records\":[" + String.join(",", entries) + "]}";
        JsonNode answer = client.send("PutRecords", body.getBytes(StandardCharsets.UTF_8), "application/x-amz-json-1.1")
                .json();
        assertEquals(0, answer.path("FailedRecordCount").asInt(-1), "below the limits nothing is refused");
        clock.advance(Duration.ofSeconds(1));
    }

    private int open() {
        return client.ok("DescribeStreamSummary", "{'StreamName':'s'}")
                .path("StreamDescriptionSummary")
                .path("OpenShardCount")
                .asInt();
    }

    private void awaitOpen(int shards, Runnable each) {
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            each.run();
            return open() == shards;
        });
    }

    @Test
    void underLoadItDoublesAndWhenIdleItShrinksAndEveryKeyKeepsItsOrder() {
        awaitOpen(8, this::putASecond);
        putASecond();
        clock.advance(Duration.ofMinutes(61));
        awaitOpen(4, () -> clock.advance(Duration.ofMillis(50)));
        putASecond();
        assertEquals(List.of("s 4 8", "s 8 4"), scaled);
        assertEquals(
                1, meters.counter("penstock.engine.scaled", "direction", "up").count());
        assertEquals(
                1, meters.counter("penstock.engine.scaled", "direction", "down").count());
        assertAllInOrder();
    }

    private void assertAllInOrder() {
        Map<BigInteger, JsonNode> bySequence = new TreeMap<>();
        for (int shard = 0; shard < 16; shard++) {
            String next = client.iterator("s", JsonClient.shardId(shard), "TRIM_HORIZON");
            JsonNode page;
            do {
                clock.advance(Duration.ofSeconds(6));
                page = client.records(next);
                page.path("Records")
                        .forEach(record -> bySequence.put(
                                new BigInteger(record.path("SequenceNumber").asText()), record));
                next = page.path("NextShardIterator").asText();
            } while (!page.path("Records").isEmpty() && !next.isEmpty());
        }
        Map<Integer, Integer> seen = new HashMap<>();
        bySequence.values().forEach(record -> {
            int key = record.path("PartitionKey").asInt();
            assertEquals(
                    seen.merge(key, 1, Integer::sum),
                    Integer.parseInt(JsonClient.text(record).strip()),
                    "key " + key);
        });
        assertEquals(stored, seen);
        assertTrue(seen.size() == KEYS, "every key has records");
    }
}
