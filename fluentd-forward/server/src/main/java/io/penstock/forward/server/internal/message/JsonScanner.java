package io.penstock.forward.server.internal.message;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;

/**
 * Finds where a message in JSON ends while it is still arriving: counts brackets outside of strings, and looks at each
 * byte once however many reads bring them. Whether it is JSON at all is not looked at here.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class JsonScanner {
    private final int maxBytes;
    private int at;
    private int depth;
    private boolean inString;
    private boolean escaped;

    JsonScanner(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void reset() {
        at = 0;
        depth = 0;
        inString = false;
        escaped = false;
    }

    /** The message's length once {@link #advance} has said that it is complete. */
    int length() {
        return at;
    }

    /**
     * Goes on through {@code bytes[from, to)}, which begin with the message's opening bracket.
     *
     * @return whether the message is complete
     */
    boolean advance(byte[] bytes, int from, int to) throws BadChunkException {
        while (from + at < to) {
            if (at == maxBytes) {
                throw new BadChunkException(
                        Refusal.TOO_LARGE, from + at, "a message in JSON of more than " + maxBytes + " bytes");
            }
            step(bytes[from + at++]);
            if (depth == 0) {
                return true;
            }
        }
        return false;
    }

    private void step(byte b) {
        if (inString) {
            if (escaped) {
                escaped = false;
            } else if (b == '\\') {
                escaped = true;
            } else if (b == '"') {
                inString = false;
            }
        } else if (b == '"') {
            inString = true;
        } else if (b == '[' || b == '{') {
            depth++;
        } else if (b == ']' || b == '}') {
            depth--;
        }
    }
}
