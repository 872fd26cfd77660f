package io.penstock.agent.http.fluentd;

import io.penstock.agent.forward.ChunkRecords;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyReader;
import io.penstock.agent.http.body.RecordSink;
import io.penstock.agent.http.post.BlockWriter;
import io.penstock.agent.http.post.Filled;
import io.penstock.agent.http.post.LoopState;
import io.penstock.agent.http.post.Records;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.ForwardRecord;
import io.penstock.forward.server.msgpack.MsgpackEvents;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;

/**
 * The records of one body that is posted under a tag. An event among others that its stream cannot take goes on to the
 * spool, from where the sender puts it to the dead letters: its client could only send the same body again.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class TagRecords implements Records, RecordSink {
    private static final String TIME = "time";

    private final TagTask task;
    private final LoopState loop;
    private final ChunkRecords records;
    private final BlockWriter writer;
    private final BodyReader reader;
    private final Instant arrival;
    private final JsonRecord json = new JsonRecord();
    private final TimedRecord timed = new TimedRecord(json);
    private EventSeconds time;
    private int tooLarge;

    TagRecords(TagTask task, byte[] body, int length) {
        this.task = task;
        this.loop = task.loop();
        this.records = loop.tagged();
        this.writer = new BlockWriter(loop, task.destination());
        this.arrival = loop.intake().clock().instant();
        this.time = task.time();
        this.reader = task.format().reader(body, length, this);
    }

    @Override
    public boolean advance(int budget) throws Refused {
        records.begin(task.tag(), task.user()); // other requests of the loop had their turn
        return reader.advance(budget);
    }

    @Override
    public void formTime(String value) {
        time = EventSeconds.parse(value);
    }

    @Override
    public void object(byte[] body, int from, int to) throws Refused {
        write(json.of(body, from, to), false);
    }

    @Override
    public void event(MsgpackEvents events, int length) throws Refused {
        write(events, events.hasTime());
        loop.facts().textReplaced(events.takeReplaced());
    }

    @Override
    public void text(byte[] body, int length, Charset charset) {
        throw new IllegalStateException("text has no fields");
    }

    @Override
    public void bytes(byte[] body, int length) {
        throw new IllegalStateException("bytes have no fields");
    }

    private void write(ForwardRecord record, boolean hasTime) throws Refused {
        ForwardRecord dated = dated(record, hasTime);
        writer.requireRoom(writer.maxRecord());
        Written written = records.write(dated, task.destination(), writer.maxRecord(), writer.block());
        if (written == Written.TOO_LARGE) {
            writer.requireRoom(RecordEncoder.MAX_BYTES);
            written = records.write(dated, task.destination(), RecordEncoder.MAX_BYTES, writer.block());
            if (written == Written.TOO_LARGE) {
                throw writer.recordTooLarge();
            }
            tooLarge++;
        }
        writer.wrote(records.size());
    }

    /** The request's time comes first, then the event's own, then its field {@code time}, then that of arrival. */
    private ForwardRecord dated(ForwardRecord record, boolean hasTime) {
        if (!time.isKnown() && hasTime) {
            return record;
        }
        EventSeconds known = time.isKnown() ? time : field(record);
        return known.isKnown()
                ? timed.of(record, known.seconds(), known.nanos())
                : timed.of(record, arrival.getEpochSecond(), arrival.getNano());
    }

    private EventSeconds field(ForwardRecord record) {
        GrowingBytes value = loop.json();
        return record.writeJsonValue(TIME, value) && !value.overflowed()
                ? EventSeconds.parse(value.toString())
                : EventSeconds.NONE;
    }

    @Override
    public long blockBytes() {
        return writer.size();
    }

    @Override
    public List<Filled> filled() throws Refused {
        if (tooLarge > 0 && writer.count() == 1) {
            throw Refused.tooLarge(
                    "the event is larger than " + writer.maxRecord()
                            + " bytes with its partition key, which is what the stream takes",
                    "send less, or raise the stream's maximum record size");
        }
        if (tooLarge > 0) {
            task.toDeadLetters(tooLarge, writer.maxRecord());
        }
        return writer.count() == 0 ? List.of() : List.of(writer.filled());
    }

    @Override
    public void release() {
        writer.release();
    }
}
