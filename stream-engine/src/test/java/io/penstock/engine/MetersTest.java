package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private double calls(String operation, String outcome) {
        return meters.get("penstock.engine.calls")
                .tags("operation", operation, "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void callsRecordsAndBytesAreCounted() throws IOException {
        try (StreamEngine engine =
                StreamEngine.start(EngineSettings.ephemeral().withMeters(meters).withClock(new ManualClock()))) {
            JsonClient client = new JsonClient(engine);
            client.createStream("s", 2);
            client.put("s", "key", "12345");
            client.readAll("s", JsonClient.shardId(0));
            client.readAll("s", JsonClient.shardId(1));
            client.call("DescribeStream", "{'StreamName':'none'}");
            client.call("DescribeStream", "{");
            assertEquals(1, calls("PutRecord", "ok"));
            assertEquals(1, calls("DescribeStream", "ResourceNotFoundException"));
            assertEquals(1, calls("DescribeStream", "SerializationException"));
            assertEquals(
                    1, meters.get("penstock.engine.stored.records").counter().count());
            assertEquals(8, meters.get("penstock.engine.stored.bytes").counter().count());
            assertEquals(1, meters.get("penstock.engine.read.records").counter().count());
            assertEquals(8, meters.get("penstock.engine.read.bytes").counter().count());
            assertEquals(1, meters.get("penstock.engine.streams").gauge().value());
            assertEquals(2, meters.get("penstock.engine.shards.open").gauge().value());
        }
    }

    @Test
    void throttledRecordsAreCounted() throws IOException {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral()
                .withMeters(meters)
                .withClock(new ManualClock())
                .withEnforceLimits(true))) {
            JsonClient client = new JsonClient(engine);
            client.createStream("s", 1);
            client.put("s", "k", "x".repeat(1_000_000));
            client.call(
                    "PutRecord",
                    "{'StreamName':'s','PartitionKey':'k','Data':'" + JsonClient.base64("x".repeat(100_000)) + "'}");
            assertEquals(
                    1, meters.get("penstock.engine.throttled.records").counter().count());
            assertEquals(1, calls("PutRecord", "ProvisionedThroughputExceededException"));
        }
    }
}
