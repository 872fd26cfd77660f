package io.penstock.mqtt.internal.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.bridge.BridgeSettings.Retry;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Pauses between connects")
class BackoffTest {
    private static final Retry RETRY =
            new Retry(Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(30));

    @Test
    void areBetweenTheLeastOneAndThreeTimesTheOneBefore() {
        long seed = System.nanoTime();
        Backoff backoff = new Backoff(new Random(seed)::nextDouble);
        Duration before = RETRY.least();
        for (int i = 0; i < 1_000; i++) {
            Duration next = backoff.next(RETRY);
            assertTrue(next.compareTo(RETRY.least()) >= 0 && next.compareTo(RETRY.most()) <= 0, "seed " + seed);
            assertTrue(next.compareTo(before.multipliedBy(3)) <= 0, "seed " + seed + ": " + before + ", " + next);
            before = next;
        }
    }

    @Test
    void growToTheLargestOneAndBeginAnewAfterASuccess() {
        Backoff backoff = new Backoff(() -> 0.999_999_999);
        for (int i = 0; i < 20; i++) {
            backoff.next(RETRY);
        }
        assertEquals(RETRY.most().toSeconds(), backoff.next(RETRY).plusMillis(1).toSeconds());
        backoff.reset();
        assertTrue(backoff.next(RETRY).compareTo(RETRY.least().multipliedBy(3)) <= 0);
    }
}
