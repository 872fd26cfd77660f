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
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Stores which records of a spool are settled, in two slots: {@code checkpoint.a} and {@code checkpoint.b}.
 *
 * <p>A write that is not forced never overwrites the slot that was forced last, so one intact slot remains in every
 * case. After the process is killed nothing is lost, because the page cache has the latest slot. After a power cut the
 * last forced slot counts, and what was delivered since is sent again. A slot never holds more than was settled when it
 * was written. Owned by one thread; files are open only during a read or write.
 */
@OwnedBy(ThreadRole.HOLDER)
final class CheckpointFile {
    private final Path folder;
    private final Path[] slots;
    private final boolean[] named = new boolean[2];
    private int forced;
    private long sequence;

    private CheckpointFile(Path folder) {
        this.folder = folder;
        this.slots = new Path[] {folder.resolve("checkpoint.a"), folder.resolve("checkpoint.b")};
    }

    /** The result of {@link #open}. */
    record Opened(CheckpointFile file, Optional<SettledOffsets> offsets) {}

    /** Opens the slots in {@code folder}. The newest intact slot counts; the offsets are empty if there is none. */
    static Opened open(Path folder) throws IOException {
        CheckpointFile file = new CheckpointFile(folder);
        Optional<SettledOffsets> offsets = Optional.empty();
        for (int i = 0; i < file.slots.length; i++) {
            Optional<Checkpoint.Slot> slot = read(file.slots[i]);
            if (slot.isPresent() && slot.get().sequence() > file.sequence) {
                file.sequence = slot.get().sequence();
                file.forced = i;
                offsets = Optional.of(slot.get().offsets());
            }
        }
        if (offsets.isPresent()) {
            force(file.slots[file.forced]);
        }
        return new Opened(file, offsets);
    }

    /** Writes the slot that was not forced last; with {@code force}, durable on return. */
    void write(SettledOffsets offsets, boolean force) throws IOException {
        int target = 1 - forced;
        sequence++;
        ByteBuffer slot = Checkpoint.encode(sequence, offsets);
        try (FileChannel channel = OwnerOnly.open(slots[target], StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long at = 0;
            while (slot.hasRemaining()) {
                at += channel.write(slot, at);
            }
            if (force) {
                channel.force(true);
                if (!named[target]) {
                    DurableFolder.force(folder);
                    named[target] = true;
                }
                forced = target;
            }
        }
    }

    private static void force(Path slot) throws IOException {
        try (FileChannel channel = FileChannel.open(slot, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static Optional<Checkpoint.Slot> read(Path slot) throws IOException {
        try {
            return Checkpoint.decode(ByteBuffer.wrap(Files.readAllBytes(slot)), slot);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
