package io.penstock.journal.internal.recover;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DiskFile;
import io.penstock.journal.internal.segment.BatchCursor;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentFiles;
import io.penstock.journal.internal.segment.SegmentFooter;
import io.penstock.journal.internal.segment.SegmentHeader;
import io.penstock.journal.internal.segment.SegmentStore;
import io.penstock.journal.internal.segment.WatermarkFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers a log folder, on the thread that opens it.
 *
 * <ol>
 *   <li>Read the header and the footer of every segment file. Delete what a crash left incomplete.
 *   <li>Trust a sealed segment. Scan one whose footer is missing or damaged (see {@link SegmentScan}). Missing offsets
 *       between segments are damage, and so are offsets before and behind them that the watermark file has. A damaged
 *       segment takes no more batches: its footer keeps what this recovery has found.
 *   <li>In the last segment and the last footer: overwrite everything behind the end of the log, write the batches
 *       again that nothing proves durable, and force, before any entry is served. After a failed force the system's
 *       cache may show bytes that the disk never got.
 * </ol>
 *
 * A crash at any point leaves a folder that recovers to the same state.
 */
public final class Recovery {
    /** The result of recovery. */
    public record Result(
            SegmentStore store,
            Damage damage,
            @Nullable Segment active,
            long start,
            long end,
            long lastTimestamp,
            Files files) {}

    /**
     * The segment files of the folder.
     *
     * @param newestBytes size of the newest segment with entries; 0 if there is none
     * @param totalBytes size of all files
     * @param lastNumber the highest number in a file's name
     * @param unused prepared segments without entries
     * @param unsealed segments that need a footer
     */
    public record Files(
            long newestBytes, long totalBytes, long lastNumber, List<Segment> unused, List<Segment> unsealed) {}

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final long REPORT_MILLIS = 2000;

    private final SegmentFiles files;
    private final WatermarkFile watermark;
    private final AgeClock clock;
    private final Damage damage;
    private final ByteBuffer window;
    private final SegmentStore store = new SegmentStore();
    private final List<Segment> unused = new ArrayList<>();
    private final List<Segment> unsealed = new ArrayList<>();
    private final List<DiskFile> kept = new ArrayList<>();
    /** A file without an intact header or batch: it may hold the missing entries. */
    private Optional<Path> headless = Optional.empty();

    private long lastNumber;
    private long reportedAt;

    public Recovery(SegmentFiles files, WatermarkFile watermark, AgeClock clock, Damage damage, ByteBuffer window) {
        this.files = files;
        this.watermark = watermark;
        this.clock = clock;
        this.damage = damage;
        this.window = window;
        this.reportedAt = clock.millis();
    }

    /** Recovers the folder. If it fails, no file stays open. */
    public Result run() throws IOException {
        try {
            return recover();
        } catch (IOException | RuntimeException | Error e) {
            for (DiskFile file : kept) {
                try {
                    file.close();
                } catch (IOException also) {
                    e.addSuppressed(also);
                }
            }
            throw e;
        }
    }

    private Result recover() throws IOException {
        Optional<WatermarkFile.Range> known = watermark.read();
        List<FoundSegment> used = look();
        used.sort(Comparator.comparingLong(found -> found.segment().base));
        int lastSealed = used.size() - 1;
        while (lastSealed >= 0 && used.get(lastSealed).footer().isEmpty()) {
            lastSealed--;
        }
        long provenEnd = known.map(WatermarkFile.Range::end).orElse(0L);
        long start = head(used, known);
        long expected = start;
        long lastTimestamp = 0;
        Segment active = null;
        for (int i = 0; i < used.size(); i++) {
            FoundSegment found = used.get(i);
            Segment segment = found.segment();
            boolean last = i == used.size() - 1;
            if (segment.base > expected) {
                damage.found(new DamagedRange(segment.path, 0, 0, expected, segment.base));
            }
            if (found.footer().isEmpty()) {
                long proven = last
                        ? Math.max(segment.base, provenEnd)
                        : used.get(i + 1).segment().base;
                boolean whole = scan(found, proven, last, i < lastSealed);
                if (last && whole) {
                    active = segment;
                } else {
                    unsealed.add(segment);
                }
            } else if (i == lastSealed) {
                try (DiskFile file = files.disk().open(segment.path)) {
                    new TailRepair(file, segment, window).runOnFooter(found.fileSize());
                }
            }
            store.add(segment);
            expected = segment.end;
            lastTimestamp = Math.max(lastTimestamp, Math.max(segment.lastTimestamp, found.earlierTimestamp()));
            report(i + 1, used.size());
        }
        if (expected < provenEnd) {
            damage.found(new DamagedRange(headless.orElse(watermark.path()), 0, 0, expected, provenEnd));
            expected = provenEnd;
        }
        return result(active, Math.min(start, expected), expected, lastTimestamp);
    }

    /** The first offset that the log holds or has lost; 0 if nothing is left that tells how many entries were lost. */
    private static long head(List<FoundSegment> used, Optional<WatermarkFile.Range> known) {
        boolean unknown = used.isEmpty() || used.get(0).hasLostItsStart();
        long first = unknown ? 0 : used.get(0).segment().base;
        return known.map(WatermarkFile.Range::start).orElse(first);
    }

    private Result result(@Nullable Segment active, long start, long end, long lastTimestamp) {
        long total = store.bytes();
        for (Segment segment : unused) {
            total += segment.fileBytes;
        }
        Segment newest = store.newest();
        long segmentBytes = newest == null ? 0 : newest.capacity;
        Files found = new Files(segmentBytes, total, lastNumber, unused, unsealed);
        return new Result(store, damage, active, start, end, lastTimestamp, found);
    }

    /** Divides the folder's files into segments with entries and reusable files; deletes the rest. */
    private List<FoundSegment> look() throws IOException {
        List<FoundSegment> used = new ArrayList<>();
        boolean deleted = false;
        List<String> names = files.disk().list(files.folder());
        if (!names.isEmpty()) {
            // Make earlier renames durable: a file that is repaired here must not reappear under its old name.
            files.disk().forceFolder(files.folder());
        }
        for (String name : names) {
            if (SegmentFiles.isUnfinished(name)) {
                files.disk().delete(files.folder().resolve(name));
                deleted = true;
            }
            if (SegmentFiles.epochOf(name).isEmpty()) {
                continue;
            }
            long epoch = SegmentFiles.epochOf(name).getAsLong();
            lastNumber = Math.max(lastNumber, SegmentFiles.numberOf(epoch));
            FoundSegment found = examine(files.folder().resolve(name), epoch);
            if (found.segment().base == SegmentHeader.PREPARED) {
                unused.add(found.segment());
            } else {
                used.add(found);
            }
        }
        if (deleted) {
            files.disk().forceFolder(files.folder());
        }
        return used;
    }

    private FoundSegment examine(Path path, long epoch) throws IOException {
        try (DiskFile file = files.disk().open(path)) {
            ByteBuffer sector = ByteBuffer.allocate(SegmentHeader.SIZE);
            file.readFully(sector, 0);
            Optional<SegmentHeader> header =
                    SegmentHeader.decode(sector.flip(), path).filter(whole -> whole.epoch() == epoch);
            Optional<SegmentFooter> footer = files.footer(file, epoch);
            FoundSegment found = header.isPresent()
                    ? FoundSegment.whole(path, header.get(), footer, file)
                    : FoundSegment.withoutHeader(path, epoch, footer, file, new BatchCursor(window));
            if (header.isEmpty() && !found.hasLostItsStart()) {
                mendHeader(found, file);
            }
            return found;
        }
    }

    private void mendHeader(FoundSegment found, DiskFile file) throws IOException {
        Segment segment = found.segment();
        if (segment.base == SegmentHeader.PREPARED) {
            headless = Optional.of(segment.path);
        }
        if (found.headerLost()) {
            damage.found(new DamagedRange(segment.path, 0, SegmentHeader.SIZE, segment.base, segment.base));
        }
        file.writeFully(new SegmentHeader(segment.epoch, segment.base, segment.capacity, 0).encode(), 0);
        file.force();
    }

    /** Scans the segment. Returns true if it has no damage. */
    private boolean scan(FoundSegment found, long proven, boolean last, boolean sealedAfter) throws IOException {
        Segment segment = found.segment();
        DiskFile file = files.disk().open(segment.path);
        kept.add(file);
        segment.file = file;
        long limit = Math.min(segment.capacity, file.size());
        BatchCursor cursor = new BatchCursor(window);
        cursor.open(file, segment.epoch, limit);
        SegmentScan scan = new SegmentScan(cursor, segment, proven, window.capacity());
        scan.run(found.dataFrom(), limit);
        scan.damage().forEach(damage::found);
        if (found.fileSize() > segment.capacity && sealedAfter) {
            damage.found(new DamagedRange(segment.path, segment.capacity, found.fileSize(), segment.end, segment.end));
        }
        boolean whole = scan.damage().isEmpty();
        if (last) {
            new TailRepair(file, segment, window).run(scan);
        }
        if (last && whole) {
            DiskFile appending = files.openForAppending(segment.path, segment.capacity);
            kept.add(appending);
            segment.file = appending;
            file.close();
        }
        return whole;
    }

    private void report(int done, int all) {
        long now = clock.millis();
        if (now - reportedAt >= REPORT_MILLIS) {
            reportedAt = now;
            LOG.info("Recovering {}: {} of {} segments", files.folder(), done, all);
        }
    }
}
