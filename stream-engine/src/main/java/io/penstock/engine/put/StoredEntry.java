package io.penstock.engine.put;

import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import java.nio.charset.StandardCharsets;

/**
 * The entry of a stored record in the answer to a PutRecords call. It is encoded once per call; for each record only
 * the digits are replaced. Confined to one call.
 */
public final class StoredEntry {
    private final byte[] encoded;
    private final int numberAt;
    private final int shardTo;

    /** @param created the stream's creation, for sequence numbers */
    public StoredEntry(Codec codec, long created) {
        byte[] number = new byte[SequenceNumber.LENGTH];
        SequenceNumber.write(created, 0, 0, number);
        byte[] shard = Shard.id(0).getBytes(StandardCharsets.US_ASCII);
        encoded = Answer.begin(codec)
                .ascii("SequenceNumber", number, 0, number.length)
                .ascii("ShardId", shard, 0, shard.length)
                .end();
        String text = new String(encoded, StandardCharsets.ISO_8859_1);
        numberAt = text.indexOf(new String(number, StandardCharsets.US_ASCII));
        shardTo = text.lastIndexOf(Shard.id(0)) + shard.length;
    }

    /** The entry of a record; valid until the next call of this method. */
    public byte[] at(long offset, int shard) {
        SequenceNumber.writePlace(offset, shard, encoded, numberAt);
        Shard.writeIndex(shard, encoded, shardTo);
        return encoded;
    }
}
