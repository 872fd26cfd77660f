package io.penstock.journal.internal.segment;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.Disk;
import io.penstock.journal.DiskFile;
import io.penstock.journal.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Records, apart from the segments, which offsets a log holds. With it, the loss of the log's first or last entries is
 * reported as damage, and not mistaken for a truncation or a torn tail.
 *
 * <p>The file {@code watermark} has {@value #COPIES} copies of one record, a page apart, because when a power cut
 * leaves no entry of a log, nothing else keeps its offsets. The record is a lower bound of the truth: it is written
 * after the events, about once a second and at a clean stop; before a segment is removed, it is forced. Both numbers
 * only rise, so the latest whole copy counts. Files of earlier versions have two copies.
 *
 * <pre>
 *   0               4               8              12              16
 *  +---------------+---------------+---------------+---------------+
 *  | CRC32C        | magic "PWAT"  | version       | zeroes        |
 *  +---------------+---------------+---------------+---------------+ 16
 *  | start: nothing below is held  | end: all below was durable    |
 *  +-------------------------------+-------------------------------+ 32
 *  integers big-endian; the checksum runs over bytes 4 to 31; the copies start at multiples of 4096
 * </pre>
 */
@OwnedBy(ThreadRole.SEGMENT_WORKER)
public final class WatermarkFile {
    public static final String NAME = "watermark";
    static final int VERSION = 1;
    public static final int SIZE = 32;
    public static final int COPIES = 4;
    public static final int APART = 4096;

    private static final int MAGIC = 0x50574154;

    private final Disk disk;
    private final Path folder;
    private final Path path;
    private boolean exists;
    private volatile Optional<Range> written = Optional.empty();
    private Optional<Range> forced = Optional.empty();

    /** The offsets from {@code start}, inclusive, to {@code end}, exclusive. */
    public record Range(long start, long end) {}

    public WatermarkFile(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
        this.path = folder.resolve(NAME);
    }

    public Path path() {
        return path;
    }

    /**
     * Reads the file. Empty if there is none, or no copy is whole.
     *
     * @throws IOException naming both versions, if the file has an unknown one
     */
    public Optional<Range> read() throws IOException {
        exists = disk.list(folder).contains(NAME);
        if (!exists) {
            return Optional.empty();
        }
        try (DiskFile file = disk.openForReading(path)) {
            Optional<Range> latest = Optional.empty();
            for (int copy = 0; copy < COPIES; copy++) {
                latest = later(latest, readCopy(file, (long) copy * APART));
            }
            return latest;
        }
    }

    private static Optional<Range> later(Optional<Range> one, Optional<Range> other) {
        boolean otherIs = one.isEmpty()
                || (other.isPresent() && other.get().end() > one.get().end());
        return otherIs ? other : one;
    }

    boolean exists() {
        return exists;
    }

    /** True if the file has this range. */
    boolean says(Range range) {
        return written.equals(Optional.of(range));
    }

    /** True if this range was forced to the disk. */
    boolean hasForced(Range range) {
        return forced.equals(Optional.of(range));
    }

    /** True if a start at or above {@code offset} was forced to the disk. */
    boolean hasForcedStart(long offset) {
        return forced.isPresent() && forced.get().start >= offset;
    }

    /** Writes all copies; with {@code force}, durable on return. */
    void write(Range range, boolean force) throws IOException {
        if (exists) {
            try (DiskFile file = disk.open(path)) {
                writeTo(file, range, force);
            }
        } else {
            make(range);
        }
        written = Optional.of(range);
    }

    private void make(Range range) throws IOException {
        try (DiskFile file = disk.create(path)) {
            writeTo(file, range, true);
        } catch (NoSpaceException e) {
            disk.delete(path);
            throw e;
        }
        disk.forceFolder(folder);
        exists = true;
    }

    private void writeTo(DiskFile file, Range range, boolean force) throws IOException {
        ByteBuffer copy = encode(range);
        for (int i = 0; i < COPIES; i++) {
            file.writeFully(copy.duplicate(), (long) i * APART);
        }
        if (force) {
            file.force();
            forced = Optional.of(range);
        }
    }

    private Optional<Range> readCopy(DiskFile file, long at) throws IOException {
        ByteBuffer copy = ByteBuffer.allocate(SIZE);
        int length = file.readFully(copy, at);
        if (length < SIZE || copy.getInt(4) != MAGIC || copy.getInt(0) != checksum(copy)) {
            return Optional.empty();
        }
        int version = copy.getInt(8);
        if (version != VERSION) {
            throw new IOException("The file " + path + " has format version " + version
                    + "; this program reads version " + VERSION
                    + ". Use the program version that wrote it, or move the folder away.");
        }
        return Optional.of(new Range(copy.getLong(16), copy.getLong(24)));
    }

    private static ByteBuffer encode(Range range) {
        ByteBuffer copy = ByteBuffer.allocate(SIZE);
        copy.putInt(0).putInt(MAGIC).putInt(VERSION).putInt(0);
        copy.putLong(range.start).putLong(range.end);
        return copy.putInt(0, checksum(copy)).flip();
    }

    public static int checksum(ByteBuffer copy) {
        CRC32C crc = new CRC32C();
        crc.update(copy.slice(Integer.BYTES, SIZE - Integer.BYTES));
        return (int) crc.getValue();
    }
}
