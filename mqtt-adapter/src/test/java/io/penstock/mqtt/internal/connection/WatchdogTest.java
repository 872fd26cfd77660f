package io.penstock.mqtt.internal.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int bites;

    @Test
    void aDeadlineWhoseActionThrowsIsTriedAgain() {
        channel.freezeTime();
        new Watchdog(channel.eventLoop(), Duration.ofSeconds(10), () -> {
            bites++;
            if (bites == 1) {
                throw new IllegalStateException("a defect");
            }
        });
        pass(11);
        assertEquals(1, bites);
        pass(11);
        assertEquals(2, bites);
        pass(30);
        assertEquals(2, bites);
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
