package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;

/**
 * Looks fields up in the bytes of a JSON object that {@link JsonScanner} has found valid; what it does with other bytes
 * is undefined but harmless. Of fields that have one name the last counts, as nearly all parsers have it. Reusable.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class JsonFields {
    private final GrowingBytes unescaped = new GrowingBytes(64, 1 << 16);

    private byte[] json = {};
    private int end;
    private int valueFrom;
    private int valueEnd;

    /** Whether the object has a field {@code name} (in UTF-8) at its top level; {@link #valueFrom} tells where. */
    public boolean find(byte[] json, int from, int end, byte[] name) {
        this.json = json;
        this.end = end;
        boolean found = false;
        int foundFrom = 0;
        int foundEnd = 0;
        int at = space(from);
        if (at >= end || json[at] != '{') {
            return false;
        }
        at = space(at + 1);
        while (at < end && json[at] == '"') {
            int nameFrom = at + 1;
            int nameEnd = stringEnd(at) - 1;
            int value = space(space(nameEnd + 1) + 1);
            int after = valueEnd(value);
            if (sameName(nameFrom, nameEnd, name)) {
                found = true;
                foundFrom = value;
                foundEnd = after;
            }
            at = space(after);
            if (at < end && json[at] == ',') {
                at = space(at + 1);
            }
        }
        valueFrom = foundFrom;
        valueEnd = foundEnd;
        return found;
    }

    /** Where the value found last begins. */
    public int valueFrom() {
        return valueFrom;
    }

    /** Where the value found last ends. */
    public int valueEnd() {
        return valueEnd;
    }

    /**
     * Appends the text of the field at {@code path}: a string's characters, a number or boolean as it stands.
     *
     * @return false, and nothing appended, when there is none, or it is null, an object or an array
     */
    public boolean text(byte[] json, int from, int end, JsonPath path, GrowingBytes into) {
        int at = from;
        int to = end;
        for (byte[] name : path.names()) {
            if (!find(json, at, to, name)) {
                return false;
            }
            at = valueFrom;
            to = valueEnd;
        }
        switch (json[at]) {
            case '{', '[', 'n' -> {
                return false;
            }
            case '"' -> unescape(at + 1, to - 1, into);
            default -> into.put(json, at, to - at);
        }
        return true;
    }

    /** Appends the characters of a string, given without its quotes; half a surrogate pair becomes U+FFFD. */
    public void characters(byte[] json, int from, int to, GrowingBytes into) {
        this.json = json;
        unescape(from, to, into);
    }

    private boolean sameName(int from, int to, byte[] name) {
        for (int i = from; i < to; i++) {
            if (json[i] == '\\') {
                unescaped.clear();
                unescape(from, to, unescaped);
                return !unescaped.overflowed()
                        && Arrays.equals(unescaped.array(), 0, unescaped.length(), name, 0, name.length);
            }
        }
        return Arrays.equals(json, from, to, name, 0, name.length);
    }

    private int valueEnd(int from) {
        int depth = 0;
        int at = from;
        while (at < end) {
            switch (json[at]) {
                case '"' -> at = stringEnd(at);
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    if (depth == 0) {
                        return at;
                    }
                    depth--;
                    at++;
                }
                case ',', ' ', '\n', '\r', '\t' -> {
                    if (depth == 0) {
                        return at;
                    }
                    at++;
                }
                default -> at++;
            }
            if (depth == 0 && (json[at - 1] == '"' || json[at - 1] == '}' || json[at - 1] == ']')) {
                return at;
            }
        }
        return at;
    }

    /** The index after the string that begins at {@code quote}. */
    private int stringEnd(int quote) {
        int at = quote + 1;
        while (at < end && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, end);
    }

    private int space(int from) {
        int at = from;
        while (at < end && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Writes the characters of a string; half a surrogate pair becomes U+FFFD. */
    private void unescape(int from, int to, GrowingBytes into) {
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
                    int unit = hex(at);
                    at += 4;
                    boolean pair = Character.isHighSurrogate((char) unit)
                            && at + 6 <= to
                            && json[at] == '\\'
                            && json[at + 1] == 'u'
                            && Character.isLowSurrogate((char) hex(at + 2));
                    if (pair) {
                        into.codePoint(Character.toCodePoint((char) unit, (char) hex(at + 2)));
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

    private int hex(int from) {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            unit = unit << 4 | Character.digit(json[i], 16);
        }
        return unit;
    }
}
