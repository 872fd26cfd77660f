package io.penstock.base.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampTextTest {
    private final TimestampText text = new TimestampText();

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05.000000678Z, 2026-01-02T03:04:05.000000678Z",
        "2026-12-31T23:59:59.999999999Z, 2026-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000000000Z",
        "1969-12-31T23:59:59.5Z, 1969-12-31T23:59:59.500000000Z",
        "0999-01-01T00:00:00Z, 0999-01-01T00:00:00.000000000Z",
    })
    void instantsAreWrittenInUtcWithNanoseconds(String instant, String written) {
        assertEquals(written, write(Instant.parse(instant)));
    }

    @Test
    void theSecondsArePreparedAnewWhenTheyChange() {
        Instant instant = Instant.parse("2026-02-28T23:59:58.25Z");
        for (int i = 0; i < 10; i++) {
            Instant next = instant.plusMillis(400L * i);
            assertEquals(Instant.parse(write(next)), next);
        }
        assertEquals("2026-02-28T23:59:58.250000000Z", write(instant));
    }

    @Test
    void secondsThatComeInAnyOrderAreWrittenAsTheyAre() {
        GrowingBytes bytes = new GrowingBytes(64, 128);
        text.append(1_700_000_000L, 1, bytes);
        text.append(1_700_000_000L, 999_999_999, bytes);
        text.append(0, 0, bytes);
        assertEquals(
                "2023-11-14T22:13:20.000000001Z2023-11-14T22:13:20.999999999Z1970-01-01T00:00:00.000000000Z",
                bytes.toString());
    }

    private String write(Instant instant) {
        GrowingBytes bytes = new GrowingBytes(64, 64);
        text.append(instant.getEpochSecond(), instant.getNano(), bytes);
        return bytes.toString();
    }
}
