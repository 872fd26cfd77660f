package io.penstock.agent.record;

import io.penstock.base.bytes.Utf8;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Tells strictly valid JSON text (RFC 8259, in UTF-8) from anything else, over bytes, without a tree and without
 * recursion. What is nested deeper than {@value #MAX_DEPTH} levels is refused. Reusable.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class JsonScanner {
    public static final int MAX_DEPTH = 256;

    private static final byte[] NONE = {};

    /** A bit per level, set where the level is an object. */
    private final long[] objects = new long[MAX_DEPTH / 64];

    private byte[] text = NONE;
    private int at;
    private int end;
    private int depth;
    private String problem = "";

    /** Whether the bytes are one JSON value with nothing but white space around it. */
    public boolean isValue(byte[] json, int from, int end) {
        boolean is = value(json, from, end) >= 0;
        if (is) {
            text = json;
            space();
            is = at == end || fail("something follows the value");
            text = NONE;
        }
        return is;
    }

    /**
     * Passes over one JSON value and the white space before it.
     *
     * @return the index after it, or -1 when there is none; then {@link #problem} and {@link #problemAt} say why
     */
    public int value(byte[] json, int from, int end) {
        this.text = json;
        this.at = from;
        this.end = end;
        this.depth = 0;
        this.problem = "";
        boolean is = scan();
        text = NONE;
        return is ? at : -1;
    }

    /** The index at which the last refused text went wrong. */
    public int problemAt() {
        return at;
    }

    /** What was wrong with the last refused text. */
    public String problem() {
        return problem;
    }

    private boolean scan() {
        space();
        while (true) {
            boolean opened = false;
            byte first = at < end ? text[at] : 0;
            switch (first) {
                case '{', '[' -> {
                    if (!open(first == '{')) {
                        return false;
                    }
                    space();
                    opened = at == end || text[at] != first + 2;
                    if (!opened) {
                        at++;
                        depth--;
                    } else if (first == '{' && !name()) {
                        return false;
                    }
                }
                case '"' -> {
                    if (!string()) {
                        return false;
                    }
                }
                case 't' -> {
                    if (!literal("true")) {
                        return false;
                    }
                }
                case 'f' -> {
                    if (!literal("false")) {
                        return false;
                    }
                }
                case 'n' -> {
                    if (!literal("null")) {
                        return false;
                    }
                }
                default -> {
                    if (!number()) {
                        return false;
                    }
                }
            }
            if (!opened) {
                if (!close()) {
                    return false;
                }
                if (depth == 0) {
                    return true;
                }
            }
        }
    }

    private boolean open(boolean object) {
        if (depth == MAX_DEPTH) {
            return fail("it is nested deeper than " + MAX_DEPTH + " levels");
        }
        long bit = 1L << (depth & 63);
        int word = depth >> 6;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
        depth++;
        at++;
        return true;
    }

    /** After a value: passes over what closes levels, up to the begin of the next value. */
    private boolean close() {
        while (depth > 0) {
            boolean object = (objects[depth - 1 >> 6] >> (depth - 1 & 63) & 1) != 0;
            space();
            byte b = at < end ? text[at] : 0;
            if (b == ',') {
                at++;
                space();
                return !object || name();
            }
            if (b != (object ? '}' : ']')) {
                return fail(object ? "a comma or } is missing" : "a comma or ] is missing");
            }
            at++;
            depth--;
        }
        return true;
    }

    private boolean name() {
        if (at == end || text[at] != '"') {
            return fail("a name in quotes is missing");
        }
        if (!string()) {
            return false;
        }
        space();
        if (at == end || text[at] != ':') {
            return fail("a colon is missing");
        }
        at++;
        space();
        return true;
    }

    private boolean string() {
        at = Utf8.plainEnd(text, at + 1, end);
        while (at < end) {
            byte b = text[at];
            if (b == '"') {
                at++;
                return true;
            }
            if (b == '\\') {
                if (!escape()) {
                    return false;
                }
            } else if (b >= 0) {
                return fail("a string holds a control character");
            } else {
                int length = Utf8.sequence(text, at, end);
                if (length < 0) {
                    return fail("a string is no valid UTF-8");
                }
                at += length;
            }
            at = Utf8.plainEnd(text, at, end);
        }
        return fail("a string is not closed");
    }

    private boolean escape() {
        byte kind = at + 1 < end ? text[at + 1] : 0;
        switch (kind) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at += 2;
            case 'u' -> {
                if (end - at < 6) {
                    return fail("an escape is not complete");
                }
                for (int i = at + 2; i < at + 6; i++) {
                    if (Character.digit(text[i], 16) < 0) {
                        return fail("an escape is no hexadecimal number");
                    }
                }
                at += 6;
            }
            default -> {
                return fail("an escape is unknown");
            }
        }
        return true;
    }

    private boolean literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || text[at + i] != word.charAt(i)) {
                return fail("a value is missing");
            }
        }
        at += word.length();
        return true;
    }

    private boolean number() {
        int start = at;
        if (at < end && text[at] == '-') {
            at++;
        }
        int whole = digits();
        boolean leadingZero = whole > 1 && text[at - whole] == '0';
        if (whole == 0 || leadingZero) {
            at = start;
            return fail(leadingZero ? "a number has leading zeroes" : "a value is missing");
        }
        if (at < end && text[at] == '.') {
            at++;
            if (digits() == 0) {
                return fail("a number has no digits after its point");
            }
        }
        if (at < end && (text[at] == 'e' || text[at] == 'E')) {
            at++;
            if (at < end && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            if (digits() == 0) {
                return fail("a number has no digits in its exponent");
            }
        }
        return true;
    }

    private int digits() {
        int from = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at - from;
    }

    private void space() {
        while (at < end) {
            byte b = text[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }

    private boolean fail(String what) {
        problem = what;
        return false;
    }
}
