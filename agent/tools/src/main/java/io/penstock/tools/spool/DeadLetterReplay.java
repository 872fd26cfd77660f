package io.penstock.tools.spool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.deadletter.LetterFile;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final ObjectReader JSON = new ObjectMapper().readerFor(JsonNode.class);
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
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
        }
    }

    private static Optional<StreamId> streamOf(String file) {
        return file.endsWith(DeadLetters.SUFFIX)
                ? StreamId.ofFolder(file.substring(0, file.length() - DeadLetters.SUFFIX.length()))
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
        LetterFile.mend(file);
        long letters = forEach(file, letter -> {});
        LetterFile.keepTorn(file);
        EntryBlock block = new EntryBlock(BLOCK_BYTES, LARGEST_BLOCK);
        forEach(file, letter -> {
            write(letter, block);
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

    @FunctionalInterface
    private interface Letters {
        void letter(JsonNode letter) throws IOException;
    }

    private static long forEach(Path file, Letters visitor) throws IOException {
        long count = 0;
        try (BufferedReader lines = LetterFile.lines(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!LetterFile.isTorn(line)) {
                    count = forEach(file, line, count, visitor);
                }
            }
        }
        return count;
    }

    /** A line that was edited by hand may hold several letters. */
    private static long forEach(Path file, String line, long before, Letters visitor) throws IOException {
        long count = before;
        try (MappingIterator<JsonNode> letters = JSON.readValues(line.getBytes(StandardCharsets.ISO_8859_1))) {
            while (letters.hasNextValue()) {
                JsonNode letter = letters.nextValue();
                count++;
                if (!letter.path(DeadLetters.DATA).isTextual()) {
                    throw new IOException(file + ", letter " + count + " has no " + DeadLetters.DATA
                            + ": mend or remove that line; nothing was replayed");
                }
                letter.path(DeadLetters.DATA).binaryValue();
                if (letter.has(DeadLetters.HASH_KEY)) {
                    point(letter.path(DeadLetters.HASH_KEY).asText());
                }
                visitor.letter(letter);
            }
        } catch (JsonProcessingException broken) {
            throw new IOException(
                    file + ", letter " + (count + 1) + " cannot be read (" + broken.getOriginalMessage()
                            + "): mend or remove that line; nothing was replayed",
                    broken);
        }
        return count;
    }

    private static Hash128 point(String hashKey) throws IOException {
        try {
            return Hash128.parse(hashKey);
        } catch (NumberFormatException wrong) {
            throw new IOException("\"" + hashKey + "\" at " + DeadLetters.HASH_KEY + " is no hash key", wrong);
        }
    }

    private static void write(JsonNode letter, EntryBlock block) throws IOException {
        byte[] data = letter.get(DeadLetters.DATA).binaryValue();
        String key = letter.path(DeadLetters.PARTITION_KEY).asText("");
        boolean aggregate = letter.path(DeadLetters.AGGREGATE).asBoolean();
        String hashKey = letter.path(DeadLetters.HASH_KEY).asText("");
        if (key.isEmpty()) {
            SpooledRecord.beginLateBound(block, aggregate);
        } else if (!hashKey.isEmpty()) {
            Hash128 point = point(hashKey);
            byte[] keyUtf8 = key.getBytes(StandardCharsets.UTF_8);
            SpooledRecord.beginPinned(block, keyUtf8, 0, keyUtf8.length, point.high(), point.low(), false);
        } else {
            SpooledRecord.begin(block, key, aggregate);
        }
        block.put(data, 0, data.length);
        block.end();
    }
}
