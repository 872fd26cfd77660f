package io.penstock.agent.sender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.agent.spool.StreamId;
import io.penstock.log.DurableFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of one stream: {@code <target>~<stream>.ndjson}, one record a line, on disk before the record
 * counts as done.
 *
 * <p>Each line has {@code time}, {@code stream}, {@code reason}, {@code attempts}, {@code partition_key} (missing when
 * the sender was to choose it), {@code aggregate} (where it may share a Kinesis record) and {@code data_base64}. Owned by the sender's thread; bounded: a file that is full
 * takes no more until somebody has dealt with it, and its stream waits.
 */
final class DeadLetters {
    static final String SUFFIX = ".ndjson";
    static final String PARTITION_KEY = "partition_key";
    static final String AGGREGATE = "aggregate";
    static final String DATA = "data_base64";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Path folder;
    private final Path file;
    private final StreamId stream;
    private final InstantSource clock;
    private final long maxBytes;
    private volatile long letters;

    DeadLetters(Path folder, StreamId stream, InstantSource clock, long maxBytes) {
        this.folder = folder;
        this.file = folder.resolve(stream.folder() + SUFFIX);
        this.stream = stream;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.letters = count(file);
    }

    private static long count(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = new byte[64 << 10];
            long lines = 0;
            for (int read = in.read(piece); read > 0; read = in.read(piece)) {
                for (int i = 0; i < read; i++) {
                    lines += piece[i] == '\n' ? 1 : 0;
                }
            }
            return lines;
        } catch (NoSuchFileException none) {
            return 0;
        } catch (IOException unreadable) {
            LOG.warn("The dead letters in {} cannot be counted: {}", file, unreadable.toString());
            return 0;
        }
    }

    Path file() {
        return file;
    }

    /** How many are in the file, as far as one could see when the last was added. Any thread. */
    long letters() {
        return letters;
    }

    /** Writes one record; it is on disk when this returns. */
    void add(SendRecord record, String reason) throws IOException {
        byte[] line = line(record, reason);
        boolean first = !Files.exists(file);
        if (first) {
            DurableFolder.create(folder);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long end = channel.size();
            if (end + line.length > maxBytes) {
                throw new IOException(
                        "the dead-letter file " + file + " is full (" + maxBytes + " bytes): replay or move it away");
            }
            append(channel, end, ByteBuffer.wrap(line));
            letters = end == 0 ? 1 : letters + 1;
        }
        if (first) {
            DurableFolder.force(folder);
        }
    }

    /** A failed write is taken back, so that no later line starts in the middle of this one. */
    private static void append(FileChannel channel, long end, ByteBuffer line) throws IOException {
        try {
            long at = end;
            while (line.hasRemaining()) {
                at += channel.write(line, at);
            }
            channel.force(true);
        } catch (IOException failed) {
            channel.truncate(end);
            throw failed;
        }
    }

    private byte[] line(SendRecord record, String reason) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", clock.instant().toString());
            json.writeStringField("stream", stream.stream());
            json.writeStringField("reason", reason);
            json.writeNumberField("attempts", record.attempts());
            if (!record.lateBound()) {
                json.writeStringField(PARTITION_KEY, new String(record.partitionKey(), StandardCharsets.UTF_8));
            }
            if (record.aggregates()) {
                json.writeBooleanField(AGGREGATE, true);
            }
            json.writeBinaryField(DATA, record.data());
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return line.toByteArray();
    }
}
