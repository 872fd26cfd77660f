package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.penstock.base.settings.Parsed;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.007008009Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "%Y-%m-%dT%H:%M:%S; 2026-02-03T04:05:06",
                "%Y-%m-%dT%H:%M:%S.%3N; 2026-02-03T04:05:06.007",
                "%Y-%m-%dT%H:%M:%S.%9NZ; 2026-02-03T04:05:06.007008009Z",
                "%FT%T.%N%z; 2026-02-03T04:05:06.007008009+0000",
                "%y %e %j %6N; 26  3 034 007008",
                "%s; 1770091506",
                "%a %A %b %B %R %I %p; Tue Tuesday Feb February 04:05 04 AM",
                "at %H o'clock %Z, 100 %%; at 04 o'clock UTC, 100 %"
            })
    void writesWhatStrftimeWrites(String pattern, String expected) {
        TimeFormat format = ((Parsed.Right<TimeFormat>) TimeFormat.parse(pattern)).value();
        assertEquals(expected, format.format(TIME.getEpochSecond(), TIME.getNano()));
        assertEquals(pattern, format.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "%Q", "%L", "%1N", "%Y-%"})
    void refusesWhatItDoesNotKnow(String pattern) {
        assertInstanceOf(Parsed.Wrong.class, TimeFormat.parse(pattern));
    }
}
