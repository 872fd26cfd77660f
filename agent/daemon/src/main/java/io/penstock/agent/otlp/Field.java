package io.penstock.agent.otlp;

import io.penstock.base.bytes.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/** A field of a {@link Message}. Immutable. */
final class Field {
    /** What a field holds, and how protobuf writes it (wire types of the encoding specification). */
    enum Kind {
        BOOL(Kind.VARINT),
        INT32(Kind.VARINT),
        UINT32(Kind.VARINT),
        INT64(Kind.VARINT),
        FIXED32(Kind.FOUR_BYTES),
        FIXED64(Kind.EIGHT_BYTES),
        DOUBLE(Kind.EIGHT_BYTES),
        STRING(Kind.LENGTH_FIRST),
        BYTES(Kind.LENGTH_FIRST),
        TRACE_ID(Kind.LENGTH_FIRST),
        SPAN_ID(Kind.LENGTH_FIRST),
        MESSAGE(Kind.LENGTH_FIRST);

        static final int VARINT = 0;
        static final int EIGHT_BYTES = 1;
        static final int LENGTH_FIRST = 2;
        static final int FOUR_BYTES = 5;

        private final int wire;

        Kind(int wire) {
            this.wire = wire;
        }

        int wire() {
            return wire;
        }
    }

    private final int number;
    private final String name;
    private final byte[] utf8;
    private final byte[] head;
    private final Kind kind;
    private final boolean repeated;
    private final Supplier<Message> message;

    private Field(int number, String name, Kind kind, boolean repeated, Supplier<Message> message) {
        this.number = number;
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
        this.head = JsonText.name(name);
        this.kind = kind;
        this.repeated = repeated;
        this.message = message;
    }

    static Field of(int number, String name, Kind kind) {
        return new Field(number, name, kind, false, () -> {
            throw new IllegalStateException(name + " is no message");
        });
    }

    /** @param message asked later, because messages contain each other */
    static Field message(int number, String name, Supplier<Message> message) {
        return new Field(number, name, Kind.MESSAGE, false, message);
    }

    /** @param message as in {@link #message(int, String, Supplier)} */
    static Field repeated(int number, String name, Supplier<Message> message) {
        return new Field(number, name, Kind.MESSAGE, true, message);
    }

    int number() {
        return number;
    }

    /** In the JSON mapping. */
    String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    boolean isRepeated() {
        return repeated;
    }

    /** Of a field of {@link Kind#MESSAGE}. */
    Message message() {
        return message.get();
    }

    /** Name and colon in JSON; not to be changed. */
    byte[] head() {
        return head;
    }

    boolean isNamed(byte[] bytes, int from, int to) {
        return Arrays.equals(bytes, from, to, utf8, 0, utf8.length);
    }
}
