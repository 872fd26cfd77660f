package io.penstock.agent.http.post;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.ingest.Event;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.route.Destination;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.EntryBlock;

/** Writes the records of one body for one stream into one block. */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class BlockWriter {
    /** More than encoding adds to a record besides escapes: field names, time, id, key. */
    private static final int ADDED = 4 * 1024;

    private final LoopState loop;
    private final Destination destination;
    private final int maxRecord;
    private final EntryBlock block;
    private long bytes;

    /** @param loop whose block it takes */
    public BlockWriter(LoopState loop, Destination destination) {
        this.loop = loop;
        this.destination = destination;
        this.maxRecord = loop.intake().maxRecord().applyAsInt(destination.stream());
        this.block = loop.takeBlock();
    }

    /**
     * Writes one event, and releases it.
     *
     * @param length of the event as it came
     * @return false when it is text that is no UTF-8
     * @throws Refused when its record is larger than the stream takes, or the body's records are more than a block
     * holds
     */
    public boolean write(Event event, int length) throws Refused {
        if (length > maxRecord) {
            event.release();
            throw recordTooLarge();
        }
        requireRoom(maxRecord);
        Written written = loop.events().write(event, destination, maxRecord, block);
        if (written == Written.TOO_LARGE) {
            throw recordTooLarge();
        }
        wrote(loop.events().size());
        return written != Written.NOT_UTF8;
    }

    /** Asks for room for one record more, of up to {@code record} bytes. */
    public void requireRoom(int record) throws Refused {
        int most = LoopState.MAX_BLOCK - record - ADDED;
        if (block.size() > most) {
            throw Refused.tooLarge(
                    "the body's records take more than " + most + " bytes as the stream gets them",
                    "send fewer records in one request");
        }
    }

    /** The refusal of the record that comes next. */
    public Refused recordTooLarge() {
        return Refused.tooLarge(
                "record " + (block.count() + 1) + " is larger than " + maxRecord
                        + " bytes with its partition key, which is what the stream takes",
                "send it in parts; nothing of this body was stored");
    }

    /** The caller has written a record of {@code size} bytes into {@link #block} itself. */
    public void wrote(int size) {
        bytes += size;
    }

    /** How many records there are. */
    public int count() {
        return block.count();
    }

    public EntryBlock block() {
        return block;
    }

    /** The most that the stream takes, key and data together. */
    public int maxRecord() {
        return maxRecord;
    }

    /** Bytes of memory that the records take. */
    public int size() {
        return block.size();
    }

    public Filled filled() {
        return new Filled(destination.stream(), block, bytes);
    }

    /** Gives the block back. */
    public void release() {
        loop.giveBack(block);
    }
}
