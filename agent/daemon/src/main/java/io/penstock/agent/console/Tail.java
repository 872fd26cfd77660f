package io.penstock.agent.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.agent.console.payload.Payload;
import io.penstock.agent.console.payload.PayloadReader;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.RecordFormat;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Follows a stream. A turn reads at most {@value #MOST_BYTES} bytes and shows at most {@value #MOST_RECORDS} records;
 * what is too much for it is left out, and the event says so.
 */
@OwnedBy(ThreadRole.HOLDER)
final class Tail {
    static final int ALL = -1;
    static final int MOST_RECENT = 1_000;
    static final int MOST_RECORDS = 25;
    private static final int MOST_BYTES = 1 << 20;
    /** Characters of one event. */
    private static final int MOST_TEXT = 128 << 10;
    /** Offsets behind the end from which on the oldest are left out. */
    private static final long MOST_BEHIND = 500;

    private static final int MOST_KEY = 256;
    private static final long NOT = -1;

    private final LiveStream stream;
    private final AgeClock clock;
    private final int shard;
    private long next;

    /**
     * @param shard its index, or {@link #ALL}
     * @param recent how many of the latest records, about, are shown first
     */
    Tail(LiveStream stream, AgeClock clock, int shard, int recent) {
        this.stream = stream;
        this.clock = clock;
        this.shard = shard;
        this.next = Math.max(stream.horizon(), stream.log().durableEnd() - recent);
    }

    /** True if the stream was deleted. */
    boolean isOver() {
        return stream.isGone();
    }

    /** The next event; empty if nothing came. Reads the disk. */
    Optional<byte[]> next() throws IOException {
        long end = stream.log().durableEnd();
        if (next >= end) {
            return Optional.empty();
        }
        long left = 0;
        if (end - next > MOST_BEHIND) {
            left = end - MOST_RECORDS - next;
            next = end - MOST_RECORDS;
        }
        ObjectNode event = ConsoleChanges.object();
        ArrayNode records = event.putArray("records");
        int[] room = {MOST_TEXT};
        long[] stopped = {NOT};
        long read = stream.log().readAll(Math.max(next, stream.horizon()), MOST_BYTES, (offset, of, stamp, entry) -> {
            if (records.size() == MOST_RECORDS || room[0] <= 0) {
                stopped[0] = offset;
                return false;
            }
            if (shard == ALL || shard == of) {
                room[0] -= record(offset, of, stamp, entry, records.addObject());
            }
            return true;
        });
        next = stopped[0] == NOT ? Math.max(next, read) : stopped[0];
        event.put("left_out", shard == ALL ? left : 0);
        event.put("skipped", left > 0);
        return records.isEmpty() && left == 0 ? Optional.empty() : Optional.of(Answers.bytes(event));
    }

    /** Adds a record, and returns how many characters it takes, about. */
    private int record(long offset, int of, long stamp, ByteBuffer entry, ObjectNode node) {
        int keyLength = RecordFormat.openKey(entry);
        byte[] key = new byte[keyLength];
        entry.get(key);
        byte[] data = new byte[entry.remaining()];
        entry.get(data);
        node.put("shard", of);
        node.put("shard_id", Shard.id(of));
        node.put("sequence_number", new SequenceNumber(stream.meta().createdAt(), offset, of).toString());
        node.put("at", clock.dateOf(stamp));
        String shownKey = new String(key, StandardCharsets.UTF_8);
        node.put("key", shownKey.length() > MOST_KEY ? shownKey.substring(0, MOST_KEY) + "…" : shownKey);
        node.put("bytes", data.length);
        Payload payload = PayloadReader.read(data);
        node.put("form", payload.form());
        node.put("user_records", payload.all());
        ArrayNode parts = node.putArray("parts");
        int characters = 200;
        for (Payload.Part part : payload.parts()) {
            parts.addObject()
                    .put("key", part.key())
                    .put("kind", part.kind())
                    .put("text", part.text())
                    .put("bytes", part.bytes())
                    .put("cut", part.cut());
            characters += part.text().length() + 100;
        }
        return characters;
    }
}
