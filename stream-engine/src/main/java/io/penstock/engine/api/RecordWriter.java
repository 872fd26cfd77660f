package io.penstock.engine.api;

import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.ShardReader;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import java.nio.ByteBuffer;

/** Writes records into an answer, without an object for each. Confined to one answer. */
final class RecordWriter {
    private static final int FIRST_BYTES = 1 << 12;

    private final Answer answer;
    private final StreamMeta meta;
    private final byte[] number = new byte[SequenceNumber.LENGTH];
    private byte[] buffer = new byte[FIRST_BYTES];
    private long bytes;

    RecordWriter(Answer answer, StreamMeta meta) {
        this.answer = answer;
        this.meta = meta;
    }

    ShardReader.Sink of(Shard shard) {
        return (offset, arrival, entry, keyLength) -> write(shard, offset, arrival, entry, keyLength);
    }

    /** Bytes of keys and data written so far. */
    long bytes() {
        return bytes;
    }

    private void write(Shard shard, long offset, long arrival, ByteBuffer entry, int keyLength) {
        int length = entry.remaining();
        bytes += length;
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        entry.get(buffer, 0, length);
        SequenceNumber.write(meta.createdAt(), offset, shard.index(), number);
        answer.record(
                number,
                arrival,
                buffer,
                keyLength,
                length,
                !meta.options().encryptionKey().isEmpty());
    }
}
