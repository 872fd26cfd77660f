package io.penstock.agent.http.fluentd;

import io.penstock.agent.record.JsonFields;
import io.penstock.agent.record.JsonMembers;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.ForwardRecord;
import io.penstock.forward.server.JsonDialect;
import java.nio.charset.StandardCharsets;

/**
 * An event that came as a valid JSON object. Its values stay as they were written, in every dialect: so no digit of a
 * number is lost. Time it has none.
 */
@OwnedBy(ThreadRole.HOLDER)
final class JsonRecord implements ForwardRecord {
    private static final byte[] NONE = {};

    private final JsonMembers members = new JsonMembers();
    private final JsonFields fields = new JsonFields();
    private byte[] json = NONE;
    private int from;
    private int to;

    /** @param object valid from its opening brace to its closing one; it must not change until the next call */
    JsonRecord of(byte[] object, int begin, int end) {
        json = object;
        from = begin;
        to = end;
        return this;
    }

    @Override
    public long seconds() {
        throw new IllegalStateException("JSON has no time");
    }

    @Override
    public int nanos() {
        throw new IllegalStateException("JSON has no time");
    }

    @Override
    public void dialect(JsonDialect dialect) {}

    @Override
    public long writeFields(GrowingBytes out, FieldSet names, FieldValues inPlace) {
        long present = 0;
        int before = out.length() + 1;
        out.put('{');
        members.begin(json, from, to);
        while (members.next()) {
            if (out.length() > before) {
                out.put(',');
            }
            int nameFrom = members.nameFrom();
            int nameEnd = members.nameEnd();
            long matching = matching(names);
            present |= matching;
            out.put(json, nameFrom - 1, nameEnd - nameFrom + 2);
            out.put(':');
            if (matching == 0 || !inPlace.write(Long.numberOfTrailingZeros(matching), out)) {
                out.put(json, members.valueFrom(), members.valueEnd() - members.valueFrom());
            }
        }
        return present;
    }

    private long matching(FieldSet names) {
        if (!members.hasEscape()) {
            return names.matching(json, members.nameFrom(), members.nameEnd() - members.nameFrom());
        }
        GrowingBytes plain = members.name();
        return plain.overflowed() ? 0 : names.matching(plain.array(), 0, plain.length());
    }

    @Override
    public void write(GrowingBytes out) {
        out.put(json, from, to - from);
    }

    @Override
    public boolean writeValue(String name, GrowingBytes out) {
        boolean found = find(name);
        if (found && json[fields.valueFrom()] == '"') {
            JsonMembers.unescape(json, fields.valueFrom() + 1, fields.valueEnd() - 1, out);
        } else if (found) {
            out.put(json, fields.valueFrom(), fields.valueEnd() - fields.valueFrom());
        }
        return found;
    }

    @Override
    public boolean writeJsonValue(String name, GrowingBytes out) {
        boolean found = find(name);
        if (found) {
            out.put(json, fields.valueFrom(), fields.valueEnd() - fields.valueFrom());
        }
        return found;
    }

    private boolean find(String name) {
        return fields.find(json, from, to, name.getBytes(StandardCharsets.UTF_8));
    }
}
