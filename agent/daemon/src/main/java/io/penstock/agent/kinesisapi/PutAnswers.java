package io.penstock.agent.kinesisapi;

import io.penstock.delivery.spool.Receipts;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.put.StoredEntry;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import java.util.List;
import java.util.Optional;

/** The bodies of the answers to puts. Stateless. */
final class PutAnswers {
    static final String REFUSED = "The stream does not have the record: it was refused for good and is in the agent's"
            + " dead letters, or the spool dropped it. The agent's status says which.";

    private static final int BYTES_PER_ENTRY = 160;
    /** The agent's numbers have no date of a stream's creation. */
    private static final long OURS = 0;

    private PutAnswers() {}

    /**
     * With the agent's own numbers, which rise with the offset in the stream's spool.
     *
     * @param first the offset of the first record
     * @param shards the shard of each record, as far as known
     */
    static byte[] ours(Codec codec, boolean single, long first, int[] shards) {
        if (single) {
            return Answer.begin(codec)
                    .text("SequenceNumber", new SequenceNumber(OURS, first, shards[0]).toString())
                    .text("ShardId", Shard.id(shards[0]))
                    .end();
        }
        Answer answer = Answer.begin(codec, BYTES_PER_ENTRY * (shards.length + 1))
                .whole("FailedRecordCount", 0)
                .list("Records");
        StoredEntry entry = new StoredEntry(codec, OURS);
        for (int i = 0; i < shards.length; i++) {
            answer.encoded(entry.at(first + i, shards[i]));
        }
        return answer.endList().end();
    }

    /** With the stream's numbers. A record without a receipt is not in the stream. */
    static byte[] delivered(Codec codec, List<Optional<Receipts.Receipt>> receipts) {
        long failed = receipts.stream().filter(Optional::isEmpty).count();
        Answer answer = Answer.begin(codec, BYTES_PER_ENTRY * (receipts.size() + 1))
                .whole("FailedRecordCount", failed)
                .list("Records");
        for (Optional<Receipts.Receipt> receipt : receipts) {
            answer.encoded(receipt.isPresent() ? entry(codec, receipt.get()) : refused(codec));
        }
        return answer.endList().end();
    }

    /** The answer to PutRecord, and an entry of the answer to PutRecords. */
    static byte[] entry(Codec codec, Receipts.Receipt receipt) {
        return Answer.begin(codec)
                .text("SequenceNumber", receipt.sequenceNumber())
                .text("ShardId", receipt.shardId())
                .end();
    }

    private static byte[] refused(Codec codec) {
        return Answer.begin(codec)
                .text("ErrorCode", ErrorType.INTERNAL_FAILURE.wireName())
                .text("ErrorMessage", REFUSED)
                .end();
    }
}
