package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to a call when its outcome is known: once, on the call's event loop.
 *
 * @param single whether it was a PutRecord
 * @param reply takes the answer
 */
record PutAnswer(Codec codec, boolean single, StreamMeta meta, EngineMeters meters, Puts.Reply reply) {
    private static final int BYTES_PER_ENTRY = 128;

    /** The call's records are stored, except those with a failure of their own. */
    void stored(Result result) {
        if (single) {
            one(result);
        } else {
            many(result);
        }
    }

    /** The call is refused as a whole. */
    void refused(ErrorType reason, String message) {
        reply.refused(new ServiceException(reason, message));
    }

    private void one(Result result) {
        int shard = result.shards()[0];
        ErrorType failure = result.failures()[0];
        if (failure != null) {
            meters.throttled(1);
            reply.refused(new ServiceException(failure, rateExceeded(shard)));
            return;
        }
        meters.stored(1, result.bytes());
        Answer answer = Answer.begin(codec)
                .text("SequenceNumber", new SequenceNumber(result.created(), result.firstOffset(), shard).toString())
                .text("ShardId", Shard.id(shard));
        reply.answered(ended(answer));
    }

    /** One entry per record, in their order. */
    private void many(Result result) {
        int[] shards = result.shards();
        meters.stored(shards.length - result.failed(), result.bytes());
        meters.throttled(result.failed());
        Answer answer = Answer.begin(codec, BYTES_PER_ENTRY * (shards.length + 1));
        answer.whole("FailedRecordCount", result.failed()).list("Records");
        StoredEntry entry = new StoredEntry(codec, result.created());
        long offset = result.firstOffset();
        for (int i = 0; i < shards.length; i++) {
            ErrorType failure = result.failures()[i];
            answer.encoded(failure == null ? entry.at(offset++, shards[i]) : failed(failure, shards[i]));
        }
        reply.answered(ended(answer.endList()));
    }

    private byte[] failed(ErrorType failure, int shard) {
        return Answer.begin(codec)
                .text("ErrorCode", failure.wireName())
                .text("ErrorMessage", rateExceeded(shard))
                .end();
    }

    private byte[] ended(Answer answer) {
        if (!meta.options().encryptionKey().isEmpty()) {
            answer.text("EncryptionType", "KMS");
        }
        return answer.end();
    }

    private String rateExceeded(int shard) {
        return "Rate exceeded for shard " + Shard.id(shard) + " in stream " + meta.name() + " under account "
                + meta.scope().account() + ".";
    }

    /**
     * The result for the records of one call, in their order: all records that did not fail are durable.
     *
     * @param created the stream's creation, for sequence numbers
     * @param firstOffset of the first stored record; the others follow consecutively
     * @param shards the shard of each record
     * @param failures why a record failed; null if it was stored
     * @param bytes of stored keys and data
     */
    @SuppressWarnings("ArrayRecordComponent") // created once, read once
    record Result(
            long created,
            long firstOffset,
            int[] shards,
            @Nullable ErrorType[] failures,
            long bytes) {
        int failed() {
            int failed = 0;
            for (ErrorType failure : failures) {
                failed += failure == null ? 0 : 1;
            }
            return failed;
        }
    }
}
