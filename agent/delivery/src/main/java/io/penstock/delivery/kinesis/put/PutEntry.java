package io.penstock.delivery.kinesis.put;

/** One record of a call. */
public interface PutEntry {
    /** The partition key in UTF-8. */
    byte[] partitionKey();

    /** The explicit hash key in decimal; empty for none. */
    String explicitHashKey();

    byte[] data();

    /** True if the answer's sequence number is of use; else {@link PutOutcome.Stored} has none. */
    default boolean wantsNumber() {
        return false;
    }

    /** Size of {@link #partitionKey()} in bytes. */
    default int keyBytes() {
        return partitionKey().length;
    }

    /** Size of {@link #data()} in bytes. */
    default int dataBytes() {
        return data().length;
    }

    /** Copies {@link #partitionKey()} to {@code target} at {@code at}. */
    default void copyKey(byte[] target, int at) {
        System.arraycopy(partitionKey(), 0, target, at, keyBytes());
    }

    /**
     * If {@link #data()} ends with the MD5 of a part of itself: the index of that part. {@link #copyData} leaves the
     * MD5 to be filled in, so that several are hashed at once. Negative if the data has no MD5.
     */
    default int digestFrom() {
        return -1;
    }

    /** Copies {@link #data()} to {@code target} at {@code at}; see {@link #digestFrom()}. */
    default void copyData(byte[] target, int at) {
        System.arraycopy(data(), 0, target, at, dataBytes());
    }
}
