package io.penstock.delivery.kinesis.put;

/** One record of a call. */
public interface PutEntry {
    /** UTF-8. */
    byte[] partitionKey();

    /** Decimal; empty for none. */
    String explicitHashKey();

    byte[] data();

    /** Bytes of {@link #partitionKey()}. */
    default int keyBytes() {
        return partitionKey().length;
    }

    /** Bytes of {@link #data()}. */
    default int dataBytes() {
        return data().length;
    }

    /** Puts {@link #partitionKey()} into {@code target} at {@code at}. */
    default void copyKey(byte[] target, int at) {
        System.arraycopy(partitionKey(), 0, target, at, keyBytes());
    }

    /**
     * Where in {@link #data()} the bytes begin whose MD5 is its last 16 bytes, and which {@link #copyData} leaves to be
     * filled in, so that several are hashed at once; negative for none.
     */
    default int digestFrom() {
        return -1;
    }

    /** Puts {@link #data()} into {@code target} at {@code at}; see {@link #digestFrom()}. */
    default void copyData(byte[] target, int at) {
        System.arraycopy(data(), 0, target, at, dataBytes());
    }
}
