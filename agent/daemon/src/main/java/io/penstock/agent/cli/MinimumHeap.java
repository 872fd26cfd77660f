package io.penstock.agent.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** The heap below which neither the agent nor the engine can keep its promises. */
final class MinimumHeap {
    private static final long MIB = 1 << 20;
    private static final long BYTES = 48 * MIB;

    private MinimumHeap() {}

    /**
     * @param command for the message
     * @throws CommandFailure when the heap may not grow to what is needed
     */
    static void require(String command) {
        require(command, most());
    }

    static void require(String command, long most) {
        if (most < BYTES) {
            throw CommandFailure.wrongUsage(
                    "the heap of this process may grow to " + most / MIB + " MiB, and " + command
                            + " needs at least " + BYTES / MIB + " MiB: set -Xmx" + BYTES / MIB
                            + "m or more in PENSTOCK_JAVA_OPTS, or give the machine or container more memory (without -Xmx the heap is"
                            + " a quarter of it)");
        }
    }

    /** As set or chosen; {@link Runtime#maxMemory} is less with some collectors. */
    private static long most() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return machine == null
                ? Runtime.getRuntime().maxMemory()
                : Long.parseLong(machine.getVMOption("MaxHeapSize").getValue());
    }
}
