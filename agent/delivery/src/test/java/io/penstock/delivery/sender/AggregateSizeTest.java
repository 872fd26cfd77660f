package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.sender.call.Aggregate;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The size of an aggregate, to the byte, for several limits: those of routes, and a Kinesis record's former and present
 * ones.
 */
class AggregateSizeTest {
    private static SendRecord record(String key, String data) {
        return TestRecords.of(key, data, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {51_200, 1 << 20})
    void aRecordFitsToTheLastByteAndNotOneMore(int limit) {
        int fitting = 0;
        for (int data = limit - 200; data <= limit; data++) {
            Aggregate aggregate = new Aggregate("1", limit);
            SendRecord record = record("key", "x".repeat(data));
            if (aggregate.fits(record)) {
                aggregate.add(record);
                fitting = aggregate.size();
                assertEquals(fitting, aggregate.data().length + 3);
            }
        }
        assertEquals(limit, fitting, "the largest one fills it");
    }

    /** Keys of 1 to 256 characters, of one to four bytes each, all with a limit of 51,200 bytes. */
    @ParameterizedTest
    @ValueSource(ints = {51_200, 1 << 20, 10 << 20})
    void whateverTheKeyTheLargestRecordThatFitsIsTakenAndOneByteMoreIsNot(int limit) {
        int step = limit == 51_200 ? 1 : limit == 1 << 20 ? 51 : 255;
        for (String character : List.of("a", "ß", "語", "😀")) {
            for (int length = 1; length <= 256; length += step) {
                String key = character.repeat(length);
                int largest = largestThatFits(limit, key);
                assertTrue(encoded(key, largest) <= limit, () -> key + " with " + largest);
                assertTrue(encoded(key, largest + 1) > limit, () -> key + " with " + (largest + 1));
            }
        }
    }

    /** In addition to a record that was added before, by bisection. */
    private static int largestThatFits(int limit, String key) {
        int fits = limit - 1200;
        int tooLarge = limit;
        while (tooLarge - fits > 1) {
            int data = (fits + tooLarge) >>> 1;
            Aggregate aggregate = new Aggregate("1", limit);
            aggregate.add(record("first", "one"));
            if (aggregate.fits(record(key, "x".repeat(data)))) {
                fits = data;
            } else {
                tooLarge = data;
            }
        }
        return fits;
    }

    /** The size as the service counts it, from the encoded bytes. */
    private static int encoded(String key, int data) {
        Aggregate aggregate = new Aggregate("1", Integer.MAX_VALUE);
        aggregate.add(record("first", "one"));
        aggregate.add(record(key, "x".repeat(data)));
        return aggregate.data().length + aggregate.partitionKey().length;
    }

    @Test
    void whatDoesNotFitAloneIsNotTaken() {
        assertFalse(new Aggregate("1", 51_200).fits(record("key", "x".repeat(51_200))));
    }
}
