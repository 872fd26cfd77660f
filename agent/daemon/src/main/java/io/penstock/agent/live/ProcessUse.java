package io.penstock.agent.live;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/**
 * What the process takes of its machine.
 *
 * @param heap bytes in use
 * @param heapMax bytes that the heap may have
 * @param direct bytes outside of the heap, in buffers
 * @param directMax bytes that such buffers may have
 * @param files open descriptors; 0 where the system does not say
 * @param filesMax descriptors that the process may open
 * @param cpu share of all processors, 0 to 1
 * @param processors of the machine
 */
record ProcessUse(
        long heap, long heapMax, long direct, long directMax, long files, long filesMax, double cpu, int processors) {

    static ProcessUse now() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long files = 0;
        long filesMax = 0;
        double cpu = 0;
        java.lang.management.OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof OperatingSystemMXBean known) {
            cpu = Math.max(0, known.getProcessCpuLoad());
        }
        if (system instanceof UnixOperatingSystemMXBean unix) {
            files = unix.getOpenFileDescriptorCount();
            filesMax = unix.getMaxFileDescriptorCount();
        }
        return new ProcessUse(
                heap.getUsed(),
                heap.getMax(),
                directBuffers(),
                PlatformDependent.maxDirectMemory(),
                files,
                filesMax,
                Double.isNaN(cpu) ? 0 : cpu,
                system.getAvailableProcessors());
    }

    /** Netty counts the buffers itself that it makes without the JDK's book-keeping. */
    private static long directBuffers() {
        long ofNetty = PlatformDependent.useDirectBufferNoCleaner() ? PlatformDependent.usedDirectMemory() : 0;
        return Math.max(0, ofNetty)
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }
}
