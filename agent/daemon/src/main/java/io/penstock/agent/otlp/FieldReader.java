package io.penstock.agent.otlp;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Walks over the fields of one message within a body, in the order in which they came, and gives each value of a
 * repeated field by itself. Passes over what the message has no field for. Refers to the body and copies nothing of it.
 * Reusable.
 */
@OwnedBy(ThreadRole.HOLDER)
abstract class FieldReader {
    private static final byte[] NONE = {};

    protected Message message = Message.REQUEST;
    protected byte[] body = NONE;
    protected int at;
    protected int end;

    protected Field field = Message.REQUEST_RESOURCE_LOGS;
    protected long value;
    protected int from;
    protected int to;

    /** Starts at the beginning of a message that fills {@code body} from one index to another. */
    void begin(Message type, byte[] bytes, int first, int past) throws Damaged {
        message = type;
        body = bytes;
        at = first;
        end = past;
    }

    /** Goes to the next field; false at the end. */
    abstract boolean next() throws Damaged;

    /** The present field. */
    Field field() {
        return field;
    }

    /** The value of a number or boolean; of a double in protobuf its bits. */
    long value() {
        return value;
    }

    /** Where a value of any other kind begins. */
    int from() {
        return from;
    }

    /** Where it ends. */
    int to() {
        return to;
    }

    /** True if the value is the one that a field without a value has. */
    abstract boolean isEmpty(int first, int past);

    /**
     * Writes a string as JSON.
     *
     * @return how many sequences of bytes were no UTF-8 and were replaced by U+FFFD
     */
    abstract int string(int first, int past, GrowingBytes out);

    /** Writes a double as JSON: a number, or {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}. */
    abstract void number(long bits, int first, int past, GrowingBytes out);

    /** Writes bytes as JSON: a string in base64. */
    abstract void bytes(int first, int past, GrowingBytes out);

    /** Writes an id of {@code size} bytes as JSON, in lower-case hexadecimal; false, and nothing, if it is not one. */
    abstract boolean id(int first, int past, int size, GrowingBytes out);

    /** A string's characters. */
    abstract String text(int first, int past);

    /** True if a string has these characters. */
    abstract boolean isText(int first, int past, byte[] utf8);
}
