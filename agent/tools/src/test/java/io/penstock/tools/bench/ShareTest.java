package io.penstock.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection's share says what is to be sent, and when")
class ShareTest {
    private static final long START = 1_000_000;

    @Test
    void theSharesOfAllConnectionsMakeUpTheEvents() {
        Plan plan = plan(3, 11, 0);
        assertEquals(4, plan.shareOf(0));
        assertEquals(4, plan.shareOf(1));
        assertEquals(3, plan.shareOf(2));
    }

    @Test
    void withoutARateEverythingIsDueAtOnceAndLatencyCountsFromSending() {
        Share share = share(plan(2, 20, 0), 1);
        assertEquals(START, share.due(5));
        assertEquals(77, share.counted(5, 77));
    }

    @Test
    void withARateConnectionsTakeTurnsAndLatencyCountsFromTheDueTime() {
        Plan plan = plan(2, 20, 1_000);
        assertEquals(START, share(plan, 0).due(1));
        assertEquals(START + 1_000_000, share(plan, 1).due(1));
        Share first = share(plan, 0);
        first.take(1);
        assertEquals(START + 2_000_000, first.due(1));
        assertEquals(START + 2_000_000, first.counted(1, START + 9_000_000), "however late it is sent");
    }

    @Test
    void aChunkIsDueWithItsLastEvent() {
        Share share = share(plan(1, 7, 1_000), 0);
        assertEquals(START + 4_000_000, share.due(5));
        share.take(5);
        assertEquals(2, share.count(5));
        assertEquals(START + 6_000_000, share.due(5));
    }

    @Test
    void itIsExhaustedAtItsEndOrWhenStopped() {
        Share share = share(plan(1, 2, 0), 0);
        share.take(1);
        assertFalse(share.exhausted());
        share.take(1);
        assertTrue(share.exhausted());
        Share stopped = share(plan(1, 2, 0), 0);
        stopped.stop();
        assertTrue(stopped.exhausted());
    }

    private static Share share(Plan plan, int connection) {
        Share share = new Share(plan, connection);
        share.begin(START);
        return share;
    }

    private static Plan plan(int connections, long events, double rate) {
        return new Plan(
                new Plan.Receiver("localhost", 1),
                connections,
                new Plan.Events(events, 100, rate),
                Plan.ANY_TIME,
                Duration.ofSeconds(30),
                false);
    }
}
