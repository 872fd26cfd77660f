package io.penstock.agent.cli;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StopSignalTest {
    /** Two parts of the agent fail on one broken disk. Taken for a second signal, this would end the test's process. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aSecondFailureDoesNotCutTheStopShort() throws InterruptedException {
        StopSignal stop = new StopSignal();
        stop.request();
        stop.request();
        stop.await();
    }
}
