package io.penstock.delivery.spool;

import io.penstock.base.files.OwnerOnly;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.DurableFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The marks of records that the log may hold no more, in two files beside it: {@code marks} grows up to a number of
 * marks, then it becomes {@code marks.old} and a new one begins.
 *
 * <pre>
 *  0             24         32       36
 *  +-------------+----------+--------+
 *  | mark        | offset   | CRC32C |  the next one ...
 *  +-------------+----------+--------+
 *  CRC32C   over mark and offset
 * </pre>
 *
 * <p>A slot that is torn or damaged is passed over: its chunk is then stored again if it comes again. Owned by one
 * thread; files are open only during a read or write.
 */
@OwnedBy(ThreadRole.HOLDER)
final class MarkFile {
    private static final int SLOT = SpooledRecord.MARK_BYTES + Long.BYTES + Integer.BYTES;

    private final Path folder;
    private final Path current;
    private final Path old;
    private final int most;
    private int written;
    private boolean named;

    /** @param mark its bytes */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Slot(byte[] mark, long offset) {}

    MarkFile(Path folder, int most) {
        this.folder = folder;
        this.current = folder.resolve("marks");
        this.old = folder.resolve("marks.old");
        this.most = most;
    }

    /** The marks of both files, the oldest first; makes the file fit to be continued. */
    List<Slot> read() throws IOException {
        List<Slot> slots = new ArrayList<>(read(old));
        List<Slot> newer = read(current);
        slots.addAll(newer);
        if (Files.exists(current)) {
            try (FileChannel channel = FileChannel.open(current, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() / SLOT * SLOT);
                written = (int) Math.min(Integer.MAX_VALUE, channel.size() / SLOT);
            }
        }
        return slots;
    }

    /** Adds marks; durable on return. */
    void append(List<Slot> slots) throws IOException {
        if (written >= most) {
            Files.move(current, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = 0;
            named = false;
        }
        ByteBuffer bytes = ByteBuffer.allocate(slots.size() * SLOT);
        for (Slot slot : slots) {
            int from = bytes.position();
            bytes.put(slot.mark()).putLong(slot.offset());
            bytes.putInt(checksum(bytes, from));
        }
        bytes.flip();
        try (FileChannel channel = OwnerOnly.open(current, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // What a failed write has left behind is written again.
            long at = (long) written * SLOT;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            channel.force(true);
        }
        if (!named) {
            DurableFolder.force(folder);
            named = true;
        }
        written += slots.size();
    }

    /** They belong to another log than the one that is here. */
    void delete() throws IOException {
        Files.deleteIfExists(current);
        Files.deleteIfExists(old);
        written = 0;
        named = false;
    }

    private static List<Slot> read(Path file) throws IOException {
        List<Slot> slots = new ArrayList<>();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            for (int at = 0; at + SLOT <= bytes.limit(); at += SLOT) {
                if (bytes.getInt(at + SLOT - Integer.BYTES) == checksum(bytes, at)) {
                    byte[] mark = new byte[SpooledRecord.MARK_BYTES];
                    bytes.get(at, mark);
                    slots.add(new Slot(mark, bytes.getLong(at + mark.length)));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return slots;
    }

    private static int checksum(ByteBuffer bytes, int slot) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), slot, SLOT - Integer.BYTES);
        return (int) crc.getValue();
    }
}
