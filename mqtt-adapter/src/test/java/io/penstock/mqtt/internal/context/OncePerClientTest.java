package io.penstock.mqtt.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OncePerClientTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final OncePerClient clients = new OncePerClient(now::get);

    @Test
    void eachClientHasItsLineOnce() {
        assertEquals(OptionalLong.of(0), clients.say("a"));
        assertEquals(OptionalLong.of(0), clients.say("b"));
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertEquals(OptionalLong.empty(), clients.say("a"));
        assertEquals(OptionalLong.of(0), clients.say("c"));
    }

    @Test
    void aClientWhoseLineWasLeftOutHasItLater() {
        int said = 0;
        for (int i = 0; i < 1000; i++) {
            said += clients.say("c" + i).isPresent() ? 1 : 0;
        }
        assertEquals(60, said);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertEquals(OptionalLong.of(940), clients.say("c999"));
        assertEquals(OptionalLong.empty(), clients.say("c998"));
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertEquals(OptionalLong.of(1), clients.say("c998"));
    }
}
