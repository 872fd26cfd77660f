package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;

/** The answer to a PutRecord. */
record SingleReply(Codec codec, StreamMeta meta, String account, EngineMeters meters, Puts.Reply reply)
        implements PutReply {
    @Override
    public void stored(PutResult result) {
        int shard = result.shards()[0];
        ErrorType failure = result.failures()[0];
        if (failure != null) {
            meters.throttled(1);
            reply.refused(new ServiceException(failure, Puts.rateExceeded(meta, shard, account)));
            return;
        }
        meters.stored(1, result.bytes());
        Answer answer = Answer.begin(codec)
                .text("SequenceNumber", new SequenceNumber(result.created(), result.firstOffset(), shard).toString())
                .text("ShardId", Shard.id(shard));
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
