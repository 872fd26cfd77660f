package io.penstock.forward.server.internal.msgpack;

/** How far a msgpack value reaches that was checked before. */
public final class Extent {
    private Extent() {}

    /** Where the value that begins at {@code from} ends. */
    public static int end(byte[] bytes, int from) {
        Token token = new Token();
        int at = from;
        try {
            for (long values = 1; values > 0; values--) {
                if (!token.read(bytes, at, bytes.length)) {
                    throw new IllegalStateException("the value at byte " + from + " has no end");
                }
                at += token.head + (int) token.content;
                values += token.children;
            }
        } catch (BadChunkException e) {
            throw new IllegalStateException("the value at byte " + from + " was not checked", e);
        }
        return at;
    }
}
