package io.penstock.engine.put;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Parses PutRecord and PutRecords bodies into a {@link PutBatch}. Most are plain and are parsed in one pass without an
 * object per record ({@link PlainJson}, {@link PlainCbor}). Any other valid body is read from its tree, after
 * validation.
 */
@OwnedBy(ThreadRole.HOLDER)
final class PutParser {
    private final RecordDraft record = new RecordDraft();
    private final PlainJson json = new PlainJson(record);
    private final PlainCbor cbor = new PlainCbor(record);

    /** Whether the body was a right one, written as clients usually do; {@code batch} holds it then. One pass. */
    boolean plain(byte[] body, Codec codec, boolean single, PutBatch batch) {
        return codec == Codec.JSON ? json.read(body, single, batch) : cbor.read(body, single, batch);
    }

    /** Reads a validated request into {@code batch}. */
    void checked(Input input, boolean single, PutBatch batch) {
        batch.clear();
        batch.streamName = input.optionalText("StreamName").orElse(null);
        batch.streamArn = input.optionalText("StreamARN").orElse(null);
        batch.streamId = input.optionalText("StreamId").orElse(null);
        batch.dryRun = input.flag("DryRun");
        if (single) {
            batch.sequenceNumberForOrdering =
                    input.optionalText("SequenceNumberForOrdering").orElse(null);
            record(input, batch);
        } else {
            for (Input one : input.structures("Records")) {
                record(one, batch);
            }
        }
    }

    private void record(Input input, PutBatch batch) {
        record.begin();
        byte[] key = input.optionalText("PartitionKey").orElse("").getBytes(StandardCharsets.UTF_8);
        record.key(batch.position(), key.length);
        batch.write(key, 0, key.length);
        byte[] data = input.binary("Data");
        record.data(batch.position(), data.length);
        batch.write(data, 0, data.length);
        Optional<String> hashKey = input.optionalText("ExplicitHashKey");
        if (hashKey.isPresent() && !record.explicitHashKey(hashKey.get(), batch)) {
            throw new IllegalStateException("the model takes hash keys that are no numbers");
        }
        if (!record.end(batch)) {
            throw new IllegalStateException("the model requires no data");
        }
    }
}
