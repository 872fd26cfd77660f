package io.penstock.engine.store;

import io.penstock.journal.AtomicFile;
import io.penstock.journal.DurableFolder;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams on the local disk. Each has a folder, named by {@link FolderName}, with the file {@code stream.meta}, which
 * is replaced atomically, and the folder {@code log}. The folder of a dropped stream is renamed before it is deleted,
 * so that a crash leaves no partial stream. A folder whose metadata is damaged is left as it is.
 *
 * <pre>
 * stream.meta:  CRC-32C of what follows 4 | version 8 | length of the name 4 | name | the document
 * </pre>
 *
 * <p>Thread-safe. All metadata is guarded by this object's monitor, which is also held during disk access: changes of
 * metadata are rare.
 */
public final class LocalStreamStore implements StreamStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStreamStore.class);

    private static final String METADATA = "stream.meta";
    private static final String RECORDS = "log";
    private static final String DROPPED = ".dropped-";
    private static final int HEADER = Integer.BYTES + Long.BYTES + Integer.BYTES;

    private final Path root;
    private final LogSystem logs;
    private final LogSettings settings;
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, LocalStreamLog> open = new HashMap<>();

    /** By folder, because the stream's name cannot be read. */
    private final Map<Path, String> damaged = new HashMap<>();

    private LocalStreamStore(Path root, LogSystem logs, LogSettings settings) {
        this.root = root;
        this.logs = logs;
        this.settings = settings;
    }

    /**
     * Opens the store under {@code root}, which is created if missing. Deletes what interrupted drops and creations
     * have left.
     */
    public static LocalStreamStore open(Path root, LogSystem logs, LogSettings settings) throws IOException {
        DurableFolder.create(root);
        LocalStreamStore store = new LocalStreamStore(root, logs, settings);
        for (Path folder : store.folders()) {
            if (folder.getFileName().toString().startsWith(DROPPED)) {
                deleteTree(folder);
            } else if (!Files.exists(folder.resolve(METADATA))) {
                deleteIfEmpty(folder);
            }
        }
        for (StreamStore.Stored stream : store.list()) {
            store.versions.put(stream.name(), stream.version());
        }
        return store;
    }

    @Override
    public synchronized List<StreamStore.Stored> list() throws IOException {
        List<StreamStore.Stored> streams = new ArrayList<>();
        for (Path folder : folders()) {
            Path file = folder.resolve(METADATA);
            // A folder without metadata belongs to a stream whose creation was never answered.
            if (Files.exists(file)) {
                try {
                    streams.add(decode(folder, Files.readAllBytes(file)));
                } catch (IOException e) {
                    damaged.put(
                            folder,
                            file + " cannot be read (" + e.getMessage() + "); restore it from a backup, or delete "
                                    + folder + " and with it the stream, then start the engine again");
                }
            }
        }
        return streams;
    }

    @Override
    public synchronized Collection<String> damage() {
        return List.copyOf(damaged.values());
    }

    @Override
    public synchronized Optional<String> damage(String stream) {
        return Optional.ofNullable(damaged.get(folder(stream)));
    }

    @Override
    public synchronized long put(String stream, long expected, byte[] metadata) throws IOException {
        long current = versions.getOrDefault(stream, ABSENT);
        if (current != expected) {
            return CONFLICT;
        }
        Path folder = folder(stream);
        if (damaged.containsKey(folder)) {
            throw new IOException(damaged.get(folder));
        }
        if (current == ABSENT) {
            DurableFolder.create(folder);
        }
        byte[] name = stream.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(HEADER + name.length + metadata.length);
        content.putInt(0).putLong(current + 1).putInt(name.length).put(name).put(metadata);
        content.putInt(0, checksum(content.array()));
        try {
            AtomicFile.write(folder, METADATA, content.array());
        } catch (IOException e) {
            if (current == ABSENT && !Files.exists(folder.resolve(METADATA))) {
                deleteIfEmpty(folder);
            }
            throw e;
        }
        versions.put(stream, current + 1);
        return current + 1;
    }

    @Override
    public StreamLog open(String stream, StreamLog.Listener listener) throws IOException {
        LocalStreamLog log;
        synchronized (this) {
            if (!versions.containsKey(stream)) {
                throw new IOException("stream " + stream + " does not exist");
            }
            if (open.containsKey(stream)) {
                throw new IOException("the records of stream " + stream + " are open already");
            }
            log = new LocalStreamLog(listener, () -> forget(stream));
            open.put(stream, log);
        }
        try {
            log.start(logs, folder(stream).resolve(RECORDS), settings);
        } catch (IOException | RuntimeException e) {
            forget(stream);
            throw e;
        }
        return log;
    }

    private synchronized void forget(String stream) {
        open.remove(stream);
    }

    @Override
    public synchronized void drop(String stream) throws IOException {
        if (open.containsKey(stream)) {
            throw new IOException("the records of stream " + stream + " are open; close them before dropping it");
        }
        if (versions.remove(stream) == null) {
            return;
        }
        Path dropped = root.resolve(DROPPED + UUID.randomUUID());
        Files.move(folder(stream), dropped, StandardCopyOption.ATOMIC_MOVE);
        DurableFolder.force(root);
        deleteTree(dropped);
    }

    @Override
    public void close() throws IOException {
        List<LocalStreamLog> remaining;
        synchronized (this) {
            remaining = List.copyOf(open.values());
        }
        IOException failure = null;
        for (LocalStreamLog log : remaining) {
            try {
                log.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Path folder(String stream) {
        return root.resolve(FolderName.of(stream));
    }

    private List<Path> folders() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, entry -> Files.isDirectory(entry))) {
            entries.forEach(found::add);
        }
        return found;
    }

    private StreamStore.Stored decode(Path folder, byte[] file) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(file);
        if (file.length < HEADER || content.getInt() != checksum(file)) {
            throw new IOException("it is damaged: the checksum does not fit");
        }
        long version = content.getLong();
        byte[] name = new byte[content.getInt()];
        content.get(name);
        byte[] metadata = new byte[content.remaining()];
        content.get(metadata);
        StreamStore.Stored stream = new StreamStore.Stored(new String(name, StandardCharsets.UTF_8), version, metadata);
        if (!folder(stream.name()).equals(folder)) {
            throw new IOException(
                    "it is that of stream " + stream.name() + ", whose folder is " + folder(stream.name()));
        }
        return stream;
    }

    private static int checksum(byte[] file) {
        CRC32C checksum = new CRC32C();
        checksum.update(file, Integer.BYTES, file.length - Integer.BYTES);
        return (int) checksum.getValue();
    }

    /** Deletes the folder of a stream that was never there, and leaves one in which there are records. */
    private static void deleteIfEmpty(Path folder) {
        try {
            AtomicFile.deleteTemporary(folder, METADATA);
            Files.delete(folder);
        } catch (IOException e) {
            LOG.debug("{} is left as it is", folder, e);
        }
    }

    /** Deletes a folder and all that is in it. */
    public static void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
