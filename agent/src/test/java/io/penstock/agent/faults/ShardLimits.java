package io.penstock.agent.faults;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Lets a shard take so much in a second, and a second's worth at once, as Amazon's do: multiples of 1 MiB and 1,000
 * records. Knows the shards by the first hash key of each. Any thread.
 */
final class ShardLimits {
    private static final double RECORDS = 1_000;
    private static final double BYTES = 1 << 20;

    private final Map<String, NavigableMap<BigInteger, Bucket>> streams = new HashMap<>();

    private static final class Bucket {
        private double tokens;
        private long filledAt;
        private boolean used;

        boolean take(double cost, double limit, long now) {
            tokens = used ? Math.min(limit, tokens + limit * (now - filledAt) / 1e9) : limit;
            used = true;
            filledAt = now;
            boolean enough = tokens >= cost;
            tokens -= enough ? cost : 0;
            return enough;
        }
    }

    synchronized boolean knows(String stream) {
        return streams.containsKey(stream);
    }

    /** @param firstHashKeys of the stream's open shards */
    synchronized void shards(String stream, Iterable<BigInteger> firstHashKeys) {
        NavigableMap<BigInteger, Bucket> old = streams.getOrDefault(stream, new TreeMap<>());
        NavigableMap<BigInteger, Bucket> fresh = new TreeMap<>();
        firstHashKeys.forEach(first -> fresh.put(first, old.getOrDefault(first, new Bucket())));
        streams.put(stream, fresh);
    }

    /** Whether the record's shard takes it now; then it is charged. */
    synchronized boolean takes(String stream, String key, String hashKey, int dataBytes, double limit, long now) {
        NavigableMap<BigInteger, Bucket> shards = streams.get(stream);
        if (shards == null || shards.isEmpty()) {
            return true;
        }
        BigInteger point = hashKey.isEmpty() ? md5(key) : new BigInteger(hashKey);
        int bytes = dataBytes + key.getBytes(StandardCharsets.UTF_8).length;
        double cost = Math.max(1 / RECORDS, bytes / BYTES);
        return shards.floorEntry(point).getValue().take(cost, limit, now);
    }

    private static BigInteger md5(String key) {
        try {
            return new BigInteger(1, MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
