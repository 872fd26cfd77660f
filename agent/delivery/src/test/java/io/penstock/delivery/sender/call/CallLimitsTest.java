package io.penstock.delivery.sender.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.net.URI;
import org.junit.jupiter.api.Test;

class CallLimitsTest {
    private static final TargetSettings TARGET = TargetSettings.embedded(URI.create("http://127.0.0.1:1"), 2);

    @Test
    void aCallIsAsLargeAsTheTargetTakesWhereMemoryHoldsFourOfThem() {
        assertEquals(10 << 20, CallLimits.of(TARGET, 40 << 20).maxBytes());
    }

    @Test
    void inASmallHeapACallIsAFourthOfWhatTheSenderMayHold() {
        assertEquals(1_400_000, CallLimits.of(TARGET, 5_600_000).maxBytes());
    }

    @Test
    void aCallIsNeverSoSmallThatItsCostDominates() {
        assertEquals(64 << 10, CallLimits.of(TARGET, 1).maxBytes());
    }
}
