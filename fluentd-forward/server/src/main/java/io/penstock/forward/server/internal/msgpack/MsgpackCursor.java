package io.penstock.forward.server.internal.msgpack;

import io.penstock.forward.server.Refusal;

/**
 * Walks msgpack values in an array without trusting them: every step is checked against the end and the depth limit
 * first. Mutable, for one owner at a time.
 */
public final class MsgpackCursor {
    private static final byte[] NOTHING = {};

    private final int[] remaining;
    private final Token token = new Token();
    private byte[] bytes = NOTHING;
    private int at;
    private int end;

    public MsgpackCursor() {
        this(0);
    }

    /** @param maxDepth how deep {@link #skipShallow} may nest, the skipped value itself included */
    public MsgpackCursor(int maxDepth) {
        this.remaining = new int[maxDepth];
    }

    public void reset(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** Lets go of the bytes, so that they do not stay in memory. */
    public void forget() {
        reset(NOTHING, 0, 0);
    }

    public int at() {
        return at;
    }

    /** Index behind the last byte that may be read. */
    public int end() {
        return end;
    }

    public boolean atEnd() {
        return at == end;
    }

    /** The type byte of the next value. */
    public int type() throws BadChunkException {
        if (at >= end) {
            throw truncated();
        }
        return bytes[at] & 0xff;
    }

    /** Enters an array: its number of elements. */
    public int array(String what) throws BadChunkException {
        if (!Msgpack.isArray(type())) {
            throw wrong(what, "an array");
        }
        return enter();
    }

    /** Enters a map: its number of entries. */
    public int map(String what) throws BadChunkException {
        if (!Msgpack.isMap(type())) {
            throw wrong(what, "a map");
        }
        return enter() / 2;
    }

    /** Enters a string or binary: its length; the cursor then stands at its first byte, {@link #jump} leaves it. */
    public int text(String what) throws BadChunkException {
        int type = type();
        if (!Msgpack.isString(type) && !Msgpack.isBinary(type)) {
            throw wrong(what, "a string");
        }
        head();
        at += token.head;
        return (int) token.content;
    }

    /** Moves on by {@code length} bytes that are known to be there. */
    public void jump(int length) {
        at += length;
    }

    /** Moves to an index that is known to lie in the bytes. */
    public void moveTo(int index) {
        at = index;
    }

    /** Skips one value whole, however deep it is nested. */
    public void skip() throws BadChunkException {
        skip(1);
    }

    private void skip(long values) throws BadChunkException {
        for (long open = values; open > 0; open += token.children - 1) {
            head();
            at += token.head + (int) token.content;
        }
    }

    /** Skips one value whole: whether it is nested no deeper than allowed. */
    public boolean skipShallow() throws BadChunkException {
        int depth = 0;
        do {
            head();
            at += token.head + (int) token.content;
            if (token.children > 0) {
                if (depth == remaining.length) {
                    skip(token.children + others(depth));
                    return false;
                }
                remaining[depth++] = (int) token.children;
            } else {
                while (depth > 0 && --remaining[depth - 1] == 0) {
                    depth--;
                }
            }
        } while (depth > 0);
        return true;
    }

    /** Values still to come of those that contain the present one. */
    private long others(int depth) {
        long others = 0;
        for (int i = 0; i < depth; i++) {
            others += remaining[i] - 1;
        }
        return others;
    }

    private int enter() throws BadChunkException {
        head();
        at += token.head;
        return (int) token.children;
    }

    private void head() throws BadChunkException {
        if (!token.read(bytes, at, end)) {
            throw truncated();
        }
        if (token.content > end - at - token.head) {
            throw new BadChunkException(
                    Refusal.TRUNCATED,
                    at,
                    "a value of " + token.content + " bytes, but only " + (end - at - token.head) + " are there");
        }
        if (token.children > end - at - token.head) {
            throw new BadChunkException(
                    Refusal.TRUNCATED,
                    at,
                    "announces " + token.children + " values, but only " + (end - at - token.head)
                            + " bytes are there");
        }
    }

    private BadChunkException truncated() {
        return new BadChunkException(Refusal.TRUNCATED, at, "ends in the middle of a value");
    }

    private BadChunkException wrong(String what, String expected) {
        return new BadChunkException(
                Refusal.MALFORMED,
                at,
                "expected " + what + " (" + expected + ") but found " + Msgpack.describe(bytes[at] & 0xff));
    }
}
