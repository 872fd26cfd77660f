package io.penstock.agent.forward;

import io.penstock.agent.record.ConstantFields;
import io.penstock.agent.record.FieldNames;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.forward.server.FieldSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The fields that a route adds to forward events, ready to be looked for and written. Immutable. */
final class AddedFields {
    static final int TIME = 0;
    static final int TAG = 1;
    static final int ID = 2;

    /** The first of the route's constants. */
    private static final int CONSTANT = 3;

    private static final byte[] NONE = {};

    private final FieldSet names;
    private final byte[][] heads;

    /** Name, colon and value. */
    private final byte[][] constants;

    private AddedFields(List<Optional<String>> fields, ConstantFields constants) {
        // A name that is not added takes its place with one that no event is asked for.
        this.names = FieldSet.of(Stream.concat(fields.stream().map(name -> name.orElse("")), constants.names().stream())
                .toList());
        this.constants = constants.json();
        this.heads = fields.stream()
                .map(name -> name.map(JsonText::name).orElse(NONE))
                .toArray(byte[][]::new);
    }

    static AddedFields of(FieldNames names) {
        return new AddedFields(List.of(names.time(), names.tag(), names.id()), names.constants());
    }

    /** To be looked for while a record is written; the bits are this class's constants. */
    FieldSet names() {
        return names;
    }

    /** Whether {@code field} is added to a record that has the fields {@code present} itself. */
    boolean adds(int field, long present) {
        return heads[field].length > 0 && (present & 1L << field) == 0;
    }

    /** Whether {@code field} is time, tag or id. */
    static boolean isOwn(int field) {
        return field < CONSTANT;
    }

    int constants() {
        return constants.length;
    }

    /** The constant {@code index} with its name; empty when the record has a field of that name itself. */
    byte[] constant(int index, long present) {
        return (present & 1L << CONSTANT + index) == 0 ? constants[index] : NONE;
    }

    /** Writes the field's name and a colon. */
    void head(int field, GrowingBytes out) {
        out.put(heads[field], 0, heads[field].length);
    }
}
