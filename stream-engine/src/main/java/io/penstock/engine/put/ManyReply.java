package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import java.nio.charset.StandardCharsets;

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
        byte[] number = new byte[SequenceNumber.LENGTH];
        byte[] shardId = Shard.id(0).getBytes(StandardCharsets.ISO_8859_1);
        long offset = result.firstOffset();
        for (int i = 0; i < shards.length; i++) {
            ErrorType failure = result.failures()[i];
            answer.object();
            if (failure == null) {
                SequenceNumber.write(result.created(), offset++, shards[i], number);
                Shard.writeIndex(shards[i], shardId);
                answer.ascii("SequenceNumber", number, 0, number.length);
                answer.ascii("ShardId", shardId, 0, shardId.length);
            } else {
                answer.text("ErrorCode", failure.wireName());
                answer.text("ErrorMessage", Puts.rateExceeded(meta, shards[i], account));
            }
            answer.endObject();
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
