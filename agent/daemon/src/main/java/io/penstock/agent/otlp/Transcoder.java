package io.penstock.agent.otlp;

import io.penstock.agent.otlp.Field.Kind;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages of a body as JSON, in OTLP's JSON mapping and in one spelling whatever the body's encoding: known
 * fields only, none without a value, 64-bit integers as strings, enums as integers, ids in lower-case hexadecimal. Of a
 * field that came twice the last one counts. Reusable; keeps memory for {@value #DEEPEST} levels at most.
 */
@OwnedBy(ThreadRole.HOLDER)
final class Transcoder {
    /** Messages within each other. A list of lists takes two of them per level, a map of maps three. */
    static final int DEEPEST = 64;

    private static final int TRACE_ID = 16;
    private static final int SPAN_ID = 8;
    private static final int LONGEST_TEXT = 4096;

    private final Supplier<FieldReader> readers;
    private final @Nullable Level[] levels = new @Nullable Level[DEEPEST];
    private byte[] body = {};
    private long replaced;

    /** @param readers of the body's encoding */
    Transcoder(Supplier<FieldReader> readers) {
        this.readers = readers;
    }

    void begin(byte[] bytes) {
        body = bytes;
    }

    /** Sequences of bytes in strings that were no UTF-8 and were replaced by U+FFFD, since the last {@link #forget}. */
    long replaced() {
        return replaced;
    }

    void forget() {
        replaced = 0;
    }

    /** A message, to be written or asked for single fields until the next one of the level is read. */
    Level read(Message type, int from, int to, int depth) throws Damaged {
        Level level = level(depth);
        level.read(type, body, from, to);
        return level;
    }

    private Level level(int depth) throws Damaged {
        if (depth >= DEEPEST) {
            throw new Damaged("messages are nested deeper than " + DEEPEST + " levels");
        }
        Level level = levels[depth];
        if (level == null) {
            level = new Level(readers.get(), readers.get(), depth);
            levels[depth] = level;
        }
        return level;
    }

    /** Ends an object or array whose members each have a comma behind them. */
    static void close(char bracket, GrowingBytes out) {
        if (out.array()[out.length() - 1] == ',') {
            out.truncate(out.length() - 1);
        }
        out.put(bracket);
    }

    /** The string value of an attribute; empty if there is none, it is no string, or it is too long for a name. */
    String attribute(Level holder, Field attributes, byte[] key) throws Damaged {
        FieldReader each = holder.elements();
        String found = "";
        while (each.next()) {
            if (each.field() == attributes) {
                Level pair = read(Message.KEY_VALUE, each.from(), each.to(), holder.depth + 1);
                if (pair.has(Message.KEY) && pair.isText(Message.KEY, key) && pair.has(Message.VALUE)) {
                    Level value =
                            read(Message.ANY_VALUE, pair.from(Message.VALUE), pair.to(Message.VALUE), holder.depth + 2);
                    found = value.has(Message.STRING_VALUE) ? value.text(Message.STRING_VALUE) : "";
                }
            }
        }
        return found;
    }

    /** The fields of one message. */
    final class Level {
        private final FieldReader reader;
        private final FieldReader elements;
        private final int depth;
        private final long[] values = new long[Message.NUMBERS];
        private final int[] starts = new int[Message.NUMBERS];
        private final int[] ends = new int[Message.NUMBERS];
        private Message type = Message.REQUEST;
        private int first;
        private int past;
        private int present;

        private Level(FieldReader reader, FieldReader elements, int depth) {
            this.reader = reader;
            this.elements = elements;
            this.depth = depth;
        }

        private void read(Message message, byte[] bytes, int from, int to) throws Damaged {
            type = message;
            first = from;
            past = to;
            present = 0;
            reader.begin(message, bytes, from, to);
            while (reader.next()) {
                int number = reader.field().number();
                values[number] = reader.value();
                starts[number] = reader.from();
                ends[number] = reader.to();
                present = message == Message.ANY_VALUE ? 1 << number : present | 1 << number;
            }
        }

        boolean has(Field field) {
            return (present >> field.number() & 1) != 0;
        }

        /** A number, 0 if there is none. */
        long value(Field field) {
            return has(field) ? values[field.number()] : 0;
        }

        int from(Field field) {
            return starts[field.number()];
        }

        int to(Field field) {
            return ends[field.number()];
        }

        private boolean isText(Field field, byte[] utf8) {
            return reader.isText(from(field), to(field), utf8);
        }

        private String text(Field field) {
            return to(field) - from(field) > LONGEST_TEXT ? "" : reader.text(from(field), to(field));
        }

        private FieldReader elements() throws Damaged {
            elements.begin(type, body, first, past);
            return elements;
        }

        /** Writes all fields, each with a comma behind it. */
        void members(GrowingBytes out) throws Damaged {
            for (Field field : type.fields()) {
                if (has(field)) {
                    member(field, out);
                }
            }
        }

        /** Writes a field that is present, with a comma behind it. */
        void member(Field field, GrowingBytes out) throws Damaged {
            int start = out.length();
            out.put(field.head());
            if (field.isRepeated() ? array(field, out) : value(field, out)) {
                out.put(',');
            } else {
                out.truncate(start);
            }
        }

        private boolean array(Field field, GrowingBytes out) throws Damaged {
            out.put('[');
            FieldReader each = elements();
            while (each.next()) {
                if (each.field() == field) {
                    object(field.message(), each.from(), each.to(), out);
                    out.put(',');
                }
            }
            close(']', out);
            return true;
        }

        private void object(Message message, int from, int to, GrowingBytes out) throws Damaged {
            Level inner = Transcoder.this.read(message, from, to, depth + 1);
            out.put('{');
            inner.members(out);
            close('}', out);
        }

        /** Returns false, and writes nothing of use, when the value is the one that a field without value has. */
        private boolean value(Field field, GrowingBytes out) throws Damaged {
            // Of a value that may be one of several kinds also an empty one says which kind it is.
            boolean keepsEmpty = type == Message.ANY_VALUE;
            long number = values[field.number()];
            int from = from(field);
            int to = to(field);
            switch (field.kind()) {
                case MESSAGE -> object(field.message(), from, to, out);
                case STRING, BYTES -> {
                    if (!keepsEmpty && reader.isEmpty(from, to)) {
                        return false;
                    }
                    if (field.kind() == Kind.STRING) {
                        replaced += reader.string(from, to, out);
                    } else {
                        reader.bytes(from, to, out);
                    }
                }
                case TRACE_ID -> {
                    return reader.id(from, to, TRACE_ID, out);
                }
                case SPAN_ID -> {
                    return reader.id(from, to, SPAN_ID, out);
                }
                case DOUBLE -> reader.number(number, from, to, out);
                case BOOL -> out.ascii(number == 0 ? "false" : "true");
                case INT64, FIXED64 -> {
                    if (number == 0 && !keepsEmpty) {
                        return false;
                    }
                    out.put('"');
                    out.ascii(field.kind() == Kind.INT64 ? Long.toString(number) : Long.toUnsignedString(number));
                    out.put('"');
                }
                case INT32, UINT32, FIXED32 -> {
                    if (number == 0) {
                        return false;
                    }
                    out.number(number);
                }
            }
            return true;
        }
    }

    /** Whether the bytes of a message hold {@code text} anywhere: a quick look before {@link #attribute}. */
    boolean mentions(byte[] text, int from, int to) {
        for (int i = from; i <= to - text.length; i++) {
            if (body[i] == text[0] && Arrays.equals(body, i, i + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }
}
