package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.Utf8;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;

/**
 * Steps through the members of a JSON object that {@link JsonScanner} has found valid; what it does with other bytes is
 * undefined but harmless. Reusable.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class JsonMembers {
    private static final byte[] NONE = {};

    private final GrowingBytes unescaped = new GrowingBytes(64, 1 << 16);

    private byte[] json = NONE;
    private int end;
    private int at;
    private int nameFrom;
    private int nameEnd;
    private int valueFrom;
    private int valueEnd;

    /** Begins with the object at {@code from}, which may have white space before it. */
    public void begin(byte[] object, int from, int to) {
        json = object;
        end = to;
        at = space(from);
        at = at < end && json[at] == '{' ? space(at + 1) : end;
    }

    /** Steps to the next member; false after the last. */
    public boolean next() {
        if (at >= end || json[at] != '"') {
            return false;
        }
        nameFrom = at + 1;
        nameEnd = stringEnd(at) - 1;
        valueFrom = space(space(nameEnd + 1) + 1);
        valueEnd = valueEnd(valueFrom);
        at = space(valueEnd);
        if (at < end && json[at] == ',') {
            at = space(at + 1);
        }
        return true;
    }

    /** Where the name begins, behind its quote. */
    public int nameFrom() {
        return nameFrom;
    }

    /** Where the name ends, before its quote. */
    public int nameEnd() {
        return nameEnd;
    }

    public int valueFrom() {
        return valueFrom;
    }

    public int valueEnd() {
        return valueEnd;
    }

    /** Whether the present member has this name, in UTF-8. */
    public boolean isNamed(byte[] name) {
        if (nameEnd - nameFrom < name.length) {
            return false; // an escape is longer than what it stands for
        }
        if (!hasEscape()) {
            return Arrays.equals(json, nameFrom, nameEnd, name, 0, name.length);
        }
        GrowingBytes plain = name();
        return !plain.overflowed() && Arrays.equals(plain.array(), 0, plain.length(), name, 0, name.length);
    }

    /** Whether the name is written with escapes. */
    public boolean hasEscape() {
        for (int i = nameFrom; i < nameEnd; i++) {
            if (json[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The present member's name without escapes, cut when it is very long; valid until the next call. */
    public GrowingBytes name() {
        unescaped.clear();
        unescape(json, nameFrom, nameEnd, unescaped);
        return unescaped;
    }

    private int valueEnd(int from) {
        int depth = 0;
        int i = from;
        while (i < end) {
            switch (json[i]) {
                case '"' -> i = stringEnd(i);
                case '{', '[' -> {
                    depth++;
                    i++;
                }
                case '}', ']' -> {
                    if (depth == 0) {
                        return i;
                    }
                    depth--;
                    i++;
                }
                case ',', ' ', '\n', '\r', '\t' -> {
                    if (depth == 0) {
                        return i;
                    }
                    i++;
                }
                default -> i++;
            }
            if (depth == 0 && (json[i - 1] == '"' || json[i - 1] == '}' || json[i - 1] == ']')) {
                return i;
            }
        }
        return i;
    }

    /** The index after the string that begins at {@code quote}. */
    private int stringEnd(int quote) {
        int i = Utf8.plainEnd(json, Math.min(quote + 1, end), end);
        while (i < end && json[i] != '"') {
            i = Utf8.plainEnd(json, Math.min(i + (json[i] == '\\' ? 2 : 1), end), end);
        }
        return Math.min(i + 1, end);
    }

    private int space(int from) {
        int i = from;
        while (i < end && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) {
            i++;
        }
        return i;
    }

    /** Writes the characters of a string; half a surrogate pair becomes U+FFFD. */
    public static void unescape(byte[] json, int from, int to, GrowingBytes into) {
        int run = from;
        int at = from;
        while (at < to) {
            if (json[at] != '\\') {
                at++;
                continue;
            }
            into.put(json, run, at - run);
            byte kind = json[at + 1];
            at += 2;
            switch (kind) {
                case 'n' -> into.put('\n');
                case 'r' -> into.put('\r');
                case 't' -> into.put('\t');
                case 'b' -> into.put('\b');
                case 'f' -> into.put('\f');
                case 'u' -> {
                    int unit = hex(json, at);
                    at += 4;
                    boolean pair = Character.isHighSurrogate((char) unit)
                            && at + 6 <= to
                            && json[at] == '\\'
                            && json[at + 1] == 'u'
                            && Character.isLowSurrogate((char) hex(json, at + 2));
                    if (pair) {
                        into.codePoint(Character.toCodePoint((char) unit, (char) hex(json, at + 2)));
                        at += 6;
                    } else {
                        into.codePoint(Character.isSurrogate((char) unit) ? 0xFFFD : unit);
                    }
                }
                default -> into.put(kind);
            }
            run = at;
        }
        into.put(json, run, to - run);
    }

    private static int hex(byte[] json, int from) {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            unit = unit << 4 | Character.digit(json[i], 16);
        }
        return unit;
    }
}
