package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MinimumHeapTest {
    @Test
    void aHeapBelowTheLeastIsRefusedWithBothSizesAndTheRemedy() {
        CommandFailure refused =
                assertThrows(CommandFailure.class, () -> MinimumHeap.require("penstock run", 32L << 20));
        assertEquals(PenstockCommand.USAGE, refused.exitStatus());
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.contains("32 MiB") && said.contains("48 MiB") && said.contains("PENSTOCK_JAVA_OPTS"), said);
    }

    @Test
    void theLeastHeapAndThatOfThisProcessAreEnough() {
        MinimumHeap.require("penstock run", 48L << 20);
        MinimumHeap.require("penstock run");
    }
}
