package io.penstock.forward.server;

/**
 * Finds where a message ends while it is still arriving: remembers how far it has come, so that bytes are looked at once
 * however many reads bring them. Everything that a message announces (lengths, counts, nesting) is held against the
 * limits as soon as its head is there.
 *
 * <p>Positions are relative to the message's first byte. Owned by the connection's event loop.
 */
final class MessageScanner {
    /** The message's array, its array of entries and one entry lie around a record. */
    private static final int ENVELOPE_DEPTH = 3;

    private final int maxBytes;
    private final long[] remaining;
    private final Token token = new Token();
    private int depth;
    private long at;

    MessageScanner(int maxBytes, int maxDepth) {
        this.maxBytes = maxBytes;
        this.remaining = new long[maxDepth + ENVELOPE_DEPTH];
    }

    /** Begins a new message. */
    void reset() {
        depth = 0;
        at = 0;
    }

    /** The message's length once {@link #advance} has said that it is complete. */
    int length() {
        return (int) at;
    }

    /** Bytes that are known to belong to the message so far, also those that have not arrived. */
    long announced() {
        return at;
    }

    /**
     * Goes on through {@code bytes[from, to)}, which begin with the message's first byte.
     *
     * @return whether the message is complete
     */
    boolean advance(byte[] bytes, int from, int to) throws BadChunkException {
        boolean fresh = at == 0;
        while (fresh || depth > 0) {
            if (at >= to - from || !token.read(bytes, from + (int) at, to)) {
                return false;
            }
            fresh = false;
            take(from);
        }
        return at <= to - from;
    }

    private void take(int from) throws BadChunkException {
        long end = at + token.head + token.content;
        // Each contained value takes a byte at the least.
        if (end + token.children > maxBytes) {
            throw new BadChunkException(
                    Refusal.TOO_LARGE,
                    from + (int) at,
                    "announces " + Math.max(token.content, token.children)
                            + (token.content > 0 ? " bytes" : " values") + ", which makes the message larger than "
                            + maxBytes + " bytes");
        }
        if (token.children > 0) {
            if (depth == remaining.length) {
                throw new BadChunkException(
                        Refusal.TOO_DEEP, from + (int) at, "nested deeper than " + remaining.length + " levels");
            }
            remaining[depth++] = token.children;
        } else {
            while (depth > 0 && --remaining[depth - 1] == 0) {
                depth--;
            }
        }
        at = end;
    }
}
