package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.komamitsu.fluency.Fluency;
import org.komamitsu.fluency.fluentd.FluencyBuilderForFluentd;

class FluencyTest {
    @Test
    void fluencyGetsAnAcknowledgementForEachOfItsChunks() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        handler.durability.advance(Long.MAX_VALUE);
        RecordingEvents events = new RecordingEvents();
        try (ForwardServer server =
                ForwardServer.start(ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0)), handler, events)) {
            FluencyBuilderForFluentd builder = new FluencyBuilderForFluentd();
            builder.setAckResponseMode(true);
            builder.setFlushAttemptIntervalMillis(50);
            try (Fluency fluency =
                    builder.build("127.0.0.1", server.addresses().get(0).getPort())) {
                for (int i = 0; i < 1_000; i++) {
                    fluency.emit("app." + i % 3, Map.of("n", i));
                }
                fluency.flush();
                assertTrue(fluency.waitUntilAllBufferFlushed(20));
            }
            assertEquals(
                    IntStream.range(0, 1_000)
                            .mapToObj(i -> "app." + i % 3 + " {\"n\":" + i + "}")
                            .sorted()
                            .toList(),
                    handler.events.stream().sorted().toList());
            assertTrue(events.acknowledged.get() >= 3);
            assertTrue(events.refused.isEmpty());
        }
    }
}
