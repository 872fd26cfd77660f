package io.penstock.base.auth;

import io.penstock.base.files.UnfitFileException;
import io.penstock.base.text.CauseText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of a file, which {@link #look} reads again after a change, once the file no longer changes: half of a file
 * may read like a whole one with fewer entries, or with wider rights. An empty file counts once several calls in turn have
 * found it so. If the changed file cannot be read, that is logged
 * once and the former content stays. Any thread may call {@link #get}; one thread at a time may call {@link
 * #look}, which blocks on the disk.
 */
public final class WatchedFile<T> implements Supplier<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

    /** Many programs empty a file before they write it, and a full disk may stop them there. */
    private static final int LOOKS_AT_AN_EMPTY_FILE = 5;

    private final Names names;
    private final Path file;
    private final Reader<T> reader;
    private final Runnable changed;
    private Stamp read;
    private Stamp latest;
    private int emptyLooks;
    private String complaint = "";
    private volatile T content;

    /** Of a file, as far as a change shows in it. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
        }
    }

    /**
     * For messages.
     *
     * @param listener the one that uses the file, such as "MQTT"
     * @param file what the file is, such as "password file"
     * @param content what is in it, such as "passwords"
     * @param remedy how to make one
     */
    public record Names(String listener, String file, String content, String remedy) {}

    /** Reads the content, or names the faulty line and the fault. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Path file) throws IOException;
    }

    private WatchedFile(Names names, Path file, Reader<T> reader, Runnable changed) throws IOException {
        this.names = names;
        this.file = file;
        this.reader = reader;
        this.changed = changed;
        this.read = Stamp.of(file);
        this.latest = read;
        this.content = reader.read(file);
    }

    /**
     * Reads the file for the first time.
     *
     * @param changed called after each later reading
     * @throws IOException naming the file, the line and the fault
     */
    public static <T> WatchedFile<T> open(Names names, Path file, Reader<T> reader, Runnable changed)
            throws IOException {
        if (!Files.isReadable(file)) {
            throw new UnfitFileException(
                    "the " + names.file() + " " + file + " is missing or unreadable; " + names.remedy());
        }
        return new WatchedFile<>(names, file, reader, changed);
    }

    @Override
    public T get() {
        return content;
    }

    /** Reads the file again if it has changed since it was last read, and has not changed since the last call. */
    public void look() {
        try {
            Stamp before = latest;
            Stamp now = Stamp.of(file);
            latest = now;
            emptyLooks = now.size() == 0 ? Math.min(emptyLooks + 1, LOOKS_AT_AN_EMPTY_FILE) : 0;
            if (now.equals(read)) {
                complaint = "";
            } else if (now.equals(before) && (emptyLooks == 0 || emptyLooks == LOOKS_AT_AN_EMPTY_FILE)) {
                readAgain(now);
            }
        } catch (IOException unfit) {
            String why = CauseText.orUnknown(unfit);
            if (!why.equals(complaint)) {
                complaint = why;
                LOG.error("{} keeps the former {}: {}", names.listener(), names.content(), complaint);
            }
        }
    }

    private void readAgain(Stamp now) throws IOException {
        T next = reader.read(file);
        if (!Stamp.of(file).equals(now)) {
            return; // it was written while it was read
        }
        content = next;
        // Set only after a successful read, so that an unreadable file is tried again.
        read = now;
        complaint = "";
        changed.run();
        LOG.info("{} uses the changed {} {}", names.listener(), names.file(), file);
    }
}
