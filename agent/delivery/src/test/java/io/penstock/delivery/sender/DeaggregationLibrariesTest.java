package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.kinesis.deagg.RecordDeaggregator;
import com.amazonaws.services.kinesis.clientlibrary.types.UserRecord;
import com.amazonaws.services.kinesis.model.Record;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.sender.call.Aggregate;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Deaggregation by older consumers: the KCL 1, and the library for Lambda functions. {@link AggregateTest} uses the KCL
 * 3's code.
 */
class DeaggregationLibrariesTest {
    private static final String HASH_KEY = "170141183460469231731687303715884105728";
    private static final Shard UPPER = new Shard("upper", Hash128.parse(HASH_KEY), Hash128.MAX);

    private final List<UserRecords.UserRecord> put = new ArrayList<>();

    private Aggregate aggregate() {
        SplittableRandom random = new SplittableRandom(7);
        Aggregate aggregate = new Aggregate(HASH_KEY, 51_200);
        for (int i = 0; i < 200; i++) {
            String key = i % 3 == 0 || put.isEmpty()
                    ? List.of("key", "ß", "語", "😀").get(i % 4).repeat(1 + random.nextInt(60))
                    : put.get(put.size() - 1).key();
            String data = "d" + i + "x".repeat(random.nextInt(150));
            SendRecord record = TestRecords.of(key, data, true);
            if (aggregate.fits(record)) {
                aggregate.add(record);
                put.add(new UserRecords.UserRecord(key, data));
            }
        }
        assertTrue(put.size() > 100, () -> put.size() + " records");
        return aggregate;
    }

    private static <R extends Record> R fill(R record, Aggregate aggregate) {
        record.setPartitionKey(new String(aggregate.partitionKey(), StandardCharsets.UTF_8));
        record.setSequenceNumber("1");
        record.setData(ByteBuffer.wrap(aggregate.data()));
        return record;
    }

    private static List<UserRecords.UserRecord> read(List<UserRecord> records) {
        assertEquals(
                IntStream.range(0, records.size()).boxed().toList(),
                records.stream().map(each -> (int) each.getSubSequenceNumber()).toList());
        return records.stream()
                .map(each -> new UserRecords.UserRecord(
                        each.getPartitionKey(),
                        StandardCharsets.UTF_8.decode(each.getData()).toString()))
                .toList();
    }

    @Test
    void theKinesisClientLibrary1ReadsWhatWentInAndLosesNothingToTheShardsRange() {
        Aggregate aggregate = aggregate();
        assertEquals(put, read(UserRecord.deaggregate(List.of(fill(new Record(), aggregate)))));
        assertEquals(
                put,
                read(UserRecord.deaggregate(
                        List.of(fill(new Record(), aggregate)),
                        new BigInteger(UPPER.first().toDecimal()),
                        new BigInteger(UPPER.last().toDecimal()))));
    }

    @Test
    void theDeaggregatorForLambdaReadsWhatWentIn() {
        KinesisEvent.KinesisEventRecord event = new KinesisEvent.KinesisEventRecord();
        event.setKinesis(fill(new KinesisEvent.Record(), aggregate()));
        assertEquals(put, read(RecordDeaggregator.deaggregate(event)));
    }
}
