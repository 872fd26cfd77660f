package io.penstock.delivery.spool.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The free bytes of the file system that holds the data, and how many of them are to be left.
 *
 * @param freeBytes that this process may still write
 * @param totalBytes of the file system
 * @param reserveBytes of the free ones that are left in any case
 */
public record DiskSpace(long freeBytes, long totalBytes, long reserveBytes) {
    /** {@code spool.reserve: auto} leaves no more than this, and no larger share of the disk than a twentieth. */
    private static final long MOST_RESERVE = 1L << 30;

    private static final int RESERVE_SHARE = 20;

    /** A log needs about this much for its next segment. */
    private static final long LEAST_ROOM = 256 << 10;

    /** How much room a folder's file system has. */
    @FunctionalInterface
    public interface Reading {
        DiskSpace now() throws IOException;
    }

    /**
     * Of the file system that {@code folder} is on, or will be on once it is made. Blocks on the disk.
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

    /** Why nothing more is taken, in words and with the remedy; empty while there is room. */
    public Optional<String> shortage(Path data) {
        if (freeBytes - reserveBytes >= LEAST_ROOM) {
            return Optional.empty();
        }
        return Optional.of("disk: " + describe(freeBytes) + " are free where " + data
                + " lies, and spool.reserve leaves " + describe(reserveBytes)
                + " free, so no new events are taken. Free disk space, or lower spool.reserve");
    }

    /** For people, in the largest binary unit of which there is at least one. */
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
