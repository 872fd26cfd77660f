package io.penstock.forward.server.internal.message;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.Msgpack;

/**
 * Turns a message in JSON (RFC 8259, strictly) into the same message in msgpack, which all else here is made for.
 * Nothing is recursive, and what is written is bounded by its target. Integers of 64 bits stay exact; other numbers
 * become doubles. The bytes of strings stay as they are, escapes apart; half a surrogate pair becomes U+FFFD.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class JsonToMsgpack {
    /** More than any record may have, because what is nested too deep is no fault of the other entries. */
    private static final int MAX_DEPTH = 512;

    private static final int HEAD = 5;
    private static final int HEX = 16;
    private static final int REPLACEMENT = 0xfffd;

    private final int[] headAt = new int[MAX_DEPTH];
    private final int[] counts = new int[MAX_DEPTH];
    private final boolean[] maps = new boolean[MAX_DEPTH];
    private byte[] bytes = {};
    private int at;
    private int end;

    /**
     * Turns the message in {@code source[from, to)}.
     *
     * @throws BadChunkException when it is no JSON, or becomes too large; its place is in {@code source}
     */
    void convert(byte[] source, int from, int to, Unpacked out) throws BadChunkException {
        bytes = source;
        at = from;
        end = to;
        int depth = 0;
        do {
            skipSpace();
            if (depth > 0 && (peek() == ']' || peek() == '}')) {
                depth = close(depth, out);
            } else {
                if (depth > 0) {
                    separate(depth - 1, out);
                }
                depth = value(depth, out);
            }
        } while (depth > 0);
        skipSpace();
        if (at != end) {
            throw broken("something behind its end");
        }
        bytes = new byte[0];
    }

    private int value(int depth, Unpacked out) throws BadChunkException {
        int first = peek();
        if (first == '[' || first == '{') {
            return open(depth, first == '{', out);
        } else if (first == '"') {
            string(out);
        } else if (first == 't') {
            word("true", Msgpack.TRUE, out);
        } else if (first == 'f') {
            word("false", Msgpack.FALSE, out);
        } else if (first == 'n') {
            word("null", Msgpack.NIL, out);
        } else {
            at = JsonNumber.convert(bytes, at, end, out);
        }
        return depth;
    }

    private int open(int depth, boolean map, Unpacked out) throws BadChunkException {
        if (depth == MAX_DEPTH) {
            throw broken("more than " + MAX_DEPTH + " brackets within each other");
        }
        at++;
        headAt[depth] = out.to() - out.from();
        counts[depth] = 0;
        maps[depth] = map;
        out.number(map ? Msgpack.MAP32 : Msgpack.ARRAY32, 0, HEAD - 1);
        return depth + 1;
    }

    private int close(int depth, Unpacked out) throws BadChunkException {
        int inner = depth - 1;
        if ((peek() == '}') != maps[inner]) {
            throw broken("a bracket of the other kind");
        }
        at++;
        out.patch(headAt[inner] + 1, counts[inner]);
        return inner;
    }

    /** Moves past the comma before a value that is not the first one, and past a member's name and its colon. */
    private void separate(int container, Unpacked out) throws BadChunkException {
        if (counts[container]++ > 0) {
            expect(',');
            skipSpace();
        }
        if (maps[container]) {
            if (peek() != '"') {
                throw broken("a member without a name in quotes");
            }
            string(out);
            skipSpace();
            expect(':');
            skipSpace();
        }
        if (peek() == ']' || peek() == '}') {
            throw broken("a missing value");
        }
    }

    private void expect(char wanted) throws BadChunkException {
        if (peek() != wanted) {
            throw broken("no '" + wanted + "' where one is due");
        }
        at++;
    }

    private void word(String word, int type, Unpacked out) throws BadChunkException {
        for (int i = 0; i < word.length(); i++) {
            if (peek() != word.charAt(i)) {
                throw broken("a word that JSON does not know");
            }
            at++;
        }
        out.put(type);
    }

    private void string(Unpacked out) throws BadChunkException {
        at++;
        int head = out.to() - out.from();
        out.number(Msgpack.STR32, 0, HEAD - 1);
        while (peek() != '"') {
            int plain = at;
            while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] < 0 || bytes[at] >= ' ')) {
                at++;
            }
            out.put(bytes, plain, at);
            if (peek() == '\\') {
                at++;
                escape(out);
            } else if (peek() < ' ') {
                throw broken("a control character in a string");
            }
        }
        at++;
        out.patch(head + 1, out.to() - out.from() - head - HEAD);
    }

    private void escape(Unpacked out) throws BadChunkException {
        int escape = peek();
        at++;
        switch (escape) {
            case '"', '\\', '/' -> out.put(escape);
            case 'b' -> out.put('\b');
            case 'f' -> out.put('\f');
            case 'n' -> out.put('\n');
            case 'r' -> out.put('\r');
            case 't' -> out.put('\t');
            case 'u' -> unicode(out);
            default -> throw broken("an escape that JSON does not know");
        }
    }

    private void unicode(Unpacked out) throws BadChunkException {
        char first = hex();
        int character = first;
        if (Character.isHighSurrogate(first) && at + 1 < end && bytes[at] == '\\' && bytes[at + 1] == 'u') {
            int back = at;
            at += 2;
            char second = hex();
            if (Character.isLowSurrogate(second)) {
                character = Character.toCodePoint(first, second);
            } else {
                at = back;
            }
        }
        if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            character = REPLACEMENT;
        }
        out.utf8(character);
    }

    private char hex() throws BadChunkException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), HEX);
            if (digit < 0 || peek() > 'f') {
                throw broken("an escape \\u without four digits");
            }
            value = value * HEX + digit;
            at++;
        }
        return (char) value;
    }

    private int peek() throws BadChunkException {
        if (at >= end) {
            throw broken("its end within a value");
        }
        return bytes[at] & 0xff;
    }

    private void skipSpace() {
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
    }

    static boolean isSpace(int b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private BadChunkException broken(String found) {
        return new BadChunkException(Refusal.MALFORMED, Math.min(at, end - 1), "a message in JSON has " + found);
    }
}
