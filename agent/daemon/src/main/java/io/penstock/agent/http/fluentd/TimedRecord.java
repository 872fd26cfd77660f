package io.penstock.agent.http.fluentd;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.ForwardRecord;
import io.penstock.forward.server.JsonDialect;

/** A record with another time than its own. Reusable. */
@OwnedBy(ThreadRole.HOLDER)
final class TimedRecord implements ForwardRecord {
    private ForwardRecord record;
    private long seconds;
    private int nanos;

    TimedRecord(ForwardRecord first) {
        this.record = first;
    }

    TimedRecord of(ForwardRecord untimed, long epochSeconds, int nanoOfSecond) {
        record = untimed;
        seconds = epochSeconds;
        nanos = nanoOfSecond;
        return this;
    }

    @Override
    public long seconds() {
        return seconds;
    }

    @Override
    public int nanos() {
        return nanos;
    }

    @Override
    public void dialect(JsonDialect dialect) {
        record.dialect(dialect);
    }

    @Override
    public long writeFields(GrowingBytes out, FieldSet names, FieldValues inPlace) {
        return record.writeFields(out, names, inPlace);
    }

    @Override
    public void write(GrowingBytes out) {
        record.write(out);
    }

    @Override
    public boolean writeValue(String name, GrowingBytes out) {
        return record.writeValue(name, out);
    }

    @Override
    public boolean writeJsonValue(String name, GrowingBytes out) {
        return record.writeJsonValue(name, out);
    }
}
