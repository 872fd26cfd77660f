package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.bytes.GrowingBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIdsTest {
    private static final long MILLIS = 1_767_323_045_678L;

    @Test
    void idsRiseWithinAMillisecondAndWhenTheClockIsSetBack() {
        RecordIds ids = new RecordIds(3);
        String last = next(ids, MILLIS);
        for (int i = 1; i < 10_000; i++) {
            String id = next(ids, MILLIS + (i % 7 == 0 ? -5000 : i / 100));
            assertTrue(id.compareTo(last) > 0, last + " before " + id);
            last = id;
        }
    }

    @Test
    void anIdIsOneMoreThanTheOneBeforeAlsoWhereThatIsCarriedBeyondTheLastCharacters() {
        RecordIds ids = new RecordIds(14_407_571); // 31,568 ids of this seed share all but their last eight characters.
        String last = next(ids, MILLIS);
        String shared = last.substring(0, 18);
        for (int i = 0; i < 40_000; i++) {
            String id = next(ids, MILLIS);
            assertEquals(low(last) + 1, low(id));
            last = id;
        }
        assertEquals(bits(shared, 10, 18) + 1, bits(last, 10, 18));
        assertEquals(0, bits(last, 18, 23), "the last characters began again");
    }

    @Test
    void theFirstTenCharactersAreTheTime() {
        assertEquals("0000000001", next(new RecordIds(1), 1).substring(0, 10));
        assertEquals("7ZZZZZZZZZ", next(new RecordIds(1), (1L << 48) - 1).substring(0, 10));
        assertEquals("01KDYAK3SE", next(new RecordIds(1), MILLIS).substring(0, 10));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -5000, -1, 0})
    void aClockBeforeTheEpochMakesIdsOfItsFirstMillisecondThatAreRandomAllTheSame(long early) {
        Set<String> seen = new HashSet<>();
        for (int agent = 0; agent < 100; agent++) {
            RecordIds ids = new RecordIds();
            String first = next(ids, early);
            String second = next(ids, early);
            assertEquals("0000000000", first.substring(0, 10));
            assertTrue(second.compareTo(first) > 0, first + " before " + second);
            assertTrue(seen.add(first) && seen.add(second), first);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 48, 253_402_300_799_000L * 10, Long.MAX_VALUE})
    void aClockBeyondWhatAnIdCanSayMakesIdsOfItsLastMillisecond(long late) {
        RecordIds ids = new RecordIds();
        String first = next(ids, late);
        String second = next(ids, late);
        assertEquals("7ZZZZZZZZZ", first.substring(0, 10));
        assertTrue(second.compareTo(first) > 0, first + " before " + second);
    }

    @Test
    void aClockThatWasYearsAheadTakesTheIdsBackWithItAndTheyStayDistinct() {
        RecordIds ids = new RecordIds();
        long year2107 = 4_323_000_000_000L;
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < 100; round++) {
            String right = next(ids, MILLIS);
            assertEquals("01KDYAK3SE", right.substring(0, 10));
            String ahead = next(ids, year2107);
            assertTrue(ahead.compareTo(right) > 0, right + " before " + ahead);
            assertTrue(seen.add(right) && seen.add(ahead));
        }
    }

    @Test
    void idsOfSeveralInstancesDiffer() {
        Set<String> seen = new HashSet<>();
        for (int instance = 0; instance < 100; instance++) {
            RecordIds ids = new RecordIds();
            for (int i = 0; i < 100; i++) {
                assertTrue(seen.add(next(ids, MILLIS)));
            }
        }
    }

    /** The last 64 of the random bits. */
    private static long low(String id) {
        return bits(id, 10, 18) << 40 | bits(id, 18, 26);
    }

    private static long bits(String id, int from, int end) {
        long bits = 0;
        for (char c : id.substring(from, end).toCharArray()) {
            bits = bits << 5 | "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(c);
        }
        return bits;
    }

    private static String next(RecordIds ids, long millis) {
        GrowingBytes buffer = new GrowingBytes(64, 64);
        ids.append(millis, buffer);
        assertEquals(RecordIds.LENGTH, buffer.length());
        return new String(buffer.array(), 0, buffer.length(), StandardCharsets.US_ASCII);
    }
}
