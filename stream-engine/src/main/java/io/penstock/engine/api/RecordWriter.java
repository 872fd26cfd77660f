package io.penstock.engine.api;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.ShardReader;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import java.nio.ByteBuffer;

/** Writes records into an answer without an object for each, as long as memory is available. Confined to one answer. */
final class RecordWriter {
    private static final int FIRST_BYTES = 1 << 12;
    /** Bytes of a record's members besides its data and key. */
    private static final int RECORD_FRAME = 300;

    private final Answer answer;
    private final StreamMeta meta;
    private final AgeClock clock;
    private final AnswerHold hold;
    private final byte[] number = new byte[SequenceNumber.LENGTH];
    private byte[] buffer = new byte[FIRST_BYTES];
    private long bytes;
    private int records;
    private boolean cutShort;

    RecordWriter(Answer answer, StreamMeta meta, AgeClock clock, AnswerHold hold) {
        this.answer = answer;
        this.meta = meta;
        this.clock = clock;
        this.hold = hold;
    }

    ShardReader.Sink of(Shard shard) {
        return (offset, arrival, entry, keyLength) -> write(shard, offset, arrival, entry, keyLength);
    }

    /** Bytes of keys and data written so far. */
    long bytes() {
        return bytes;
    }

    /** True if there was a further record but no memory for it. */
    boolean cutShort() {
        return cutShort;
    }

    private boolean write(Shard shard, long offset, long arrival, ByteBuffer entry, int keyLength) {
        int length = entry.remaining();
        if (!hold.grow(cost(bytes + length, records + 1), records == 0)) {
            cutShort = true;
            return false;
        }
        bytes += length;
        records++;
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        entry.get(buffer, 0, length);
        SequenceNumber.write(meta.createdAt(), offset, shard.index(), number);
        answer.record(
                number,
                clock.dateOf(arrival),
                buffer,
                keyLength,
                length,
                !meta.options().encryptionKey().isEmpty());
        return true;
    }

    /**
     * Twice the size of records in Base64, because a piece stays half empty when the next record does not fit into it.
     */
    private static long cost(long bytes, int records) {
        return 2 * (bytes * 4 / 3 + (long) records * RECORD_FRAME);
    }
}
