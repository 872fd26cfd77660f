package io.penstock.agent;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What the JVM and the agent chose for the machine or container that they found, in words. */
final class MachineReport {
    private static final long MIB = 1L << 20;

    private MachineReport() {}

    /** @param budget bytes for what is in flight, see {@link AgentMemory} */
    static String ofProcess(long budget) {
        Runtime machine = Runtime.getRuntime();
        List<String> collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .toList();
        return words(machine.maxMemory(), collectors, budget, machine.availableProcessors());
    }

    static String words(long heap, List<String> collectors, long budget, int processors) {
        return "heap up to " + heap / MIB + " MiB (" + collector(collectors) + "), " + budget / MIB
                + " MiB of it for events in flight; " + processors + (processors == 1 ? " processor" : " processors");
    }

    /** The collector by the names of its parts: HotSpot tells no other name. */
    private static String collector(List<String> parts) {
        if (parts.contains("Copy")) {
            return "serial collector";
        }
        String first = parts.isEmpty() ? "no" : parts.get(0).split(" ", 2)[0];
        return first + " collector";
    }
}
