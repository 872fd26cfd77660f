package io.penstock.journal.internal.disk;

import io.penstock.base.files.OwnerOnly;
import io.penstock.journal.Disk;
import io.penstock.journal.DiskFile;
import io.penstock.journal.DurableFolder;
import io.penstock.journal.Shortages;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The operating system's files. Thread-safe. */
public final class RealDisk implements Disk {
    private final AlignedPieces pieces = new AlignedPieces();

    @Override
    public void createFolder(Path folder) throws IOException {
        Shortages.translate(() -> {
            DurableFolder.create(folder);
            return folder;
        });
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return Shortages.translate(() -> {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> String.valueOf(file.getFileName()))
                        .toList();
            }
        });
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return Shortages.translate(() -> new RealFile(OwnerOnly.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return Shortages.translate(
                () -> new RealFile(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)));
    }

    @Override
    public DiskFile openForAppending(Path file) throws IOException {
        Optional<DiskFile> direct = DirectFile.open(file, pieces);
        return direct.isPresent() ? direct.get() : open(file);
    }

    @Override
    public DiskFile openForReading(Path file) throws IOException {
        return Shortages.translate(() -> new RealFile(FileChannel.open(file, StandardOpenOption.READ)));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Shortages.translate(() -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        Shortages.translate(() -> {
            DurableFolder.force(folder);
            return folder;
        });
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        return store.getUsableSpace();
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        FileChannel channel =
                Shortages.translate(() -> OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(file, "this process", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw inUse(file, "another process", null);
    }

    private static IOException inUse(Path file, String by, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IOException(
                "The log folder " + file.getParent() + " is in use by " + by + "; one user at a time may have it open.",
                cause);
    }

    private record RealFile(FileChannel channel) implements DiskFile {
        /**
         * Heap buffers are written in pieces of this size: the JDK copies a heap buffer into a direct buffer of the
         * size of its remaining bytes, and keeps that for the thread.
         */
        private static final int HEAP_PIECE = 128 << 10;

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return Shortages.translate(() -> {
                int limit = source.limit();
                if (!source.isDirect() && source.remaining() > HEAP_PIECE) {
                    source.limit(source.position() + HEAP_PIECE);
                }
                try {
                    return channel.write(source, position);
                } finally {
                    source.limit(limit);
                }
            });
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int limit = target.limit();
            if (!target.isDirect() && target.remaining() > HEAP_PIECE) {
                target.limit(target.position() + HEAP_PIECE);
            }
            try {
                return channel.read(target, position);
            } finally {
                target.limit(limit);
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
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
