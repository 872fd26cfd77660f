package io.penstock.engine;

import io.penstock.base.files.OwnerOnly;
import io.penstock.engine.store.LocalStreamStore;
import io.penstock.journal.DurableFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An engine's data folder, locked so that no second engine writes to it. */
final class DataFolder implements AutoCloseable {
    private static final String LOCK = "engine.lock";

    private final Path path;
    private final boolean temporary;
    private final FileChannel lockFile;

    private DataFolder(Path path, boolean temporary, FileChannel lockFile) {
        this.path = path;
        this.temporary = temporary;
        this.lockFile = lockFile;
    }

    /** @param given the folder; empty for a temporary one that is deleted at close */
    static DataFolder open(Optional<Path> given) throws IOException {
        Path path;
        try {
            path = given.isPresent() ? given.get() : TemporaryFolders.create();
            DurableFolder.create(path);
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the data folder " + given.map(Path::toString).orElse("for a temporary engine") + ": "
                            + e + ". Choose a folder that this user may write to.",
                    e);
        }
        FileChannel channel;
        try {
            channel = OwnerOnly.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write to the data folder " + path + ": " + e + ". Give this user the right to.", e);
        }
        if (lock(channel) == null || Files.notExists(path.resolve(LOCK))) {
            channel.close();
            if (given.isEmpty()) {
                // Another process took the folder for one that was left behind, before its lock was held.
                return open(given);
            }
            throw new IOException("another engine is using the data folder " + path
                    + ". Stop it, or give this one a folder of its own.");
        }
        return new DataFolder(path, given.isEmpty(), channel);
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /**
     * Removes what temporary engines left that were killed; does nothing for a folder that was given.
     *
     * @return the number of folders
     */
    int removeLeft() throws IOException {
        return temporary ? TemporaryFolders.removeLeft(path, LOCK) : 0;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
        if (temporary) {
            LocalStreamStore.deleteTree(path);
        }
    }
}
