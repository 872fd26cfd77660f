package io.penstock.forward.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PausesTest {
    private static void next(Pauses pauses, long boundMillis) {
        long pause = pauses.next();
        assertTrue(
                pause >= boundMillis * 500_000 && pause <= boundMillis * 1_000_000,
                () -> pause + " ns with a bound of " + boundMillis + " ms");
    }

    @Test
    void pausesDoubleUpToTheLongestOneAndBeginAnewAfterAConnectionThatWorked() {
        Pauses pauses = new Pauses(Duration.ofSeconds(1));
        for (long bound : new long[] {100, 200, 400, 800, 1000, 1000, 1000}) {
            next(pauses, bound);
        }
        pauses.reset();
        next(pauses, 100);
        next(pauses, 200);
    }

    @Test
    void noPauseIsLongerThanTheLongestOne() {
        Pauses pauses = new Pauses(Duration.ofMillis(20));
        for (int i = 0; i < 10; i++) {
            next(pauses, 20);
        }
    }
}
