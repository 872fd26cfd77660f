package io.penstock.agent.otlp;

import io.penstock.agent.ingest.Event;
import io.penstock.agent.record.JsonFields;
import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.OwnFields;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.Source;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One log record as an event. Its record is what the log record's resource and scope share, then its own fields. Its
 * time is the record's own, else the one at which it was observed, else the agent's. Its id is the attribute
 * {@code log.record.uid}, if it has one.
 */
@OwnedBy(ThreadRole.HOLDER)
final class LogEvent implements Event, OwnFields {
    /** What its records may have besides time and id. */
    static final Set<String> NAMES = Source.OTLP.ownFields();

    private static final byte[] UID = "log.record.uid".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST_ID = 256;
    private static final long SECOND = 1_000_000_000;

    private static final int RECORD = 2;

    private final InstantSource clock;
    private final JsonFields found = new JsonFields();
    private final GrowingBytes nothing = new GrowingBytes(0, 0);

    private Transcoder.@Nullable Level level;
    private GrowingBytes shared;
    private String service = "";
    private String user = "";
    private Instant time = Instant.EPOCH;
    private String id = "";
    private @Nullable Damaged damage;
    private GrowingBytes record;
    private int start;

    LogEvent(InstantSource clock) {
        this.clock = clock;
        this.shared = nothing;
        this.record = nothing;
    }

    /**
     * Prepares the log record that fills the body from one index to another.
     *
     * @param prefix what its resource and its scope add
     */
    LogEvent of(Transcoder transcoder, int from, int to, GrowingBytes prefix, String serviceName, String userName)
            throws Damaged {
        Transcoder.Level read = transcoder.read(Message.LOG_RECORD, from, to, RECORD);
        long nanos = read.value(Message.TIME);
        if (nanos == 0) {
            nanos = read.value(Message.OBSERVED_TIME);
        }
        time = nanos == 0
                ? clock.instant()
                : Instant.ofEpochSecond(Long.divideUnsigned(nanos, SECOND), Long.remainderUnsigned(nanos, SECOND));
        boolean hasUid = read.has(Message.RECORD_ATTRIBUTES) && transcoder.mentions(UID, from, to);
        String uid = hasUid ? transcoder.attribute(read, Message.RECORD_ATTRIBUTES, UID) : "";
        id = uid.length() > LONGEST_ID ? "" : uid;
        level = read;
        shared = prefix;
        service = serviceName;
        user = userName;
        damage = null;
        return this;
    }

    /** Why {@link #encode} found no record, if it did not. */
    @Nullable
    Damaged damage() {
        return damage;
    }

    @Override
    public boolean encode(Destination destination, RecordEncoder encoder, GrowingBytes out) {
        record = out;
        start = out.length();
        if (destination.format() == RecordFormat.RAW) {
            out.put('{');
            write(out);
            out.put('}');
        } else {
            encoder.own(this, destination.fields(), time, id, out);
        }
        return damage == null;
    }

    /** Also takes away the comma behind time and id when the log record is empty. */
    @Override
    public void write(GrowingBytes out) {
        out.put(shared.array(), 0, shared.length());
        try {
            if (level != null) {
                level.members(out);
            }
        } catch (Damaged broken) {
            damage = broken;
        }
        if (out.array()[out.length() - 1] == ',') {
            out.truncate(out.length() - 1);
        }
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public boolean readsRecord() {
        return true;
    }

    @Override
    public boolean jsonField(JsonPath path, GrowingBytes into) {
        return found.text(record.array(), start, record.length(), path, into);
    }

    @Override
    public void release() {
        level = null;
        shared = nothing;
        service = "";
        user = "";
        id = "";
        record = nothing;
    }
}
