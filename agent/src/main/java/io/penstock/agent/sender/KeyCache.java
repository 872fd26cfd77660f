package io.penstock.agent.sender;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;

/** The keys seen lately with their hashes, so that MD5 runs once per key. Any thread; bounded. */
final class KeyCache {
    private static final int MAX_KEYS = 100_000;

    private final Cache<Lookup, Key> keys =
            Caffeine.newBuilder().maximumSize(MAX_KEYS).executor(Runnable::run).build();

    Key key(byte[] bytes) {
        if (bytes.length == 0) {
            return Key.LATE_BOUND;
        }
        return keys.get(new Lookup(bytes), missing -> Key.of(missing.bytes));
    }

    /** Compares as {@link Key}, without its MD5. */
    private static final class Lookup {
        private final byte[] bytes;
        private final int hash;

        Lookup(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Lookup lookup && lookup.hash == hash && Arrays.equals(lookup.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
