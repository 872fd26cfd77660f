package io.penstock.journal.internal.disk;

import com.sun.nio.file.ExtendedOpenOption;
import io.penstock.journal.Disk;
import io.penstock.journal.DiskFile;
import io.penstock.journal.Shortages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written without the system's page cache. A log's data is read back from the log's own memory or not at
 * all; copying it into the page cache costs more than the write to the disk and displaces the data of other programs.
 *
 * <p>The disk takes whole blocks from aligned memory. So bytes are copied through aligned memory, and the last block of
 * a write is kept and written again together with the following bytes; its rest is zeroes. One thread at a time writes.
 */
final class DirectFile implements DiskFile {
    private static final int BLOCK = Disk.BLOCK;
    private static final long NOTHING = -1;
    private static final Logger LOG = LoggerFactory.getLogger(DirectFile.class);

    private final FileChannel channel;
    private final AlignedPieces pieces;
    private long keptAt = NOTHING;
    private byte @Nullable [] kept;

    private DirectFile(FileChannel channel, AlignedPieces pieces) {
        this.channel = channel;
        this.pieces = pieces;
    }

    /** Opens an existing file. Empty if the file system does not support direct I/O or needs another block size. */
    static Optional<DiskFile> open(Path file, AlignedPieces pieces) {
        try {
            long block = Files.getFileStore(file).getBlockSize();
            if (block > BLOCK || Long.bitCount(block) != 1) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
            return Optional.of(new DirectFile(channel, pieces));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("{} goes through the page cache", file, e);
            return Optional.empty();
        }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        if (isWholeBlocks(source, position)) {
            keptAt = NOTHING;
            return Shortages.translate(() -> channel.write(source, position));
        }
        ByteBuffer piece = pieces.take();
        try {
            long start = position & -BLOCK;
            int head = (int) (position - start);
            if (head > 0) {
                putKept(piece, start, head);
            }
            int length = Math.min(source.remaining(), piece.remaining());
            piece.put(piece.position(), source, source.position(), length);
            int end = head + length;
            int blocks = (end + BLOCK - 1) & -BLOCK;
            for (int i = end; i < blocks; i++) {
                piece.put(i, (byte) 0);
            }
            keptAt = NOTHING;
            writeBlocks(piece.limit(blocks).position(0), start);
            keep(piece, start, end);
            source.position(source.position() + length);
            return length;
        } finally {
            pieces.giveBack(piece);
        }
    }

    private boolean isWholeBlocks(ByteBuffer source, long position) {
        return source.isDirect()
                && ((position | source.remaining()) & (BLOCK - 1)) == 0
                && source.alignmentOffset(source.position(), BLOCK) == 0;
    }

    private void writeBlocks(ByteBuffer blocks, long start) throws IOException {
        while (blocks.hasRemaining()) {
            int from = blocks.position();
            int written = Shortages.translate(() -> channel.write(blocks, start + from));
            blocks.position(from + (written & -BLOCK));
        }
    }

    /** Positions {@code piece} behind the first {@code head} bytes of the block at {@code start}, which it fills in. */
    private void putKept(ByteBuffer piece, long start, int head) throws IOException {
        byte[] bytes = kept;
        if (bytes != null && keptAt == start) {
            piece.put(bytes, 0, head);
            return;
        }
        piece.limit(BLOCK);
        int found = Math.max(0, channel.read(piece, start));
        if (found < head) {
            throw new IOException("a write behind the end of the file");
        }
        piece.clear().position(head);
    }

    /** Keeps the last, incomplete block of a write, including the zeroes. */
    private void keep(ByteBuffer piece, long start, int end) {
        int inBlock = end & (BLOCK - 1);
        if (inBlock == 0) {
            return;
        }
        byte[] into = kept;
        if (into == null) {
            into = new byte[BLOCK];
            kept = into;
        }
        piece.clear().get(end - inBlock, into);
        keptAt = start + end - inBlock;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        ByteBuffer piece = pieces.take();
        try {
            long start = position & -BLOCK;
            int head = (int) (position - start);
            piece.limit((int) Math.min(piece.capacity(), ((long) head + target.remaining() + BLOCK - 1) & -BLOCK));
            int found = channel.read(piece, start) - head;
            if (found <= 0) {
                return target.hasRemaining() ? -1 : 0;
            }
            int length = Math.min(found, target.remaining());
            target.put(piece.limit(head + length).position(head));
            return length;
        } finally {
            pieces.giveBack(piece);
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        keptAt = NOTHING;
        channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
