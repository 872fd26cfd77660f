package io.penstock.agent.sessions;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * {@code -Dpenstock.sessions.seed=SEED} repeats one scenario, {@code -Dpenstock.sessions.scenarios=COUNT} runs more of
 * them, from {@code -Dpenstock.sessions.first=SEED} on.
 */
@DisplayName("Whatever becomes durable first, and wherever the process dies")
class SessionLogModelTest {
    @Test
    void eachAcknowledgedPublishIsStoredOnceAndNoSessionIsLost() throws Exception {
        Long seed = Long.getLong("penstock.sessions.seed");
        if (seed != null) {
            new SessionScenario(seed).run();
            return;
        }
        long first = Long.getLong("penstock.sessions.first", 1);
        int count = Integer.getInteger("penstock.sessions.scenarios", 1_000);
        for (long each = first; each < first + count; each++) {
            try {
                new SessionScenario(each).run();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("repeat with -Dpenstock.sessions.seed=" + each, failure);
            }
        }
    }
}
