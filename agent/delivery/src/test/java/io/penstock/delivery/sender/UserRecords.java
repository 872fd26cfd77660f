package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.sender.call.Aggregate;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** A Kinesis record as the Kinesis Client Library deaggregates it. */
final class UserRecords {
    private static final AggregatorUtil KCL = new AggregatorUtil();
    private static final Shard ALL = new Shard("", Hash128.MIN, Hash128.MAX);

    /** One record as a consumer gets it. */
    record UserRecord(String key, String data) {}

    private UserRecords() {}

    /** The records that a consumer of {@code shard} gets: the library drops those that belong elsewhere. */
    static List<UserRecord> of(PutEntry entry, Shard shard) {
        if (!(entry instanceof Aggregate)) {
            return List.of(new UserRecord(
                    new String(entry.partitionKey(), StandardCharsets.UTF_8),
                    new String(entry.data(), StandardCharsets.UTF_8)));
        }
        KinesisClientRecord record = KinesisClientRecord.builder()
                .partitionKey(new String(entry.partitionKey(), StandardCharsets.UTF_8))
                .explicitHashKey(entry.explicitHashKey())
                .sequenceNumber("1")
                .data(ByteBuffer.wrap(entry.data()))
                .build();
        return KCL
                .deaggregate(
                        List.of(record),
                        new BigInteger(shard.first().toDecimal()),
                        new BigInteger(shard.last().toDecimal()))
                .stream()
                .map(each -> new UserRecord(
                        each.partitionKey(),
                        StandardCharsets.UTF_8.decode(each.data().duplicate()).toString()))
                .toList();
    }

    static Set<String> keys(PutEntry entry) {
        Set<String> keys = new LinkedHashSet<>();
        of(entry, ALL).forEach(each -> keys.add(each.key()));
        return keys;
    }
}
