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
 * The background work of one log, so that its writer does none of it: prepares the next segment, recycles or deletes
 * those let go of, writes the footers of full ones, and the watermark.
 *
 * <p>Threads: any thread asks; one at a time works, on the executor, while there is something to do. Segments let go of
 * are removed oldest first, the folder forced after each, so that no crash leaves a gap.
 */
public final class SegmentMaintenance {
    /** Where the results go. */
    public interface Owner {
        void spareReady(Segment spare);

        /** How many prepared segments wait to be used. */
        int spares();

        /** The segment's footer is on disk; its index can be read back. */
        void sealed(Segment segment);

        /** What the log holds, and is forced. */
        WatermarkFile.Range range();

        /** There is no disk for another segment; the work is tried again about once a second. */
        void full();

        /** The system lends no descriptor, memory or thread; the work is tried again about once a second. */
        void shortage(IOException why);

        /** Background I/O failed for another reason than missing space. */
        void failed(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SegmentMaintenance.class);

    /** Segments let go of are kept as spares up to this many: a renewed one costs no writing of zeroes. */
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

    /** What the disk said when it had no room; empty once the work was done without such an answer. */
    private volatile String diskShortage = "";

    /** Nothing is prepared before the next tick: for want of space, or of what the system lends. */
    private volatile boolean paused;

    /** The segment whose file could not be renewed; it is deleted instead. Owned by who works. */
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
     * Takes over what recovery found: segments that nobody needs, the oldest first, files without entries, full
     * segments without a footer.
     */
    public synchronized void start(long lastNumber, List<Segment> removed, List<Segment> unused, List<Segment> full) {
        nextNumber = lastNumber + 1;
        freed.addAll(removed);
        freed.addAll(unused);
        unsealed.addAll(full);
    }

    /** Segments whose footer is still to be written, and whose files are open for that. */
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

    /** Asks for a segment with room for a batch of {@code bytes}. */
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

    /** The segment takes no more batches; {@code busy} when it was filled fast. */
    public void seal(Segment segment, boolean busy) {
        budget.resize(busy);
        synchronized (this) {
            unsealed.addLast(segment);
        }
        schedule();
    }

    /** What is done in time: the watermark, and what could not be done for want of space. */
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

    /** Finishes what there is to do on the calling thread, and does nothing more. */
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

    /** As {@link #close()}, after a failure: leaves everything as it lies. */
    public void abandon() {
        closed = true;
    }

    private void schedule() {
        if (!closed) {
            task.schedule();
        }
    }

    /**
     * Works on the calling thread: opening a log needs that done before it returns, and a watermark on disk that fits
     * what was found, whatever the system's cache showed.
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

    /** Until the next tick. Only a disk without room makes the log full; what the system lends comes back. */
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
        if (oldest != notRenewed && budget.fits(oldest, owner.spares() < MOST_SPARES)) {
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
