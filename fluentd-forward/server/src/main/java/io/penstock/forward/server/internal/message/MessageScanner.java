package io.penstock.forward.server.internal.message;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.Token;

/**
 * Finds where a message ends while it is still arriving: remembers how far it has come, so that bytes are looked at
 * once however many reads bring them. Everything that a message announces (lengths and counts) is held against the
 * limit as soon as its head is there. Nesting costs nothing here: values are counted, whatever contains them.
 *
 * <p>Positions are relative to the message's first byte.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class MessageScanner {
    private final int maxBytes;
    private final Token token = new Token();

    /** Values that are known to come, wherever they stand. */
    private long open = 1;

    private long at;

    public MessageScanner(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Begins a new message. */
    public void reset() {
        open = 1;
        at = 0;
    }

    /** True if no byte of the message was scanned. */
    boolean isFresh() {
        return at == 0;
    }

    /** Ends the message without a scan: it has {@code length} bytes, and all have arrived. */
    void complete(int length) {
        open = 0;
        at = length;
    }

    /** The message's length once {@link #advance} has said that it is complete. */
    public int length() {
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
    public boolean advance(byte[] bytes, int from, int to) throws BadChunkException {
        while (open > 0) {
            if (at >= to - from || !token.read(bytes, from + (int) at, to)) {
                return false;
            }
            take(from);
        }
        return at <= to - from;
    }

    private void take(int from) throws BadChunkException {
        long end = at + token.head + token.content;
        open += token.children - 1;
        // Each value takes a byte at the least.
        if (end + open > maxBytes) {
            throw new BadChunkException(
                    Refusal.TOO_LARGE,
                    from + (int) at,
                    "announces " + Math.max(token.content, token.children)
                            + (token.content > 0 ? " bytes" : " values") + ", which makes the message larger than "
                            + maxBytes + " bytes");
        }
        at = end;
    }
}
