package io.penstock.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The content of a shard iterator. The engine keeps no state for it, so it survives a restart. Signed with its stream's
 * secret, so that a forged one is refused.
 *
 * <pre>
 * version 1 | stream id 24, padded | shard 4 | offset 8 | issued 8 | HMAC-SHA256, first 16 bytes    in Base64
 * </pre>
 *
 * @param streamId the stream's unique id; a later stream of the same name has another one
 * @param shard the shard's index
 * @param offset the offset to read from
 * @param issued when it was issued, by the age clock
 */
public record IteratorToken(String streamId, int shard, long offset, long issued) {
    private static final byte VERSION = 1;
    private static final int ID_BYTES = 24;
    private static final int SIGNED_BYTES = 1 + ID_BYTES + Integer.BYTES + 2 * Long.BYTES;
    private static final int SIGNATURE_BYTES = 16;

    /** The opaque text for a client. */
    public String encode(byte[] secret) {
        byte[] id = streamId.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.allocate(SIGNED_BYTES + SIGNATURE_BYTES);
        bytes.put(VERSION)
                .put(Arrays.copyOf(id, ID_BYTES))
                .putInt(shard)
                .putLong(offset)
                .putLong(issued);
        bytes.put(signature(bytes.array(), secret));
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Parses the text without checking the signature: the caller finds the stream and then calls {@link #isSigned}. */
    public static Optional<IteratorToken> read(String text) {
        Optional<byte[]> bytes = bytes(text);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer content = ByteBuffer.wrap(bytes.get());
        if (content.get() != VERSION) {
            return Optional.empty();
        }
        byte[] id = new byte[ID_BYTES];
        content.get(id);
        String streamId = new String(id, StandardCharsets.ISO_8859_1).trim();
        return Optional.of(new IteratorToken(streamId, content.getInt(), content.getLong(), content.getLong()));
    }

    /** True if {@link #encode} made the text with this secret. */
    public static boolean isSigned(String text, byte[] secret) {
        return bytes(text)
                .filter(bytes -> MessageDigest.isEqual(
                        signature(bytes, secret), Arrays.copyOfRange(bytes, SIGNED_BYTES, bytes.length)))
                .isPresent();
    }

    private static Optional<byte[]> bytes(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return bytes.length == SIGNED_BYTES + SIGNATURE_BYTES ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] signature(byte[] bytes, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(bytes, 0, SIGNED_BYTES);
            return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
