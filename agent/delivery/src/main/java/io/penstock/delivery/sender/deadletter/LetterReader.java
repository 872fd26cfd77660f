package io.penstock.delivery.sender.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.journal.EntryBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads dead letters back from their file. Blocks on the disk; holds one letter in memory. */
public final class LetterReader {
    private static final ObjectReader JSON = new ObjectMapper().readerFor(JsonNode.class);

    private LetterReader() {}

    /** Takes letters, in their order. */
    @FunctionalInterface
    public interface Letters {
        void letter(JsonNode letter) throws IOException;
    }

    /**
     * Reads every letter of the file; lines that a power cut has torn are passed over.
     *
     * @return how many there are
     * @throws IOException naming the letter that cannot be read
     */
    public static long forEach(Path file, Letters visitor) throws IOException {
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

    /** Writes the letter's record as it was in its spool. */
    public static void write(JsonNode letter, EntryBlock block) throws IOException {
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
