package io.penstock.agent.http.post;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.http.body.BodyReader;
import io.penstock.agent.http.body.RecordSink;
import io.penstock.agent.ingest.BodyEvent;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.JsonDialect;
import io.penstock.forward.server.msgpack.MsgpackEvents;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The records of one body that is posted to a stream. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class StreamRecords implements Records, RecordSink {
    private final LoopState loop;
    private final BodyEvent event;
    private final KeyFields names;
    private final Destination destination;
    private final PostParameters parameters;
    private final BlockWriter writer;
    private final BodyReader reader;

    StreamRecords(
            LoopState loop,
            KeyFields names,
            Destination destination,
            PostParameters parameters,
            BodyFormat format,
            byte[] body,
            int length) {
        this.names = names;
        this.loop = loop;
        this.event = loop.event();
        this.destination = destination;
        this.parameters = parameters;
        this.writer = new BlockWriter(loop, destination);
        this.reader = format.reader(body, length, this);
    }

    @Override
    public boolean advance(int budget) throws Refused {
        return reader.advance(budget);
    }

    @Override
    public void object(byte[] body, int from, int to) throws Refused {
        write(event.object(body, from, to), to - from);
    }

    @Override
    public void event(MsgpackEvents events, int length) throws Refused {
        GrowingBytes json = loop.json();
        events.dialect(destination.fields().binaryIsText() ? JsonDialect.PLAIN_TEXT : JsonDialect.PLAIN);
        events.write(json);
        loop.facts().textReplaced(events.takeReplaced());
        if (json.overflowed()) {
            throw writer.recordTooLarge();
        }
        event.object(json.array(), 0, json.length());
        if (events.hasTime()) {
            event.at(Instant.ofEpochSecond(events.seconds(), events.nanos()));
        }
        write(event, json.length());
    }

    @Override
    public void text(byte[] body, int length, Charset charset) throws Refused {
        boolean asItIs = destination.format() == RecordFormat.RAW || charset.equals(StandardCharsets.UTF_8);
        byte[] text = asItIs ? body : utf8(body, length, charset);
        int end = asItIs ? length : text.length;
        if (!write(event.text(text, 0, end), length)) {
            throw wrongCharset(charset);
        }
    }

    @Override
    public void bytes(byte[] body, int length) throws Refused {
        write(event.bytes(body, 0, length), length);
    }

    private boolean write(BodyEvent made, int length) throws Refused {
        if (writer.count() == 1 && !parameters.id().isEmpty()) {
            made.release();
            throw Refused.malformed(
                    "an id was given for a body of more than one record", "give each record an id of its own");
        }
        return writer.write(
                made.asked(parameters.partitionKey(), parameters.id()).posted(names), length);
    }

    @Override
    public long blockBytes() {
        return writer.size();
    }

    @Override
    public List<Filled> filled() {
        return writer.count() == 0 ? List.of() : List.of(writer.filled());
    }

    @Override
    public void release() {
        writer.release();
    }

    private static byte[] utf8(byte[] body, int length, Charset charset) throws Refused {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body, 0, length))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException broken) {
            throw wrongCharset(charset);
        }
    }

    private static Refused wrongCharset(Charset charset) {
        return Refused.malformed(
                "the body is not valid " + charset.name(),
                "name its charset in Content-Type, or send it as application/octet-stream");
    }
}
