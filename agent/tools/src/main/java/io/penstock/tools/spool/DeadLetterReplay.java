package io.penstock.tools.spool;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.deadletter.LetterFile;
import io.penstock.delivery.sender.deadletter.LetterReader;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Returns the dead letters of a data folder to their spools, while no agent runs on the folder. A file is deleted only
 * once all of it is on disk in its spool: an interrupted replay causes duplicates, but no loss. Blocks on the disk;
 * holds one block of records in memory.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class DeadLetterReplay {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int LARGEST_BLOCK = 32 << 20;

    private final Path folder;

    /** @param data the data folder */
    public DeadLetterReplay(Path data) {
        this.folder = DeadLetters.folder(data);
    }

    /** The streams that have dead letters, in order of name. */
    public List<StreamId> streams() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> streamOf(String.valueOf(file.getFileName())))
                    .flatMap(Optional::stream)
                    .distinct()
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
        }
    }

    private static Optional<StreamId> streamOf(String file) {
        String name =
                file.endsWith(DeadLetters.TAKEN) ? file.substring(0, file.length() - DeadLetters.TAKEN.length()) : file;
        return name.endsWith(DeadLetters.SUFFIX)
                ? StreamId.ofFolder(name.substring(0, name.length() - DeadLetters.SUFFIX.length()))
                : Optional.empty();
    }

    /**
     * Appends the dead letters of {@code stream} to its spool, in the order in which they were written, and deletes
     * their file. Letters that a power cut has torn are kept in a file beside it.
     *
     * @return the number of replayed letters
     * @throws IOException if a line cannot be read, in which case nothing was appended; or if the disk fails
     */
    public long replay(StreamId stream, OfflineSpool spool) throws IOException {
        Path file = folder.resolve(stream.folder() + DeadLetters.SUFFIX);
        long letters = replay(DeadLetters.taken(file), spool);
        LetterFile.mend(file);
        return letters + replay(file, spool);
    }

    private static long replay(Path file, OfflineSpool spool) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        long letters = LetterReader.forEach(file, letter -> {});
        LetterFile.keepTorn(file);
        EntryBlock block = new EntryBlock(BLOCK_BYTES, LARGEST_BLOCK);
        LetterReader.forEach(file, letter -> {
            LetterReader.write(letter, block);
            if (block.size() >= BLOCK_BYTES) {
                spool.append(block);
                block.clear();
            }
        });
        if (block.count() > 0) {
            spool.append(block);
        }
        Files.delete(file);
        return letters;
    }

    /** Deletes the letters of {@code stream}; returns how many there were, as far as they can be read. */
    public long drop(StreamId stream) throws IOException {
        Path file = folder.resolve(stream.folder() + DeadLetters.SUFFIX);
        long letters = 0;
        for (Path each : List.of(DeadLetters.taken(file), file)) {
            if (Files.exists(each)) {
                letters += lines(each);
                Files.delete(each);
            }
        }
        return letters;
    }

    /** The files with letters of {@code stream}, the oldest first. */
    public List<Path> files(StreamId stream) {
        Path file = folder.resolve(stream.folder() + DeadLetters.SUFFIX);
        return Stream.of(DeadLetters.taken(file), file).filter(Files::exists).toList();
    }

    private static long lines(Path file) throws IOException {
        try (BufferedReader lines = LetterFile.lines(file)) {
            return lines.lines().count();
        }
    }
}
