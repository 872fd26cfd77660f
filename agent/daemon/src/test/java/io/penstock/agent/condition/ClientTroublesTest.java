package io.penstock.agent.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What sources met with single clients. */
class ClientTroublesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ClientTroubles troubles = new ClientTroubles(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aClientIsNamedWithHowOftenAndTheLatestReasonUntilItIsSilentForLong() {
        troubles.saw(ConditionName.LOGIN_FAILED, "mqtt", "10.0.0.7", "user 'bob'");
        assertEquals(
                List.of(Finding.of(
                        ConditionName.LOGIN_FAILED, Place.client("mqtt 10.0.0.7"), "user 'bob' (0 seconds ago)")),
                troubles.get());
        troubles.saw(ConditionName.LOGIN_FAILED, "mqtt", "10.0.0.7", "user 'eve'");
        pass(Duration.ofMinutes(9));
        assertEquals(
                "user 'eve' (2 times, last 9 minutes ago)",
                troubles.get().get(0).why().sentence());
        pass(Duration.ofMinutes(1));
        assertEquals(List.of(), troubles.get());
    }

    @Test
    void takingOverASessionIsAStormOnlyWhenItRepeats() {
        for (int i = 1; i < ClientTroubles.STORM; i++) {
            troubles.saw(ConditionName.SESSION_STORM, "mqtt", "10.0.0.7", "client id 'x'");
        }
        assertEquals(List.of(), troubles.get());
        troubles.saw(ConditionName.SESSION_STORM, "mqtt", "10.0.0.7", "client id 'x'");
        assertEquals(ConditionName.SESSION_STORM, troubles.get().get(0).why().name());
    }

    @Test
    void theClientThatWasSilentForTheLongestTimeMakesPlace() {
        for (int i = 0; i <= ClientTroubles.MOST; i++) {
            troubles.saw(ConditionName.BAD_CLIENT, "http", "10.0.1." + i, "no JSON");
        }
        List<Finding> found = troubles.get();
        assertEquals(ClientTroubles.MOST, found.size());
        assertEquals(Place.client("http 10.0.1.1"), found.get(0).place());
    }
}
