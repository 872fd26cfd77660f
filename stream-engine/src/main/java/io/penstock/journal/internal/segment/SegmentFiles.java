package io.penstock.journal.internal.segment;

import io.penstock.journal.AckAfter;
import io.penstock.journal.Disk;
import io.penstock.journal.DiskFile;
import io.penstock.journal.Shortages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Creates, renews, seals and deletes the segment files of one log folder. The steps of each operation are ordered so
 * that a crash between any two leaves a folder that recovery understands. Its state is the random source only; the
 * caller lets one thread in at a time.
 */
public final class SegmentFiles {
    private static final String SUFFIX = ".seg";
    private static final String UNFINISHED = ".tmp";
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect((1 << 20) + Disk.BLOCK)
            .alignedSlice(Disk.BLOCK)
            .asReadOnlyBuffer();

    private final Disk disk;
    private final Path folder;
    private final AckAfter ackAfter;
    private final RandomGenerator random;

    public SegmentFiles(Disk disk, Path folder, AckAfter ackAfter, RandomGenerator random) {
        this.disk = disk;
        this.folder = folder;
        this.ackAfter = ackAfter;
        this.random = random;
    }

    public Disk disk() {
        return disk;
    }

    public Path folder() {
        return folder;
    }

    /** The epoch in the name of a segment file; empty if the name is not a segment's. */
    public static OptionalLong epochOf(String name) {
        if (name.length() != 16 + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(HexFormat.fromHexDigitsToLong(name, 0, 16));
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
    }

    public static boolean isUnfinished(String name) {
        return name.endsWith(SUFFIX + UNFINISHED);
    }

    Path pathOf(long epoch) {
        return folder.resolve(HexFormat.of().toHexDigits(epoch) + SUFFIX);
    }

    /**
     * Creates a prepared segment: zeroes on disk, in the folder under its name. It is renamed before it is forced,
     * because journaling file systems then need one commit for both. A crash may leave a file without a header, which
     * recovery treats as missing.
     */
    Segment create(long number, long capacity) throws IOException {
        long epoch = epoch(number);
        Path path = pathOf(epoch);
        Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
        Segment segment = new Segment(path, epoch, capacity);
        disk.create(unfinished).close();
        DiskFile file;
        try {
            file = openForAppending(unfinished, capacity);
        } catch (IOException e) {
            discard(unfinished, e);
            throw e;
        }
        try {
            for (long at = 0; at < capacity; ) {
                ByteBuffer zeroes = ZEROES.duplicate();
                zeroes.limit((int) Math.min(zeroes.capacity(), capacity - at));
                at += file.write(zeroes, at);
            }
            file.writeFully(new SegmentHeader(epoch, SegmentHeader.PREPARED, capacity, 0).encode(), 0);
            disk.rename(unfinished, path);
            // Some file systems allocate space only now. The file is new, so a failure loses nothing.
            Shortages.translate(() -> {
                file.force();
                return file;
            });
            disk.forceFolder(folder);
        } catch (IOException e) {
            closeAfter(file, e);
            discard(unfinished, e);
            discard(path, e);
            throw e;
        }
        segment.file = file;
        return segment;
    }

    /**
     * Turns the file of {@code old}, which is no longer needed, into a prepared segment. The rename comes first: after
     * it the old header does not match the name, and the file counts as empty. After a failure the old name may be
     * gone; {@link #delete} then cleans the folder.
     */
    Segment recycle(Segment old, long number) throws IOException {
        long epoch = epoch(number);
        Segment segment = new Segment(pathOf(epoch), epoch, old.capacity);
        DiskFile file = openForAppending(old.path, old.capacity);
        try {
            disk.rename(old.path, segment.path);
            disk.forceFolder(folder);
            file.writeFully(new SegmentHeader(epoch, SegmentHeader.PREPARED, old.capacity, 0).encode(), 0);
            file.truncate(old.capacity);
            file.force();
        } catch (IOException e) {
            closeAfter(file, e);
            discard(segment.path, e);
            throw e;
        }
        segment.file = file;
        return segment;
    }

    /** Opens a segment's file for further batches. */
    public DiskFile openForAppending(Path path, long capacity) throws IOException {
        return ackAfter == AckAfter.FORCE && capacity % Disk.BLOCK == 0 ? disk.openForAppending(path) : disk.open(path);
    }

    void delete(Segment segment) throws IOException {
        disk.delete(segment.path);
        disk.forceFolder(folder);
    }

    /** Writes the footer of a segment that takes no more batches. */
    void seal(Segment segment, SegmentIndex index, DiskFile file) throws IOException {
        ByteBuffer encoded = index.encode();
        SegmentFooter footer = new SegmentFooter(
                segment.epoch,
                segment.base,
                segment.end,
                segment.capacity,
                segment.dataEnd,
                segment.firstTimestamp,
                segment.lastTimestamp,
                encoded.limit(),
                SegmentFooter.checksum(encoded));
        ByteBuffer bytes = ByteBuffer.allocate(encoded.limit() + SegmentFooter.SIZE);
        bytes.put(encoded).put(footer.encode()).flip();
        file.writeFully(bytes, segment.capacity);
        file.truncate(segment.capacity + bytes.limit());
        file.force();
    }

    /** The footer's trailer, if the file is sealed and whole. */
    public Optional<SegmentFooter> footer(DiskFile file, long epoch) throws IOException {
        long size = file.size();
        if (size < SegmentHeader.SIZE + SegmentFooter.SIZE) {
            return Optional.empty();
        }
        ByteBuffer trailer = ByteBuffer.allocate(SegmentFooter.SIZE);
        file.readFully(trailer, size - SegmentFooter.SIZE);
        Optional<SegmentFooter> footer = SegmentFooter.decode(trailer.flip(), epoch);
        return footer.filter(f -> f.capacity() + f.indexLength() + SegmentFooter.SIZE == size);
    }

    /** The index in the footer; empty if it is damaged. */
    public Optional<SegmentIndex> index(DiskFile file, SegmentFooter footer) throws IOException {
        ByteBuffer encoded = ByteBuffer.allocate(Math.toIntExact(footer.indexLength()));
        file.readFully(encoded, footer.capacity());
        encoded.flip();
        if (encoded.limit() < footer.indexLength() || SegmentFooter.checksum(encoded) != footer.indexChecksum()) {
            return Optional.empty();
        }
        return Optional.of(SegmentIndex.decode(footer.base(), encoded));
    }

    private long epoch(long number) {
        return number << Integer.SIZE | Integer.toUnsignedLong(random.nextInt());
    }

    public static long numberOf(long epoch) {
        return epoch >>> Integer.SIZE;
    }

    private static void closeAfter(DiskFile file, IOException cause) {
        try {
            file.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void discard(Path unfinished, IOException cause) {
        try {
            disk.delete(unfinished);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
