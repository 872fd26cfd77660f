package io.penstock.delivery.kinesis.put;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.put.PutOutcome.EntryOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The members of one entry of an answer that decide the result of its record. A record is stored if the entry has a
 * sequence number and a shard, and no error code (API reference, PutRecords). Any other entry without an error code
 * leaves the result open. Call {@link #reset} before each entry.
 */
@OwnedBy(ThreadRole.HOLDER)
final class EntryFields {
    /** Names of the members; others are ignored. */
    static final String SEQUENCE_NUMBER = "SequenceNumber";

    static final String SHARD_ID = "ShardId";
    static final String ERROR_CODE = "ErrorCode";
    static final String ERROR_MESSAGE = "ErrorMessage";

    private boolean sequenceNumber;
    private boolean shard;
    private boolean unreadableCode;
    private String code = "";
    private String message = "";

    void reset() {
        sequenceNumber = false;
        shard = false;
        unreadableCode = false;
        code = "";
        message = "";
    }

    /** @param blank true if the text is empty or has only blanks */
    void sequenceNumber(boolean blank) {
        sequenceNumber = !blank;
    }

    /** @param blank true if the text is empty or has only blanks */
    void shard(boolean blank) {
        shard = !blank;
    }

    void code(String text) {
        code = text;
    }

    /** The error code is neither text nor null. */
    void unreadableCode() {
        unreadableCode = true;
    }

    void message(String text) {
        message = text;
    }

    /** The result of the record; null if it is stored. */
    @Nullable
    EntryOutcome failure() {
        if (!code.isEmpty()) {
            return new PutOutcome.NotStored(FaultRules.ofEntry(code, message));
        }
        if (unreadableCode) {
            return new PutOutcome.Unclear("an entry whose " + ERROR_CODE + " is not text");
        }
        if (!sequenceNumber) {
            return new PutOutcome.Unclear("an entry without " + SEQUENCE_NUMBER);
        }
        return shard ? null : new PutOutcome.Unclear("an entry without " + SHARD_ID);
    }
}
