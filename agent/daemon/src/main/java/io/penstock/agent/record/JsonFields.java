package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Looks fields up in the bytes of a JSON object that {@link JsonScanner} has found valid; what it does with other bytes
 * is undefined but harmless. Of fields that have one name the last counts, as nearly all parsers have it. Reusable.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class JsonFields {
    private final JsonMembers members = new JsonMembers();
    private int valueFrom;
    private int valueEnd;

    /** Whether the object has a field {@code name} (in UTF-8) at its top level; {@link #valueFrom} tells where. */
    public boolean find(byte[] json, int from, int end, byte[] name) {
        boolean found = false;
        int foundFrom = 0;
        int foundEnd = 0;
        members.begin(json, from, end);
        while (members.next()) {
            if (members.isNamed(name)) {
                found = true;
                foundFrom = members.valueFrom();
                foundEnd = members.valueEnd();
            }
        }
        valueFrom = foundFrom;
        valueEnd = foundEnd;
        return found;
    }

    /**
     * Which of at most 64 {@code names} (in UTF-8) the object has at its top level, as bits in their order; an empty
     * name is not looked for.
     */
    public long present(byte[] json, int from, int end, byte[][] names) {
        long present = 0;
        members.begin(json, from, end);
        while (members.next()) {
            for (int i = 0; i < names.length; i++) {
                if (names[i].length > 0 && members.isNamed(names[i])) {
                    present |= 1L << i;
                }
            }
        }
        return present;
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
            case '"' -> JsonMembers.unescape(json, at + 1, to - 1, into);
            default -> into.put(json, at, to - at);
        }
        return true;
    }

    /** Appends the characters of a string, given without its quotes; half a surrogate pair becomes U+FFFD. */
    public void characters(byte[] json, int from, int to, GrowingBytes into) {
        JsonMembers.unescape(json, from, to, into);
    }
}
