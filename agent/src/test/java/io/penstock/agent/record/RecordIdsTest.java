package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
    void theFirstTenCharactersAreTheTime() {
        assertEquals("0000000001", next(new RecordIds(1), 1).substring(0, 10));
        assertEquals("7ZZZZZZZZZ", next(new RecordIds(1), (1L << 48) - 1).substring(0, 10));
        assertEquals("01KDYAK3SE", next(new RecordIds(1), MILLIS).substring(0, 10));
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

    private static String next(RecordIds ids, long millis) {
        RecordBuffer buffer = new RecordBuffer(64);
        ids.append(millis, buffer);
        assertEquals(RecordIds.LENGTH, buffer.length());
        return new String(buffer.array(), 0, buffer.length(), StandardCharsets.US_ASCII);
    }
}
