package io.penstock.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SequenceNumberTest {
    private static BigInteger number(long created, long offset, int shard) {
        return new BigInteger(new SequenceNumber(created, offset, shard).toString());
    }

    @Test
    void theTextIsReadBack() {
        SequenceNumber number = new SequenceNumber(1_750_000_000_000L, 123_456_789L, 42);
        assertEquals(Optional.of(number), SequenceNumber.parse(number.toString()));
        assertEquals(56, number.toString().length());
    }

    @Test
    void theLargestPartsFit() {
        SequenceNumber number = new SequenceNumber(999_999_999_999_999L, Long.MAX_VALUE - 1, Integer.MAX_VALUE);
        assertEquals(Optional.of(number), SequenceNumber.parse(number.toString()));
    }

    @Test
    void numbersRiseWithTheOffsetWhateverTheShard() {
        assertTrue(number(1, 10, 9).compareTo(number(1, 11, 0)) < 0);
    }

    @Test
    void aChildsFirstNumberIsAboveItsParentsLast() {
        assertTrue(number(1, 10, 0).compareTo(number(1, 10, 1)) < 0);
    }

    @Test
    void thereIsANumberBeforeTheFirst() {
        assertTrue(number(1, -1, 5).compareTo(number(1, 0, 0)) < 0);
        assertEquals(
                -1,
                SequenceNumber.parse(new SequenceNumber(1, -1, 5).toString())
                        .orElseThrow()
                        .offset());
    }

    @Test
    void aLaterStreamsNumbersAreAboveAnEarlierOnes() {
        assertTrue(number(1, Long.MAX_VALUE - 1, Integer.MAX_VALUE).compareTo(number(2, 0, 0)) < 0);
    }

    @Test
    void whatNoStreamGaveOutIsNone() {
        assertEquals(Optional.empty(), SequenceNumber.parse("0"));
        assertEquals(Optional.empty(), SequenceNumber.parse("9".repeat(56)));
        assertEquals(Optional.empty(), SequenceNumber.parse("49" + "0".repeat(15) + "9".repeat(39)));
        assertEquals(Optional.empty(), SequenceNumber.parse("49" + "x".repeat(54)));
        assertEquals(Optional.empty(), SequenceNumber.parse("4".repeat(57)));
    }
}
