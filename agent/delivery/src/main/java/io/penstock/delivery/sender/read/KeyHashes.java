package io.penstock.delivery.sender.read;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.put.Md5Lanes;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hashes partition keys, many at once when many were read at once. No hash is cached: a cache costs more than it saves.
 * Takes 13 KiB from the first long read on.
 */
@OwnedBy(ThreadRole.SENDER)
public final class KeyHashes {
    private static final int LANES = 128;

    private final MessageDigest md5 = Hash128.md5();
    private @Nullable Md5Lanes lanes;

    /** Hashes the key of each record that has one. */
    public void hash(List<SendRecord> records) {
        SendRecord[] together = new SendRecord[Math.min(LANES, records.size())];
        int count = 0;
        for (SendRecord record : records) {
            Hash128 pin = record.pin();
            if (pin != null) {
                pinned(record, pin);
            } else if (!record.lateBound()) {
                together[count++] = record;
                if (count == LANES) {
                    hash(together, count);
                    count = 0;
                }
            }
        }
        hash(together, count);
    }

    /** A key in another shard is another key. */
    private void pinned(SendRecord record, Hash128 pin) {
        byte[] point = new byte[2 * Long.BYTES];
        pin.put(point, 0);
        md5.update(record.keyAndData(), 0, record.keyBytes());
        Hash128 both = Hash128.of(md5.digest(point));
        record.hashed(both.high(), both.low());
    }

    private void hash(SendRecord[] records, int count) {
        if (count >= Md5Lanes.WORTH_IT) {
            hashTogether(records, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            md5.update(records[i].keyAndData(), 0, records[i].keyBytes());
            Hash128 point = Hash128.of(md5.digest());
            records[i].hashed(point.high(), point.low());
        }
    }

    private void hashTogether(SendRecord[] records, int count) {
        byte[][] keys = new byte[count][];
        int[] from = new int[count];
        int[] to = new int[count];
        for (int i = 0; i < count; i++) {
            keys[i] = records[i].keyAndData();
            to[i] = records[i].keyBytes();
        }
        Md5Lanes ready = lanes;
        if (ready == null) {
            ready = new Md5Lanes(LANES);
            lanes = ready;
        }
        ready.hash(keys, from, to, count, (lane, high, low) -> records[lane].hashed(high, low));
    }
}
