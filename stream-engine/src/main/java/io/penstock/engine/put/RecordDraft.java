package io.penstock.engine.put;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.stream.HashKey;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One record of a body while its members are read: the positions of key and data in the batch. Reused for each record.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class RecordDraft {
    private static final int MD5_BYTES = 16;
    private static final int NOWHERE = -1;
    private static final int MOST_DIGITS = 39;

    private final MessageDigest md5;
    private final ByteBuffer digest = ByteBuffer.allocate(MD5_BYTES);

    /** A record without a key has one of no bytes. */
    private int keyAt;

    private int keyLength;
    private int dataAt;
    private int dataLength;
    private @Nullable HashKey explicit;

    RecordDraft() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    void begin() {
        keyAt = 0;
        keyLength = 0;
        dataAt = NOWHERE;
        explicit = null;
    }

    /** The key is in the batch from {@code from} to the batch's end. */
    void key(int from, PutBatch batch) {
        keyAt = from;
        keyLength = batch.position() - from;
    }

    /** The key is in the batch at {@code from}. */
    void key(int from, int length) {
        keyAt = from;
        keyLength = length;
    }

    /** The data is in the batch from {@code from} to the batch's end. */
    void data(int from, PutBatch batch) {
        dataAt = from;
        dataLength = batch.position() - from;
    }

    /** The data is in the batch at {@code from}. */
    void data(int from, int length) {
        dataAt = from;
        dataLength = length;
    }

    /** Returns true if the text is a decimal number; the batch notes one that is too large. */
    boolean explicitHashKey(String text, PutBatch batch) {
        if (text.isEmpty() || text.length() > MOST_DIGITS || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        Optional<HashKey> key = HashKey.parse(text);
        if (key.isPresent()) {
            explicit = key.get();
            return true;
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            batch.impossibleHashKey = text;
            return true;
        }
        return false;
    }

    /** Adds the record to the batch. Returns false if it has no data. */
    boolean end(PutBatch batch) {
        if (dataAt == NOWHERE) {
            return false;
        }
        HashKey given = explicit;
        if (given != null) {
            batch.add(keyAt, keyLength, dataAt, dataLength, given.high(), given.low(), true);
            return true;
        }
        md5.update(batch.bytes(), keyAt, keyLength);
        try {
            md5.digest(digest.array(), 0, MD5_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("an MD5 has 16 bytes", e);
        }
        batch.add(keyAt, keyLength, dataAt, dataLength, digest.getLong(0), digest.getLong(Long.BYTES), false);
        return true;
    }
}
