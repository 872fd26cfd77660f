package io.penstock.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineReportTest {
    private static final long MIB = 1L << 20;

    @Test
    void aSmallBoardHasTheSerialCollector() {
        assertEquals(
                "heap up to 61 MiB (serial collector), 33 MiB of it for events in flight; 1 processor",
                MachineReport.words(61 * MIB, List.of("Copy", "MarkSweepCompact"), 33 * MIB, 1));
    }

    @Test
    void anotherCollectorIsCalledByItsName() {
        assertEquals(
                "heap up to 2048 MiB (G1 collector), 1228 MiB of it for events in flight; 4 processors",
                MachineReport.words(2048 * MIB, List.of("G1 Young Generation", "G1 Old Generation"), 1228 * MIB, 4));
    }

    @Test
    void thisProcessHasACollector() {
        String report = MachineReport.ofProcess(5 * MIB);
        assertTrue(report.matches("heap up to \\d+ MiB \\(\\w+ collector\\), 5 MiB .* processors?"), report);
    }
}
