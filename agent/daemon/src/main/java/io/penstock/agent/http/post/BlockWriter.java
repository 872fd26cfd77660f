package io.penstock.agent.http.post;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.RecordSink;
import io.penstock.agent.ingest.BodyEvent;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.EntryBlock;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Writes the records of one body into one block. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class BlockWriter implements RecordSink {
    /** More than encoding adds to a record besides escapes: field names, time, id, key. */
    private static final int ADDED = 4 * 1024;

    private final EventWriter events;
    private final BodyEvent event;
    private final Destination destination;
    private final Wishes wishes;
    private final int maxRecord;
    private final EntryBlock block;
    private long bytes;

    /** @param loop whose block it takes and leaves to its owner */
    BlockWriter(LoopState loop, Destination destination, Wishes wishes, int maxRecord) {
        this.events = loop.events();
        this.event = loop.event();
        this.destination = destination;
        this.wishes = wishes;
        this.maxRecord = maxRecord;
        this.block = loop.takeBlock();
    }

    @Override
    public void object(byte[] body, int from, int to) throws Refused {
        before(to - from);
        written(write(event.object(body, from, to)));
    }

    @Override
    public void text(byte[] body, int length, Charset charset) throws Refused {
        before(length);
        boolean asItIs = destination.format() == RecordFormat.RAW || charset.equals(StandardCharsets.UTF_8);
        byte[] text = asItIs ? body : utf8(body, length, charset);
        int end = asItIs ? length : text.length;
        int size = write(event.text(text, 0, end));
        if (size == EventWriter.NOT_UTF8) {
            throw wrongCharset(charset);
        }
        written(size);
    }

    @Override
    public void bytes(byte[] body, int length) throws Refused {
        before(length);
        written(write(event.bytes(body, 0, length)));
    }

    private int write(BodyEvent made) {
        return events.write(made.asked(wishes.partitionKey(), wishes.id()), destination, maxRecord, block);
    }

    EntryBlock block() {
        return block;
    }

    /** Of the records as the stream gets them. */
    long bytes() {
        return bytes;
    }

    private void before(int length) throws Refused {
        if (block.count() == 1 && !wishes.id().isEmpty()) {
            throw Refused.malformed(
                    "an id was given for a body of more than one record", "give each record an id of its own");
        }
        if (length > maxRecord) {
            throw recordTooLarge();
        }
        // A record is at most as large as its stream takes, so this much room is enough for the next one.
        if (block.size() > LoopState.MAX_BLOCK - maxRecord - ADDED) {
            throw Refused.tooLarge(
                    "the body's records take more than " + (LoopState.MAX_BLOCK - maxRecord - ADDED)
                            + " bytes as the stream gets them",
                    "send fewer records in one request");
        }
    }

    private void written(int size) throws Refused {
        if (size == EventWriter.TOO_LARGE) {
            throw recordTooLarge();
        }
        bytes += size;
    }

    private Refused recordTooLarge() {
        return Refused.tooLarge(
                "record " + (block.count() + 1) + " is larger than " + maxRecord
                        + " bytes with its partition key, which is what the stream takes",
                "send it in parts; nothing of this body was stored");
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
