package io.penstock.log4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.forward.client.appender.EncodingMemory;
import io.penstock.forward.fixtures.TestAgent;
import java.lang.management.ManagementFactory;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

class AllocationTest {
    @Test
    void encodingAnEventAllocatesNothingOnceWarm() {
        EventEncoder encoder = new EcsEncoder(new Property[] {Property.createProperty("service.name", "shop")}, false);
        EncodingMemory memory = new EncodingMemory(64 * 1024);
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
            EncodingMemory.Draft draft = memory.take();
            length = PenstockAppender.encode(encoder, event, draft).length();
            memory.give(draft);
        }
        long perEvent = (threads.getCurrentThreadAllocatedBytes() - bytes) / 20_000;
        assertTrue(perEvent < 4, perEvent + " bytes per event of " + length);
    }

    @Test
    void loggingAnEventAllocatesNoMoreThanLog4jItselfOnceTheBufferHasItsMemory() throws Exception {
        double alone;
        try (Application application = new Application("<CountingAppender name='sut'/>")) {
            alone = allocatedPerEvent(application.logger("com.acme.Shop"));
        }
        try (TestAgent agent = new TestAgent();
                Application application = new Application("<Penstock name='sut' host='127.0.0.1' port='" + agent.port()
                        + "' chunkBytes='262144' bufferBytes='524288' whenFull='BLOCK' maxBlockMillis='60000'/>")) {
            double ours = allocatedPerEvent(application.logger("com.acme.Shop"));
            assertTrue(ours - alone < 4, ours + " bytes per event, Log4j alone " + alone);
        }
    }

    /** The least of several rounds: before the JIT compiler is done, and where a call waits, there is more. */
    private static double allocatedPerEvent(Logger logger) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                logger.info("an order was sold to somebody in the shop");
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least / 10_000.0;
    }
}
