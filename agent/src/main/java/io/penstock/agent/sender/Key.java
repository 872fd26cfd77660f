package io.penstock.agent.sender;

import io.penstock.agent.target.Hash128;
import java.util.Arrays;

/** A partition key and where it hashes to. Equal by its bytes; shared through {@link KeyCache}, immutable from there. */
final class Key {
    /** Stands for no key: the sender chooses one. */
    static final Key LATE_BOUND = new Key(new byte[0], Hash128.MIN);

    private final byte[] bytes;
    private final int hash;
    private final Hash128 point;

    private Key(byte[] bytes, Hash128 point) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
        this.point = point;
    }

    static Key of(byte[] bytes) {
        return new Key(bytes, Hash128.ofKey(bytes));
    }

    boolean lateBound() {
        return bytes.length == 0;
    }

    byte[] bytes() {
        return bytes;
    }

    Hash128 point() {
        return point;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && key.hash == hash && Arrays.equals(key.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
