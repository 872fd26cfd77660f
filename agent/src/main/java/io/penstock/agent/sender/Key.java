package io.penstock.agent.sender;

import io.penstock.agent.target.Hash128;
import java.security.MessageDigest;

/**
 * A partition key and where it hashes to; immutable. Equal by the hash: two keys that shared one would merely keep
 * their order among each other too. Its MD5 is computed for every record: a cache that remembered it took almost half of
 * the sender's thread in a profile of {@code SenderBenchmark}, the MD5 takes a twelfth.
 */
final class Key {
    /** Stands for no key: the sender chooses one. */
    static final Key LATE_BOUND = new Key(new byte[0], Hash128.MIN);

    private final byte[] bytes;
    private final long high;
    private final long low;

    private Key(byte[] bytes, Hash128 point) {
        this.bytes = bytes;
        this.high = point.high();
        this.low = point.low();
    }

    static Key of(byte[] bytes) {
        return of(bytes, Hash128.md5());
    }

    /** @param md5 of the caller's own */
    static Key of(byte[] bytes, MessageDigest md5) {
        return bytes.length == 0 ? LATE_BOUND : new Key(bytes, Hash128.ofKey(bytes, md5));
    }

    boolean lateBound() {
        return bytes.length == 0;
    }

    byte[] bytes() {
        return bytes;
    }

    Hash128 point() {
        return new Hash128(high, low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && key.low == low && key.high == high && key.lateBound() == lateBound();
    }

    @Override
    public int hashCode() {
        return (int) low;
    }
}
