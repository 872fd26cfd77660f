package io.penstock.agent.ingest;

import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.Payload;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that is a JSON object, a text or bytes, and for the rest has what the client asks for. The bytes are the
 * source's; they must not change until {@link #release}.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class BodyEvent implements Event {
    private enum Form {
        OBJECT,
        TEXT,
        BYTES
    }

    private final Payload payload = new Payload();
    private Form form = Form.BYTES;
    private String key = "";
    private String id = "";
    private String logger = "";
    private String stream = "";
    private String user = "";
    private @Nullable Instant time;
    private String recordKey = "";
    private @Nullable Hash128 pin;

    /** @param json from the opening to the closing brace, valid */
    public BodyEvent object(byte[] json, int from, int end) {
        payload.setObject(json, from, end);
        form = Form.OBJECT;
        return this;
    }

    /** A text in UTF-8. */
    public BodyEvent text(byte[] utf8, int from, int end) {
        payload.set(utf8, from, end);
        form = Form.TEXT;
        return this;
    }

    /** Bytes that are stored as they are, whatever the route's format. */
    public BodyEvent bytes(byte[] bytes, int from, int end) {
        payload.set(bytes, from, end);
        form = Form.BYTES;
        return this;
    }

    /**
     * What the client asks for; empty where it asks for nothing.
     *
     * @param partitionKey instead of the route's
     * @param recordId instead of one that is made up
     */
    public BodyEvent asked(String partitionKey, String recordId) {
        key = partitionKey;
        id = recordId;
        return this;
    }

    /** When it was, as far as the source knows; otherwise it is dated with its arrival. For an object only. */
    public BodyEvent at(Instant eventTime) {
        time = eventTime;
        return this;
    }

    /** Under the stream and the user of {@code request}. */
    public BodyEvent posted(KeyFields request) {
        stream = request.stream();
        user = request.user();
        return this;
    }

    /** The logger under which a program logged it. */
    public BodyEvent loggedBy(String name) {
        logger = name;
        return this;
    }

    /**
     * The partition key that came with it as a record, and its explicit hash key.
     *
     * @param hashKey null for none
     */
    public BodyEvent keyed(String key, @Nullable Hash128 hashKey) {
        recordKey = key;
        pin = hashKey;
        return this;
    }

    @Override
    public void release() {
        payload.release();
        asked("", "");
        keyed("", null);
        logger = "";
        stream = "";
        user = "";
        time = null;
    }

    @Override
    public boolean encode(Destination destination, RecordEncoder encoder, GrowingBytes out) {
        if (form == Form.BYTES || destination.format() == RecordFormat.RAW) {
            encoder.raw(payload, out);
        } else if (form == Form.OBJECT) {
            encoder.object(payload, destination.fields(), id, time, out);
        } else {
            return encoder.text(payload, destination.fields(), id, out);
        }
        return true;
    }

    @Override
    public String givenKey() {
        return key;
    }

    @Override
    public String stream() {
        return stream;
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public String recordKey() {
        return recordKey;
    }

    @Override
    public @Nullable Hash128 pin() {
        return pin;
    }

    @Override
    public String logger() {
        return logger;
    }

    @Override
    public boolean jsonField(JsonPath path, GrowingBytes into) {
        return payload.field(path, into);
    }
}
