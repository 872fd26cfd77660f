package io.penstock.delivery.spool.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.condition.ConditionName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWatchTest {
    private static final Path DATA = Path.of("/var/lib/penstock");
    private static final long GIB = 1L << 30;

    private volatile DiskSpace space = new DiskSpace(50 * GIB, 100 * GIB, GIB);
    private volatile Optional<String> logs = Optional.empty();

    @Test
    void freeSpaceBelowTheReserveIsExplainedAndWarnedOfBefore() {
        try (DiskWatch watch = DiskWatch.start(DATA, () -> space, () -> logs)) {
            assertEquals(Optional.empty(), watch.why());
            space = new DiskSpace(GIB * 3 / 2, 100 * GIB, GIB);
            watch.look();
            assertEquals(Optional.empty(), watch.shortage());
            assertEquals(ConditionName.DISK_LOW, watch.why().orElseThrow().name());
            assertEquals(
                    "disk: 1.5 GiB are free where /var/lib/penstock lies; events are refused once there is no more than"
                            + " 1.0 GiB, which spool.reserve leaves free; free disk space, or lower spool.reserve",
                    watch.why().orElseThrow().text());
            space = new DiskSpace(300 << 20, 100 * GIB, GIB);
            watch.look();
            assertEquals(
                    "disk: 300.0 MiB are free where /var/lib/penstock lies, and spool.reserve leaves 1.0 GiB free, so no"
                            + " new events are taken; free disk space, or lower spool.reserve",
                    watch.shortage().orElseThrow().text());
            space = new DiskSpace(2 * GIB, 100 * GIB, GIB);
            watch.look();
            assertEquals(Optional.empty(), watch.why());
        }
    }

    @Test
    void aQuotaThatOnlyALogMeetsIsAShortageToo() {
        try (DiskWatch watch = DiskWatch.start(DATA, () -> space, () -> logs)) {
            logs = Optional.of("/var/lib/penstock/spool/default~a/0.log: Disk quota exceeded");
            watch.look();
            String said = watch.shortage().orElseThrow().text();
            assertTrue(said.contains("Disk quota exceeded"), said);
            assertTrue(said.contains("50.0 GiB are free"), said);
            assertTrue(said.contains("lower spool.reserve, or raise the quota"), said);
        }
    }

    @Test
    void aFileSystemThatCannotBeAskedChangesNothingAndIsAskedAgain() {
        try (DiskWatch watch = DiskWatch.start(
                DATA,
                () -> {
                    if (space.freeBytes() < 0) {
                        throw new IOException("stale file handle");
                    }
                    return space;
                },
                () -> logs)) {
            space = new DiskSpace(0, 100 * GIB, GIB);
            watch.look();
            space = new DiskSpace(-1, 0, 0);
            watch.look();
            assertTrue(watch.shortage().isPresent());
            space = new DiskSpace(50 * GIB, 100 * GIB, GIB);
            watch.look();
            assertTrue(watch.shortage().isEmpty());
        }
    }

    @Test
    void theReserveOfItselfIsTheSmallerOfOneGibibyteAndATwentiethOfTheDisk(@TempDir Path folder) throws IOException {
        DiskSpace found = DiskSpace.of(folder.resolve("not/made/yet"), OptionalLong.empty());
        assertEquals(Math.min(GIB, found.totalBytes() / 20), found.reserveBytes());
        assertEquals(4711, DiskSpace.of(folder, OptionalLong.of(4711)).reserveBytes());
        assertEquals(0, DiskSpace.of(folder, OptionalLong.of(0)).reserveBytes());
    }

    @Test
    void aFullDiskWithoutAReserveIsAShortage() {
        assertTrue(new DiskSpace(4096, 64 << 20, 0).shortage(DATA).isPresent());
        assertTrue(new DiskSpace(1 << 20, 64 << 20, 0).shortage(DATA).isEmpty());
    }
}
