package io.penstock.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of one log, so that its writer does none of it: prepares the next segment, recycles or deletes
 * those let go of, writes the footers of full ones.
 *
 * <p>Threads: any thread asks; one at a time works, on the executor, while there is something to do. Segments let go of
 * are removed oldest first, the folder forced after each, so that no crash leaves a gap.
 */
final class Preparer {
    /** Where the results go. */
    interface Owner {
        void spareReady(Segment spare);

        /** Whether a prepared segment waits to be used. */
        boolean hasSpare();

        /** The segment's footer is on disk; its index can be read back. */
        void sealed(Segment segment);

        /** Background I/O failed for another reason than missing space. */
        void failed(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Preparer.class);
    private static final int UNIT = 4 << 10;
    private static final int OVERHEAD = SegmentHeader.SIZE + BatchFormat.HEADER;

    private final SegmentFiles files;
    private final LogSettings settings;
    private final Executor executor;
    private final Owner owner;
    private final int firstBytes;
    private final int maxBytes;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Held by who works; guards nothing else. */
    private final ReentrantLock working = new ReentrantLock();

    private final ArrayDeque<Segment> freed = new ArrayDeque<>();
    private final ArrayDeque<Segment> unsealed = new ArrayDeque<>();
    private boolean wanted;
    private long wantedBytes;
    private long nextBytes;
    private long nextNumber;
    private long totalBytes;
    private volatile boolean outOfSpace;
    private volatile boolean closed;

    Preparer(SegmentFiles files, LogSettings settings, LogTuning tuning, Executor executor, Owner owner) {
        this.files = files;
        this.settings = settings;
        this.executor = executor;
        this.owner = owner;
        this.firstBytes = tuning.firstSegmentBytes();
        this.maxBytes = (int) Math.max(firstBytes, Math.min(tuning.maxSegmentBytes(), settings.maxBytes() / 4 & -UNIT));
        this.nextBytes = firstBytes;
    }

    /** Takes over from recovery: the size that the log had grown to, its bytes, the last number used. */
    synchronized void start(long nextBytes, long totalBytes, long lastNumber) {
        this.nextBytes = Math.max(firstBytes, Math.min(maxBytes, nextBytes));
        this.totalBytes = totalBytes;
        this.nextNumber = lastNumber + 1;
    }

    /** Takes over what recovery found: files that nobody uses, full segments without a footer. */
    synchronized void adopt(List<Segment> unused, List<Segment> full) {
        freed.addAll(unused);
        unsealed.addAll(full);
    }

    boolean outOfSpace() {
        return outOfSpace;
    }

    /** Asks for a segment with room for a batch of {@code bytes}. */
    void want(long bytes) {
        synchronized (this) {
            wanted = true;
            wantedBytes = Math.max(wantedBytes, bytes);
        }
        if (!outOfSpace) {
            schedule();
        }
    }

    void free(Iterable<Segment> segments) {
        synchronized (this) {
            segments.forEach(freed::addLast);
        }
        retry();
    }

    void seal(Segment segment) {
        synchronized (this) {
            unsealed.addLast(segment);
        }
        schedule();
    }

    /** The last segment was full after {@code busy} or not; the next ones follow suit. */
    synchronized void resize(boolean busy) {
        nextBytes = busy ? Math.min(maxBytes, 2 * nextBytes) : Math.max(firstBytes, nextBytes / 2);
    }

    /** Something may have changed for what could not be done. */
    void retry() {
        outOfSpace = false;
        schedule();
    }

    /** Finishes what there is to do on the calling thread, and does nothing more. */
    void close() {
        working.lock();
        try {
            synchronized (this) {
                wanted = false;
            }
            work();
            closed = true;
        } finally {
            working.unlock();
        }
    }

    /** As {@link #close()}, after a failure: leaves everything as it lies. */
    void abandon() {
        closed = true;
    }

    private void schedule() {
        if (!closed && scheduled.compareAndSet(false, true)) {
            executor.execute(this::run);
        }
    }

    /** Works on the calling thread: what the executor runs, and what opening a log needs done before it returns. */
    void run() {
        working.lock();
        try {
            scheduled.set(false);
            work();
        } finally {
            working.unlock();
        }
    }

    private void work() {
        try {
            while (!closed && step()) {
                // one thing at a time
            }
        } catch (NoSpaceException e) {
            noSpace(e);
        } catch (IOException | RuntimeException | Error e) {
            closed = true;
            owner.failed(e);
        }
    }

    private boolean step() throws IOException {
        Segment oldest;
        synchronized (this) {
            oldest = freed.peekFirst();
        }
        if (oldest != null) {
            reuseOrDelete(oldest);
            return true;
        }
        if (!outOfSpace && makeSpare()) {
            return true;
        }
        Segment full;
        synchronized (this) {
            full = unsealed.peekFirst();
        }
        if (full != null) {
            seal(full, full.index, full.file);
            return true;
        }
        return false;
    }

    private boolean makeSpare() throws IOException {
        try {
            long capacity = capacityWanted();
            if (capacity > 0) {
                ready(files.create(nextNumber(), capacity));
            }
            return capacity > 0;
        } catch (NoSpaceException e) {
            noSpace(e);
            return false;
        }
    }

    private void noSpace(NoSpaceException e) {
        if (!outOfSpace) {
            LOG.debug("{}: {}", files.folder(), e.getMessage());
        }
        outOfSpace = true;
    }

    private void seal(Segment full, @Nullable SegmentIndex index, @Nullable DiskFile file) throws IOException {
        if (index != null && file != null && !full.removed) {
            files.seal(full, index, file);
            long size = file.size();
            synchronized (this) {
                totalBytes += size - full.fileBytes;
                full.fileBytes = size;
            }
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
        boolean useful = !owner.hasSpare();
        boolean fits;
        synchronized (this) {
            long least = OVERHEAD + wantedBytes;
            fits = (wanted || useful)
                    && oldest.capacity >= Math.max(least, nextBytes / 2)
                    && oldest.capacity <= Math.max(least, maxBytes);
        }
        Segment spare = null;
        if (fits) {
            spare = files.recycle(oldest, nextNumber());
        } else {
            files.delete(oldest);
        }
        synchronized (this) {
            freed.removeFirst();
            totalBytes -= oldest.fileBytes;
        }
        if (spare != null) {
            ready(spare);
        }
    }

    private void ready(Segment spare) {
        synchronized (this) {
            totalBytes += spare.fileBytes;
            if (spare.room() >= wantedBytes) {
                wanted = false;
                wantedBytes = 0;
            }
        }
        outOfSpace = false;
        owner.spareReady(spare);
    }

    private synchronized long nextNumber() {
        return nextNumber++;
    }

    /** Size of the segment to make now; 0 when none is wanted. */
    private long capacityWanted() throws IOException {
        long least;
        long capacity;
        long total;
        synchronized (this) {
            if (!wanted) {
                return 0;
            }
            least = Math.max(firstBytes, roundUp(OVERHEAD + wantedBytes));
            capacity = Math.max(least, nextBytes);
            total = totalBytes;
        }
        long allowed = Math.min(
                settings.maxBytes() - total, files.disk().usableBytes(files.folder()) - settings.reserveBytes());
        if (allowed < least) {
            throw new NoSpaceException("no room for a segment of " + least + " bytes: " + total + " of "
                    + settings.maxBytes() + " bytes used, reserve " + settings.reserveBytes());
        }
        return Math.min(capacity, allowed & -UNIT);
    }

    private static long roundUp(long bytes) {
        return (bytes + UNIT - 1) & -UNIT;
    }
}
