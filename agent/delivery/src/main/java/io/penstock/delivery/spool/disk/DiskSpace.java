package io.penstock.delivery.spool.disk;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The free bytes of the data's file system, and the reserve that must be left.
 *
 * @param freeBytes that this process may still write
 * @param totalBytes of the file system
 * @param reserveBytes of the free bytes that must be left
 */
public record DiskSpace(long freeBytes, long totalBytes, long reserveBytes) {
    /** Upper bound of {@code spool.reserve: auto}, which is also at most a twentieth of the disk. */
    private static final long MOST_RESERVE = 1L << 30;

    private static final int RESERVE_SHARE = 20;

    /** The approximate size of a log's next segment. */
    private static final long LEAST_ROOM = 256 << 10;

    /** Without a reserve there is a warning all the same. */
    private static final long LEAST_WARNED = 16 << 20;

    /** Reads the space of a folder's file system. */
    @FunctionalInterface
    public interface Reading {
        DiskSpace now() throws IOException;
    }

    /**
     * The space of the file system of {@code folder}, which need not exist yet. Blocks on the disk.
     *
     * @param configured the reserve; empty for the smaller of 1 GiB and 5 % of the disk
     */
    public static DiskSpace of(Path folder, OptionalLong configured) throws IOException {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        FileStore store = Files.getFileStore(there);
        long total = store.getTotalSpace();
        return new DiskSpace(
                store.getUsableSpace(), total, configured.orElse(Math.min(MOST_RESERVE, total / RESERVE_SHARE)));
    }

    /** Why nothing more is accepted, with the remedy; empty while there is room. */
    public Optional<Explanation> shortage(Path data) {
        if (freeBytes - reserveBytes >= LEAST_ROOM) {
            return Optional.empty();
        }
        return Optional.of(new Explanation(
                ConditionName.DISK_FULL,
                "disk: " + describe(freeBytes) + " are free where " + data + " lies, and spool.reserve leaves "
                        + describe(reserveBytes) + " free, so no new events are taken",
                "free disk space, or lower spool.reserve"));
    }

    /** A warning before {@link #shortage}, with the remedy: less than another reserve is left. */
    public Optional<Explanation> low(Path data) {
        if (freeBytes - reserveBytes >= Math.max(reserveBytes, LEAST_WARNED)) {
            return Optional.empty();
        }
        return Optional.of(new Explanation(
                ConditionName.DISK_LOW,
                "disk: " + describe(freeBytes) + " are free where " + data + " lies; events are refused once there is"
                        + " no more than " + describe(reserveBytes) + ", which spool.reserve leaves free",
                "free disk space, or lower spool.reserve"));
    }

    /** For messages, in the largest binary unit of which there is at least one. */
    public static String describe(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
