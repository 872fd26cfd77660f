package io.penstock.agent.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.base.files.OwnerOnly;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.journal.DurableFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The file {@code dead-letters/entries.ndjson}: one line for each entry, with {@code time}, {@code source},
 * {@code stream}, {@code tag}, {@code reason} and {@code entry_base64}. What waits is written together and forced once.
 *
 * <p>Thread-safe; one thread of its own writes, which starts with the first entry. Bounded: {@value #MOST_WAITING}
 * bytes of entries wait, or one; the file has {@value #MOST_BYTES} bytes. While the file is full or the disk fails, the
 * entries that wait stay, are tried again every few seconds, and further ones find no room.
 */
public final class DeadEntryFile implements DeadEntries, AutoCloseable {
    /** Its name in the folder of the dead letters. */
    public static final String NAME = "entries.ndjson";

    private static final int MOST_WAITING = 16 << 20;
    private static final long MOST_BYTES = 1L << 30;
    private static final int BUFFER = 64 << 10;
    private static final int SCAN = 8 << 10;
    private static final long RETRY_SECONDS = 5;
    private static final JsonFactory JSON = new JsonFactory();

    private final Path folder;
    private final Path file;
    private final InstantSource clock;
    private final long mostBytes;
    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(DeadEntryFile.class));
    private final ScheduledThreadPoolExecutor writer =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("penstock-dead-entries", true));
    private final MutableWatermark stored = new MutableWatermark();
    private final MutableRoom room = new MutableRoom();

    // Guarded by the lock.
    // Guarded by the lock.
    private final Object lock = new Object();
    private List<DeadEntry> waiting = new ArrayList<>();
    private long waitingBytes;
    private long offsets;
    private boolean scheduled;
    private boolean closed;
    private @Nullable Future<?> retry;

    /** @param folder of the dead letters; made with the first entry */
    public DeadEntryFile(Path folder, InstantSource clock) {
        this(folder, clock, MOST_BYTES);
    }

    DeadEntryFile(Path folder, InstantSource clock, long mostBytes) {
        this.folder = folder;
        this.file = folder.resolve(NAME);
        this.clock = clock;
        this.mostBytes = mostBytes;
    }

    @Override
    public long put(DeadEntry entry) {
        synchronized (lock) {
            if (closed || (waitingBytes > 0 && waitingBytes + size(entry) > MOST_WAITING)) {
                return FULL;
            }
            waiting.add(entry);
            waitingBytes += size(entry);
            if (!scheduled) {
                scheduled = true;
                writer.execute(this::write);
            }
            return offsets++;
        }
    }

    @Override
    public Watermark stored() {
        return stored;
    }

    @Override
    public Room whenRoom() {
        return room;
    }

    private void write() {
        for (List<DeadEntry> group = take(); !group.isEmpty(); group = take()) {
            try {
                append(group);
            } catch (IOException | RuntimeException failed) {
                log.error(
                        "write",
                        "Entries that cannot be stored cannot be put aside either; their senders wait. Tried again every "
                                + RETRY_SECONDS + " s: " + CauseText.orUnknown(failed));
                putBack(group);
                return;
            }
            synchronized (lock) {
                for (DeadEntry entry : group) {
                    waitingBytes -= size(entry);
                }
            }
            room.tell();
            stored.raise(stored.end() + group.size());
        }
    }

    private List<DeadEntry> take() {
        synchronized (lock) {
            List<DeadEntry> group = waiting;
            waiting = new ArrayList<>();
            scheduled = !group.isEmpty();
            return group;
        }
    }

    private void putBack(List<DeadEntry> group) {
        synchronized (lock) {
            group.addAll(waiting);
            waiting = group;
            if (!closed) {
                retry = writer.schedule(this::write, RETRY_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** An entry without bytes takes a place, too. */
    private static long size(DeadEntry entry) {
        return entry.bytes().length + 1L;
    }

    private void append(List<DeadEntry> group) throws IOException {
        boolean first = !Files.exists(file);
        if (first) {
            DurableFolder.create(folder);
        }
        try (FileChannel channel =
                OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = endOfLastLine(channel);
            channel.truncate(end);
            channel.position(end);
            if (end >= mostBytes) {
                throw new IOException(file + " is full (" + mostBytes + " bytes): move it away");
            }
            try {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
                for (DeadEntry entry : group) {
                    line(entry, out);
                }
                out.flush();
                channel.force(true);
            } catch (IOException failed) {
                channel.truncate(end);
                throw failed;
            }
        }
        if (first) {
            DurableFolder.force(folder);
        }
    }

    /** What a crash left of a line was never acknowledged. */
    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(SCAN);
        for (long to = channel.size(); to > 0; to -= Math.min(to, SCAN)) {
            long from = Math.max(0, to - SCAN);
            piece.clear().limit((int) (to - from));
            while (piece.hasRemaining() && channel.read(piece, from + piece.position()) >= 0) {
                // Reads on.
            }
            for (int i = piece.position() - 1; i >= 0; i--) {
                if (piece.get(i) == '\n') {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }

    private void line(DeadEntry entry, OutputStream out) throws IOException {
        JsonGenerator json = JSON.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        try (json) {
            json.writeStartObject();
            json.writeStringField("time", clock.instant().toString());
            json.writeStringField("source", entry.source());
            json.writeStringField("stream", entry.stream().toString());
            json.writeStringField("tag", entry.tag());
            json.writeStringField("reason", entry.reason());
            json.writeBinaryField("entry_base64", entry.bytes());
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    /** Writes what waits, if the disk lets it; no source may put anything more. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (retry != null) {
                retry.cancel(false);
            }
        }
        writer.execute(this::write);
        writer.shutdown();
        try {
            if (!writer.awaitTermination(RETRY_SECONDS, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            writer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
