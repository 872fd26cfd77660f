package io.penstock.agent.record;

import io.netty.buffer.ByteBuf;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * The bytes of one event while it is encoded, and whether they are JSON, found out at most once and only when asked. It
 * refers to bytes of others and copies only what lies outside the heap. Reusable.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class Payload {
    private static final byte[] NONE = {};
    private static final int KEPT = 1 << 20;

    private enum Kind {
        UNKNOWN,
        OBJECT,
        ARRAY,
        OTHER
    }

    private final JsonScanner scanner = new JsonScanner();
    private final JsonFields fields = new JsonFields();
    private byte[] copy = NONE;
    private byte[] bytes = NONE;
    private int from;
    private int end;
    private Kind kind = Kind.OTHER;

    /** Views {@code bytes} until it is set again; they must not change until then. */
    public void set(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
        this.kind = Kind.UNKNOWN;
    }

    /** As {@link #set(byte[], int, int)}, with a JSON object that is known to be valid. */
    public void setObject(byte[] json, int from, int end) {
        set(json, from, end);
        kind = Kind.OBJECT;
    }

    /** Looks at what can be read from {@code buffer}, whose indices stay. */
    public void set(ByteBuf buffer) {
        int length = buffer.readableBytes();
        if (buffer.hasArray()) {
            int start = buffer.arrayOffset() + buffer.readerIndex();
            set(buffer.array(), start, start + length);
            return;
        }
        if (copy.length < length || copy.length > KEPT) {
            copy = new byte[Math.max(length, 1024)];
        }
        buffer.getBytes(buffer.readerIndex(), copy, 0, length);
        set(copy, 0, length);
    }

    /** Releases the bytes. */
    public void release() {
        set(NONE, 0, 0);
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int end() {
        return end;
    }

    /** Whether they are one valid JSON object or array. */
    public boolean isJsonContainer() {
        return kind() != Kind.OTHER;
    }

    /** Whether they are one valid JSON value of any kind. */
    public boolean isJson() {
        return isJsonContainer() || scanner.isValue(bytes, from, end);
    }

    /** Whether they are one valid JSON object. */
    public boolean isJsonObject() {
        return kind() == Kind.OBJECT;
    }

    /** Appends the text of a field of the JSON object; false when there is none, or no object. */
    public boolean field(JsonPath path, GrowingBytes into) {
        return isJsonObject() && fields.text(bytes, from, end, path, into);
    }

    private Kind kind() {
        if (kind == Kind.UNKNOWN) {
            int at = from;
            while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
                at++;
            }
            boolean object = at < end && bytes[at] == '{';
            boolean array = at < end && bytes[at] == '[';
            if ((object || array) && scanner.isValue(bytes, at, end)) {
                kind = object ? Kind.OBJECT : Kind.ARRAY;
            } else {
                kind = Kind.OTHER;
            }
        }
        return kind;
    }
}
