package io.penstock.engine.limit;

import io.penstock.engine.stream.HashKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What was offered to one shard: the records that it took and those that its limits refused. Keeps the hash keys of
 * some of the latest records, {@value #SAMPLES} at most. Thread-safe and lock-free.
 */
final class ShardLoad {
    private static final int SAMPLES = 64;

    private final LongAdder bytes = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger sampled = new AtomicInteger();
    private final AtomicReferenceArray<@Nullable HashKey> keys = new AtomicReferenceArray<>(SAMPLES);

    void offered(long recordBytes, long hashHigh, long hashLow) {
        bytes.add(recordBytes);
        records.increment();
        if (isSampled(seen.getAndIncrement())) {
            keys.set(Math.floorMod(sampled.getAndIncrement(), SAMPLES), new HashKey(hashHigh, hashLow));
        }
    }

    /** One of eight. The multiplication mixes, so that keys which come in turn are all met. */
    private static boolean isSampled(int number) {
        return number < SAMPLES || (number * 0x9E37_79B9) >>> 29 == 0;
    }

    long bytes() {
        return bytes.sum();
    }

    long records() {
        return records.sum();
    }

    List<HashKey> keys() {
        List<HashKey> found = new ArrayList<>(SAMPLES);
        for (int i = 0; i < SAMPLES; i++) {
            HashKey key = keys.get(i);
            if (key != null) {
                found.add(key);
            }
        }
        return found;
    }
}
