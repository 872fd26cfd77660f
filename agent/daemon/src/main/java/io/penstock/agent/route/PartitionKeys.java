package io.penstock.agent.route;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.SpooledRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes partition keys in a buffer of its own. A key of more than {@value SpooledRecord#MAX_KEY_CHARACTERS} characters
 * becomes its MD5 in hexadecimal, so that equal keys stay equal.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class PartitionKeys {
    /** What came of making a key. */
    public enum Outcome {
        /** {@link #array} holds it. */
        KEY,
        /** {@link #array} holds the MD5 of one that was too long. */
        HASHED,
        /** The template leaves the shard to the sender. */
        RANDOM,
        /** So does an event that lacks what the template asks for. */
        MISSING
    }

    private static final int LONGEST = 1 << 20;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final GrowingBytes key = new GrowingBytes(256, LONGEST);
    private final MessageDigest md5;

    public PartitionKeys() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Makes the key that {@code template} gives {@code event}. */
    public Outcome make(KeyTemplate template, KeyFields event) {
        if (template.random()) {
            return Outcome.RANDOM;
        }
        key.clear();
        return template.append(event, key) ? limit() : Outcome.MISSING;
    }

    /** Takes a key that came with the event; an empty one is as good as none. */
    public Outcome given(String text) {
        key.clear();
        key.utf8(text);
        return text.isEmpty() ? Outcome.RANDOM : limit();
    }

    /** The key's UTF-8 bytes, from index 0 to {@link #length}; valid until the next is made. */
    public byte[] array() {
        return key.array();
    }

    public int length() {
        return key.length();
    }

    private Outcome limit() {
        if (key.overflowed()) {
            return Outcome.MISSING;
        }
        if (key.length() <= SpooledRecord.MAX_KEY_CHARACTERS || characters() <= SpooledRecord.MAX_KEY_CHARACTERS) {
            return Outcome.KEY;
        }
        md5.update(key.array(), 0, key.length());
        byte[] hash = md5.digest();
        key.clear();
        for (byte b : hash) {
            key.put(HEX[b >> 4 & 0xF]);
            key.put(HEX[b & 0xF]);
        }
        return Outcome.HASHED;
    }

    private int characters() {
        int characters = 0;
        for (int i = 0; i < key.length(); i++) {
            if ((key.array()[i] & 0xC0) != 0x80) {
                characters++;
            }
        }
        return characters;
    }
}
