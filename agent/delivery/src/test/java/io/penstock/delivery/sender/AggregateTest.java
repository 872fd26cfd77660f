package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.sender.call.Aggregate;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.kinesis.retrieval.AggregatorUtil;

/** The aggregates as the Kinesis Client Library reads them: the KCL 3, and in a separate run the KCL 2. */
class AggregateTest {
    private static final Shard ALL = new Shard("shard", Hash128.MIN, Hash128.MAX);

    /** With the wrong version the other tests would pass as well. */
    @Test
    void theClientLibraryIsTheOneThatTheRunIsFor() {
        String jar = AggregatorUtil.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        String version = System.getProperty("penstock.test.kcl", "3.");
        assertTrue(jar.contains("amazon-kinesis-client-" + version), jar);
    }

    private static SendRecord record(String key, String data) {
        return TestRecords.of(key, data, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {51_200, 1 << 20, 10 << 20})
    void sizesAreExactAndTheClientLibraryReadsWhatWentIn(int limit) {
        SplittableRandom random = new SplittableRandom(limit);
        for (int round = 0; round < 12; round++) {
            Aggregate aggregate = new Aggregate("" + Math.abs(random.nextLong()), limit);
            List<UserRecords.UserRecord> put = new ArrayList<>();
            String letter = List.of("a", "ß", "語", "😀").get(random.nextInt(4));
            int largest = Math.max(2, limit / (1 + random.nextInt(400)));
            while (true) {
                int length = random.nextInt(1, letter.length() > 1 ? 129 : 257);
                String key = random.nextInt(3) > 0 || put.isEmpty()
                        ? letter.repeat(length)
                        : put.get(put.size() - 1).key();
                String data = "x".repeat(random.nextInt(largest));
                SendRecord next = record(key, data);
                if (!aggregate.fits(next)) {
                    break;
                }
                aggregate.add(next);
                put.add(new UserRecords.UserRecord(key, data));
                assertTrue(aggregate.size() <= limit);
            }
            if (put.isEmpty()) {
                continue;
            }
            assertEquals(aggregate.size(), aggregate.data().length + aggregate.partitionKey().length);
            assertEquals(put.get(0).key(), new String(aggregate.partitionKey(), StandardCharsets.UTF_8));
            assertEquals(put, UserRecords.of(aggregate, ALL));
        }
    }

    @Test
    void everyLengthOfAVariableIntegerIsCountedRightly() {
        for (int length : new int[] {0, 1, 126, 127, 128, 16_382, 16_383, 16_384, 16_385, 2_097_151, 2_097_152}) {
            Aggregate aggregate = new Aggregate("340282366920938463463374607431768211455", 10 << 20);
            aggregate.add(record("k", "x".repeat(length)));
            aggregate.add(record("k", "y"));
            assertEquals(aggregate.size(), aggregate.data().length + 1);
            assertEquals(2, UserRecords.of(aggregate, ALL).size());
        }
    }
}
