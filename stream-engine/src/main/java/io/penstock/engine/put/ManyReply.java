package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;

/** The answer to a PutRecords: one entry for each record, in their order. */
record ManyReply(Codec codec, StreamMeta meta, String account, EngineMeters meters, Puts.Reply reply)
        implements PutReply {
    private static final int BYTES_PER_ENTRY = 128;

    @Override
    public void stored(PutResult result) {
        int[] shards = result.shards();
        meters.stored(shards.length - result.failed(), result.bytes());
        meters.throttled(result.failed());
        Answer answer = Answer.begin(codec, BYTES_PER_ENTRY * (shards.length + 1));
        answer.whole("FailedRecordCount", result.failed()).list("Records");
        StoredEntry entry = new StoredEntry(codec, result.created());
        long offset = result.firstOffset();
        for (int i = 0; i < shards.length; i++) {
            ErrorType failure = result.failures()[i];
            answer.encoded(
                    failure == null
                            ? entry.at(offset++, shards[i])
                            : Answer.begin(codec)
                                    .text("ErrorCode", failure.wireName())
                                    .text("ErrorMessage", Puts.rateExceeded(meta, shards[i], account))
                                    .end());
        }
        answer.endList();
        if (!meta.options().encryptionKey().isEmpty()) {
            answer.text("EncryptionType", "KMS");
        }
        reply.answered(answer.end());
    }

    @Override
    public void refused(ErrorType reason, String message) {
        reply.refused(new ServiceException(reason, message));
    }
}
