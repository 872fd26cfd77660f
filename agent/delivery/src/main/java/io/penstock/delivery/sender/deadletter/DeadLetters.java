package io.penstock.delivery.sender.deadletter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.base.files.OwnerOnly;
import io.penstock.base.text.CauseText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.sender.schedule.SendRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DurableFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of one stream: {@code <target>~<stream>.ndjson}, one record per line, on disk before the record is
 * settled. The refused records of one answer are written together and forced once.
 *
 * <p>Each line has {@code letter} (its number in the file), {@code time}, {@code stream}, {@code reason},
 * {@code attempts}, {@code partition_key} (missing if the sender was to choose it), {@code explicit_hash_key} (if one
 * was given), {@code aggregate} (if it may share a Kinesis record) and {@code data_base64}. Bounded: a full file takes
 * no more letters until it is replayed or moved away; until then its stream is parked.
 */
@OwnedBy(ThreadRole.SENDER)
public final class DeadLetters {
    public static final String SUFFIX = ".ndjson";

    /** Behind {@link #SUFFIX}: letters that are being replayed, or whose replay was interrupted. */
    public static final String TAKEN = ".taken";

    public static final String PARTITION_KEY = "partition_key";
    public static final String HASH_KEY = "explicit_hash_key";
    public static final String AGGREGATE = "aggregate";
    public static final String DATA = "data_base64";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int PIECE = 1 << 20;

    private final Path folder;
    private final Path file;
    private final StreamId stream;
    private final InstantSource clock;
    private final long maxBytes;
    private boolean folderForced;
    private volatile long letters;
    private volatile long taken;

    /**
     * A record that was refused for good.
     *
     * @param reason one line of bounded length
     */
    public record Letter(SendRecord record, String reason) {}

    public DeadLetters(Path folder, StreamId stream, InstantSource clock, long maxBytes) {
        this.folder = folder;
        this.file = folder.resolve(stream.folder() + SUFFIX);
        this.stream = stream;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.letters = count(file);
        this.taken = count(taken(file));
    }

    private static long count(Path file) {
        if (!Files.exists(file)) {
            return 0;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return LetterFile.count(channel, LetterFile.mend(channel, file));
        } catch (IOException unreadable) {
            LOG.warn("The dead letters in {} cannot be counted: {}", file, CauseText.orUnknown(unreadable));
            return 0;
        }
    }

    /** Where a data folder has its dead letters. */
    public static Path folder(Path data) {
        return data.resolve("dead-letters");
    }

    private FileChannel open() throws IOException {
        return OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    public Path file() {
        return file;
    }

    /** The number of letters, with those of a replay that did not finish, as of the last change. Any thread. */
    public long letters() {
        return letters + taken;
    }

    /**
     * Writes the letters, durable on return.
     *
     * @throws IOException naming the file, if none of them was written
     */
    public synchronized void add(List<Letter> refused) throws IOException {
        if (refused.isEmpty()) {
            return;
        }
        if (!folderForced || !Files.isDirectory(folder)) {
            DurableFolder.create(folder);
        }
        try (FileChannel channel = open()) {
            long end = LetterFile.mend(channel, file);
            folderForced &= end > 0;
            long before = end == 0 ? 0 : letters;
            append(channel, end, before, refused);
            letters = before + refused.size();
        }
        if (!folderForced) {
            DurableFolder.force(folder);
            folderForced = true;
        }
    }

    /**
     * Takes the letters away from the sender, whose later ones begin another file. What an earlier replay has taken and
     * not finished comes first. Any thread.
     *
     * @return the file with the letters, until {@link #finish}; empty if there are none
     */
    public synchronized Optional<Path> takeAway() throws IOException {
        Path away = taken(file);
        if (!Files.exists(away)) {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            LetterFile.mend(file);
            Files.move(file, away, StandardCopyOption.ATOMIC_MOVE);
            DurableFolder.force(folder);
            folderForced = true;
            taken = letters;
            letters = 0;
        }
        return Optional.of(away);
    }

    /** True if letters of an earlier replay, which did not finish, are still taken. Any thread. */
    public boolean areTaken() {
        return Files.exists(taken(file));
    }

    /** Deletes what was taken away: it is in the spool, or unwanted. Any thread. */
    public synchronized void finish() throws IOException {
        Files.deleteIfExists(taken(file));
        taken = 0;
    }

    /** Where the letters of {@code file} are while they are replayed. */
    public static Path taken(Path file) {
        return file.resolveSibling(file.getFileName() + TAKEN);
    }

    /** A failed write is undone, so that no later line starts in the middle of this one. */
    private void append(FileChannel channel, long end, long before, List<Letter> refused) throws IOException {
        try {
            ByteArrayOutputStream piece = new ByteArrayOutputStream();
            long at = end;
            long number = before;
            for (Letter letter : refused) {
                write(letter, ++number, piece);
                if (at + piece.size() > maxBytes) {
                    throw new IOException("the dead-letter file " + file + " is full (" + maxBytes
                            + " bytes): replay it or move it away");
                }
                if (piece.size() >= PIECE) {
                    at = flush(piece, channel, at);
                }
            }
            flush(piece, channel, at);
            channel.force(true);
        } catch (IOException failed) {
            try {
                channel.truncate(end);
            } catch (IOException stuck) {
                failed.addSuppressed(stuck);
            }
            throw failed;
        }
    }

    private static long flush(ByteArrayOutputStream piece, FileChannel channel, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(piece.toByteArray());
        long next = at;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
        piece.reset();
        return next;
    }

    private void write(Letter letter, long number, ByteArrayOutputStream out) throws IOException {
        SendRecord record = letter.record();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField(LetterFile.NUMBER, number);
            json.writeStringField("time", clock.instant().toString());
            json.writeStringField("stream", stream.stream());
            json.writeStringField("reason", letter.reason());
            json.writeNumberField("attempts", record.attempts());
            if (!record.lateBound()) {
                json.writeStringField(PARTITION_KEY, new String(record.partitionKey(), StandardCharsets.UTF_8));
            }
            if (record.pin() != null) {
                json.writeStringField(HASH_KEY, record.explicitHashKey());
            }
            if (record.aggregates()) {
                json.writeBooleanField(AGGREGATE, true);
            }
            json.writeBinaryField(DATA, record.data());
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }
}
