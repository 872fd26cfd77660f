package io.penstock.forward.client.internal.chunk;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Generates ids that are unique among all clients: 128 bits, of which 64 are drawn at random once and 64 count up from
 * a random number.
 */
public final class ChunkIds {
    /** The length of an id in ASCII characters. */
    public static final int LENGTH = 24;

    private final long client;
    private long next;

    public ChunkIds() {
        SecureRandom random = new SecureRandom();
        client = random.nextLong();
        next = random.nextLong();
    }

    public String next() {
        byte[] bytes = ByteBuffer.allocate(16).putLong(client).putLong(next++).array();
        return Base64.getEncoder().encodeToString(bytes);
    }
}
