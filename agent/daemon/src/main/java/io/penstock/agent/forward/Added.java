package io.penstock.agent.forward;

import io.penstock.agent.record.FieldNames;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.forward.server.FieldSet;
import java.util.List;
import java.util.Optional;

/** The fields that a route adds to forward events, ready to be looked for and written. Immutable. */
final class Added {
    static final int TIME = 0;
    static final int TAG = 1;
    static final int ID = 2;

    private final FieldSet names;
    private final byte[][] heads;

    private Added(List<Optional<String>> fields) {
        // A name that is not added takes its place with one that no event is asked for.
        this.names = FieldSet.of(fields.stream().map(name -> name.orElse("")).toList());
        this.heads = fields.stream()
                .map(name -> name.map(JsonText::name).orElse(new byte[0]))
                .toArray(byte[][]::new);
    }

    static Added of(FieldNames names) {
        return new Added(List.of(names.time(), names.tag(), names.id()));
    }

    /** To be looked for while a record is written; the bits are this class's constants. */
    FieldSet names() {
        return names;
    }

    /** Whether {@code field} is added to a record that has the fields {@code present} itself. */
    boolean adds(int field, long present) {
        return heads[field].length > 0 && (present & 1L << field) == 0;
    }

    /** Writes the field's name and a colon. */
    void head(int field, GrowingBytes out) {
        out.put(heads[field], 0, heads[field].length);
    }
}
