package io.penstock.log4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.forward.client.EntryWriter;
import java.lang.management.ManagementFactory;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

class AllocationTest {
    @Test
    void encodingAnEventAllocatesNothingOnceWarm() {
        EventEncoders encoders = new EventEncoders(
                new EcsEncoder(new Property[] {Property.createProperty("service.name", "shop")}, false), 64 * 1024);
        LogEvent event = Log4jLogEvent.newBuilder()
                .setLoggerName("com.acme.Shop")
                .setLevel(Level.INFO)
                .setThreadName("main")
                .setMessage(new SimpleMessage("an order was sold to somebody in M\u00fcnchen"))
                .build();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        int length = 0;
        for (int i = 0; i < 40_000; i++) {
            if (i == 20_000) {
                bytes = threads.getCurrentThreadAllocatedBytes();
            }
            EntryWriter entry = encoders.encode(event);
            length = entry.length();
        }
        long perEvent = (threads.getCurrentThreadAllocatedBytes() - bytes) / 20_000;
        assertTrue(perEvent < 4, perEvent + " bytes per event of " + length);
    }
}
