package io.penstock.mqtt.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.text.RateLimitedLog;
import io.penstock.mqtt.RecordedEvents;
import io.penstock.mqtt.Rejection;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class ReporterTest {
    private final List<String> lines = new ArrayList<>();
    private final RecordedEvents events = new RecordedEvents();
    private final Reporter reporter = new Reporter(
            events, new RateLimitedLog(logger(), List.of(Duration.ofHours(1)), () -> 1), new OncePerClient(() -> 1));

    @Test
    void aPeerThatRepeatsOneFaultHidesNoOtherPeerAndNoOtherFault() {
        for (int port = 1; port <= 1_000; port++) {
            reject("10.0.0.1", port, Rejection.MALFORMED_PACKET);
        }
        reject("10.0.0.1", 1, Rejection.TAKEN_OVER);
        reject("10.0.0.2", 1, Rejection.MALFORMED_PACKET);
        assertEquals(1_002, events.rejected.size());
        assertEquals(
                List.of(
                        "MQTT connection of /10.0.0.1:1 (client c) closed, MALFORMED_PACKET: text (remedy: its bytes are"
                                + " not MQTT: look at what program that is, and update its MQTT library)",
                        "MQTT connection of /10.0.0.1:1 (client c) closed: text",
                        "MQTT connection of /10.0.0.2:1 (client c) closed, MALFORMED_PACKET: text (remedy: its bytes are"
                                + " not MQTT: look at what program that is, and update its MQTT library)"),
                lines);
    }

    @Test
    void theReasonHasItsPlaceBehindALongClientIdentifier() {
        reporter.rejected(
                new InetSocketAddress("10.0.0.1", 1), "i".repeat(65_535), Rejection.SLOW_READER, "t".repeat(65_535));
        assertTrue(lines.get(0).length() < 1_000 && lines.get(0).endsWith("does not read)"), lines::toString);
    }

    private void reject(String host, int port, Rejection why) {
        reporter.rejected(new InetSocketAddress(host, port), "c", why, "text");
    }

    private Logger logger() {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    lines.add(MessageFormatter.format((String) arguments[0], arguments[1])
                            .getMessage());
                    return null;
                });
    }
}
