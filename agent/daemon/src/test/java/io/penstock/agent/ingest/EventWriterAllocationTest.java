package io.penstock.agent.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.agent.mqtt.MqttEvent;
import io.penstock.agent.record.FakePublish;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Texts;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventWriterAllocationTest {
    private static final int EVENTS = 20_000;

    /** Room for the instant that the test's clock hands out, and for what only the best compiler takes away. */
    private static final long BYTES_PER_EVENT = 100;

    private final EntryBlock block = new EntryBlock(4096, 1 << 20);
    private long nanos;
    private final EventWriter writer = new EventWriter(
            () -> Instant.ofEpochSecond(1_767_323_045L, nanos++ % 1_000_000_000L),
            new EventCounts(),
            Source.MQTT.ownFields(),
            RecordEncoder.MAX_BYTES);
    private final MqttEvent event = MqttEvent.ofClients();

    @Test
    void aPublishAllocatesNothing() {
        byte[] payload = ("{\"device\":{\"id\":\"d-17\"},\"celsius\":21.5,\"text\":\"" + "x".repeat(150) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        FakePublish publish = FakePublish.of("sensors/17/temperature", "client-17", payload);
        Destination destination = new Destination(
                new StreamId("default", "s"),
                Texts.key("{clientid}-{$.device.id}", Source.MQTT),
                RecordFormat.JSON,
                FieldNames.DEFAULT);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        write(publish, destination);
        long before = threads.getCurrentThreadAllocatedBytes();
        write(publish, destination);
        long perEvent = (threads.getCurrentThreadAllocatedBytes() - before) / EVENTS;
        assertTrue(perEvent <= BYTES_PER_EVENT, "bytes per event: " + perEvent);
    }

    private void write(FakePublish publish, Destination destination) {
        for (int i = 0; i < EVENTS; i++) {
            block.clear();
            assertEquals(Written.WHOLE, writer.write(event.of(publish), destination, 1 << 20, block));
        }
    }
}
