package io.penstock.agent.kinesisapi;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.Puts;
import io.penstock.journal.EntryBlock;
import org.jspecify.annotations.Nullable;

/** One call between its arrival and its answer. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PutUnderWay {
    private final Puts.Call call;
    private final long[] hashKeys;
    private final int records;
    private final long bytes;
    private final AckMode ack;
    private final long since = System.nanoTime();
    private @Nullable EntryBlock block;
    private long last = -1;
    private boolean answered;

    /** @param ack when it is answered */
    PutUnderWay(Puts.Call call, long[] hashKeys, long bytes, AckMode ack, EntryBlock block) {
        this.call = call;
        this.hashKeys = hashKeys;
        this.records = hashKeys.length / 2;
        this.bytes = bytes;
        this.ack = ack;
        this.block = block;
    }

    Puts.Call call() {
        return call;
    }

    long[] hashKeys() {
        return hashKeys;
    }

    int records() {
        return records;
    }

    AckMode ack() {
        return ack;
    }

    /** Whether its records have receipts. */
    boolean delivers() {
        return ack == AckMode.DELIVERED;
    }

    /** Of keys and data. */
    long bytes() {
        return bytes;
    }

    /** The records, until the spool has them; then null. */
    @Nullable
    EntryBlock block() {
        return block;
    }

    /** The spool has the records, or never will. */
    void dropBlock() {
        block = null;
    }

    void spooledUpTo(long offset) {
        last = offset;
    }

    /** The offset of the first record; negative while the spool does not have it. */
    long first() {
        return last < 0 ? -1 : last - records + 1;
    }

    long ageNanos() {
        return System.nanoTime() - since;
    }

    boolean isAnswered() {
        return answered;
    }

    void answer(byte[] body) {
        if (!answered) {
            answered = true;
            call.reply().answered(body);
        }
    }

    void refuse(ServiceException why) {
        if (!answered) {
            answered = true;
            call.reply().refused(why);
        }
    }
}
