package io.penstock.journal.internal.segment;

import io.penstock.journal.DiskFile;
import io.penstock.journal.NoSpaceException;
import io.penstock.journal.ShortageException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of one log, which keeps it out of the writer: prepares the next segment, recycles or deletes
 * removed ones, writes the footers of full ones, and the watermark file.
 *
 * <p>Threads: any thread requests work; while there is work, one thread of the executor at a time does it. Removed
 * segments are deleted oldest first, and the folder is forced after each, so that no crash leaves a gap.
 */
public final class SegmentMaintenance {
    /** Receives the results. */
    public interface Owner {
        void spareReady(Segment spare);

        /** The number of prepared segments in reserve. */
        int spares();

        /** The segment's footer is on disk; its index can be read back. */
        void sealed(Segment segment);

        /** The offsets that the log holds and has forced. */
        WatermarkFile.Range range();

        /** There is no disk for another segment. Tried again about once a second. */
        void full();

        /** The system grants no descriptor, memory or thread. Tried again about once a second. */
        void shortage(IOException why);

        /** Background I/O failed for another reason than lack of space. */
        void failed(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SegmentMaintenance.class);

    /** Removed segments are kept as spares up to this number: renewing one saves the writing of zeroes. */
    private static final int MOST_SPARES = 2;

    private final SegmentFiles files;
    private final WatermarkFile watermark;
    private final SegmentBudget budget;
    private final Owner owner;
    private final SerialTask task;
    private final ArrayDeque<Segment> freed = new ArrayDeque<>();
    private final ArrayDeque<Segment> unsealed = new ArrayDeque<>();
    private long nextNumber;
    private boolean watermarkDue;
    /** The disk has no room. */
    private volatile boolean outOfSpace;

    /** The disk's message when it had no room; empty once the work was done without one. */
    private volatile String diskShortage = "";

    /** True if nothing is prepared before the next tick, for lack of space or of system resources. */
    private volatile boolean paused;

    /** The segment whose file could not be renewed and will be deleted. Owned by the working thread. */
    private @Nullable Segment notRenewed;

    private volatile boolean closed;

    public SegmentMaintenance(
            SegmentFiles files, WatermarkFile watermark, SegmentBudget budget, Executor executor, Owner owner) {
        this.files = files;
        this.watermark = watermark;
        this.budget = budget;
        this.owner = owner;
        this.task = new SerialTask(executor, this::work);
    }

    /**
     * Continues after recovery: unneeded segments, the oldest first, files without entries, and full segments without a
     * footer.
     */
    public synchronized void start(long lastNumber, List<Segment> removed, List<Segment> unused, List<Segment> full) {
        nextNumber = lastNumber + 1;
        freed.addAll(removed);
        freed.addAll(unused);
        unsealed.addAll(full);
    }

    /** Segments whose footer is not yet written and whose files are open for that. */
    public synchronized List<Segment> unsealed() {
        return List.copyOf(unsealed);
    }

    public boolean outOfSpace() {
        return outOfSpace;
    }

    public Optional<String> diskShortage() {
        String said = diskShortage;
        return said.isEmpty() ? Optional.empty() : Optional.of(said);
    }

    /** True if something failed for lack of space or of system resources, and is tried again with the next tick. */
    public boolean isPaused() {
        return paused;
    }

    /** Requests a segment with room for a batch of {@code bytes}. */
    public void want(long bytes) {
        budget.want(bytes);
        if (!paused) {
            schedule();
        }
    }

    public void free(Iterable<Segment> segments) {
        synchronized (this) {
            segments.forEach(freed::addLast);
        }
        retry();
    }

    /** Deletes the files of segments that the log has removed, and of prepared ones; keeps none as a spare. */
    public void delete(List<Segment> segments) {
        synchronized (this) {
            segments.forEach(segment -> segment.unwanted = true);
        }
        free(segments);
    }

    /** The segment takes no more batches; {@code busy} if it was filled fast. */
    public void seal(Segment segment, boolean busy) {
        budget.resize(busy);
        synchronized (this) {
            unsealed.addLast(segment);
        }
        schedule();
    }

    /** The periodic work: the watermark file, and what failed for lack of space. */
    public void tick() {
        if (!watermark.says(owner.range())) {
            synchronized (this) {
                watermarkDue = true;
            }
            schedule();
        }
        if (paused) {
            retry();
        }
    }

    private void retry() {
        outOfSpace = false;
        paused = false;
        schedule();
    }

    /** Finishes all work on the calling thread, and does nothing afterwards. */
    public void close() {
        task.run(() -> {
            budget.wantNothing();
            work();
            if (!closed && !watermark.hasForced(owner.range())) {
                attempt(() -> note(true));
            }
            closed = true;
        });
    }

    /** As {@link #close()}, after a failure: leaves all files as they are. */
    public void abandon() {
        closed = true;
    }

    private void schedule() {
        if (!closed) {
            task.schedule();
        }
    }

    /**
     * Works on the calling thread. Opening a log uses it: when it returns, the watermark file on disk must fit the
     * recovered entries, whatever the system's cache had shown.
     */
    public void run() {
        task.run(() -> {
            attempt(() -> note(true));
            work();
        });
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void work() {
        attempt(() -> {
            while (!closed && step()) {
                // one thing at a time
            }
            if (!outOfSpace) {
                diskShortage = "";
            }
        });
    }

    private void attempt(Work work) {
        try {
            work.run();
        } catch (NoSpaceException | ShortageException e) {
            pause(e);
        } catch (IOException | RuntimeException | Error e) {
            closed = true;
            owner.failed(e);
        }
    }

    private boolean step() throws IOException {
        Segment oldest;
        Segment full;
        boolean due;
        synchronized (this) {
            oldest = freed.peekFirst();
            full = unsealed.peekFirst();
            due = watermarkDue;
            watermarkDue = false;
        }
        if (due) {
            note(false);
            return true;
        }
        if (oldest != null) {
            reuseOrDelete(oldest);
            return true;
        }
        if (makeSpare()) {
            return true;
        }
        if (full != null) {
            seal(full, full.index, full.file);
            return true;
        }
        return false;
    }

    private void note(boolean force) throws IOException {
        watermark.write(owner.range(), force);
    }

    private boolean makeSpare() throws IOException {
        if (paused || !budget.isWanted()) {
            return false;
        }
        try {
            if (!watermark.exists()) {
                note(true);
            }
            ready(files.create(nextNumber(), budget.capacity(files.disk().usableBytes(files.folder()))));
            return true;
        } catch (NoSpaceException | ShortageException e) {
            pause(e);
            return false;
        }
    }

    /** Pauses until the next tick. Only a disk without room makes the log full; missing system resources come back. */
    private void pause(IOException why) {
        if (why instanceof ShortageException) {
            owner.shortage(why);
        } else if (!outOfSpace) {
            LOG.debug("{}: {}", files.folder(), why.getMessage());
        }
        outOfSpace = why instanceof NoSpaceException;
        diskShortage =
                why instanceof NoSpaceException noSpace && !noSpace.isOfLog() ? String.valueOf(why.getMessage()) : "";
        paused = true;
        if (outOfSpace) {
            owner.full();
        }
    }

    private void seal(Segment full, @Nullable SegmentIndex index, @Nullable DiskFile file) throws IOException {
        if (index != null && file != null && !full.removed) {
            files.seal(full, index, file);
            full.fileBytes = file.size();
            budget.sealed(full);
            owner.sealed(full);
        }
        if (file != null) {
            file.close();
        }
        synchronized (this) {
            unsealed.remove(full);
        }
    }

    private void reuseOrDelete(Segment oldest) throws IOException {
        if (!watermark.hasForcedStart(oldest.end)) {
            note(true);
        }
        Segment spare = null;
        if (oldest != notRenewed && !oldest.unwanted && budget.fits(oldest, owner.spares() < MOST_SPARES)) {
            notRenewed = oldest;
            spare = files.recycle(oldest, nextNumber());
        } else {
            files.delete(oldest);
        }
        notRenewed = null;
        synchronized (this) {
            freed.removeFirst();
        }
        budget.gone(oldest);
        if (spare != null) {
            ready(spare);
        }
    }

    private void ready(Segment spare) {
        budget.made(spare);
        outOfSpace = false;
        paused = false;
        owner.spareReady(spare);
    }

    private synchronized long nextNumber() {
        return nextNumber++;
    }
}
