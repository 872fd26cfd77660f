package io.penstock.journal;

import io.penstock.base.files.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces a file so that after a crash it holds the old bytes or the new ones, never a mixture. */
public final class AtomicFile {
    private static final String TEMPORARY = ".tmp";

    /**
     * Writes a temporary file beside the target, readable for this user only, forces it, renames it over the target,
     * and forces the folder. If that fails, the temporary file is deleted.
     *
     * @throws NoSpaceException if the disk is full
     */
    public static void write(Path folder, String name, byte[] content) throws IOException {
        Path temporary = folder.resolve(name + TEMPORARY);
        Shortages.translate(() -> {
            // After a crash, a temporary file of an earlier version may be left, readable for all users.
            Files.deleteIfExists(temporary);
            try {
                fill(temporary, content);
            } catch (IOException e) {
                deleteAfter(e, temporary);
                throw e;
            }
            Path target = folder.resolve(name);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            DurableFolder.force(folder);
            return target;
        });
    }

    /** Deletes what a write that was interrupted has left. */
    public static void deleteTemporary(Path folder, String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name + TEMPORARY));
    }

    private static void fill(Path file, byte[] content) throws IOException {
        try (FileChannel channel = OwnerOnly.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void deleteAfter(IOException failure, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private AtomicFile() {}
}
