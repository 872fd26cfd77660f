package io.penstock.forward.client.internal.chunk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that at most one client on the machine has open. Within the process a system property is the lock; it works
 * across class loaders and is checked before the file is opened, because closing any channel of a file releases all
 * locks of the process on that file.
 */
final class SpillLock implements Closeable {
    private static final Set<OpenOption> OPTIONS =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

    private final String claim;
    private final FileChannel channel;

    private SpillLock(String claim, FileChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    /**
     * Opens the file, and creates it and its folders if missing, readable for the owner only.
     *
     * @throws IOException if it cannot be opened, or another client has it
     */
    static SpillLock take(Path file) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            throw new IOException("it is no file");
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        Path name = file.getFileName();
        String claim = "io.penstock.spill." + folder.toRealPath().resolve(name);
        if (System.getProperties().putIfAbsent(claim, "in use") != null) {
            throw new IOException("another appender of this process has it");
        }
        try {
            FileChannel channel = channel(folder.resolve(name));
            try {
                if (channel.tryLock() == null) {
                    throw new IOException("another process has it");
                }
                return new SpillLock(claim, channel);
            } catch (OverlappingFileLockException e) {
                channel.close();
                throw new IOException("this process has locked it", e);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            System.getProperties().remove(claim);
            throw e;
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return FileChannel.open(file, OPTIONS);
        }
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        return FileChannel.open(file, OPTIONS, ownerOnly);
    }

    FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.getProperties().remove(claim);
        }
    }
}
