package io.penstock.base.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowingBytesTest {
    @Test
    void bytesGrowFromNothingUpToTheirBound() {
        GrowingBytes bytes = new GrowingBytes(0, 100);
        for (int i = 0; i < 100; i++) {
            bytes.put('a');
        }
        assertFalse(bytes.overflowed());
        assertEquals("a".repeat(100), bytes.toString());
    }

    @Test
    void whatWouldPassTheBoundIsLeftOutAndSoIsAllBehindIt() {
        GrowingBytes bytes = new GrowingBytes(4, 4);
        bytes.ascii("abc");
        bytes.ascii("de");
        bytes.put('f');
        assertTrue(bytes.overflowed());
        assertEquals("abc", bytes.toString());
        bytes.truncate(1);
        assertTrue(bytes.overflowed());
        bytes.cutBack(1);
        bytes.ascii("xyz");
        assertEquals("axyz", bytes.toString());
        assertFalse(bytes.overflowed());
    }

    @Test
    void roomThatCannotBeMadeIsNoOverflowUntilItIsUsed() {
        GrowingBytes bytes = new GrowingBytes(0, 8);
        assertFalse(bytes.reserve(9));
        assertTrue(bytes.reserve(8));
        bytes.ascii("12345678");
        assertEquals("12345678", bytes.toString());
    }

    @Test
    void memoryBeyondWhatIsKeptIsReleased() {
        GrowingBytes bytes = new GrowingBytes(16, 1 << 20);
        bytes.put(new byte[5_000]);
        bytes.clear(10_000);
        assertTrue(bytes.array().length >= 5_000);
        bytes.put(new byte[50_000]);
        bytes.clear(10_000);
        assertEquals(16, bytes.array().length);
        assertEquals(0, bytes.length());
    }

    @Test
    void textAndNumbersAreWrittenInTheirOrder() {
        GrowingBytes bytes = new GrowingBytes(0, 1_000);
        bytes.utf8("\u00e9\u20ac\ud83d\ude00\ud83d!");
        bytes.number(-17);
        bytes.digits(7, 3);
        bytes.put(ByteBuffer.wrap("<raw>".getBytes(StandardCharsets.US_ASCII)));
        bytes.codePoint(0x10FFFF);
        assertEquals("\u00e9\u20ac\ud83d\ude00?!-17007<raw>" + Character.toString(0x10FFFF), bytes.toString());
    }

    @Test
    void numbersOfEachLengthHaveAllOfTheirDigits() {
        GrowingBytes bytes = new GrowingBytes(0, 100);
        for (int digits = 1; digits <= 19; digits++) {
            for (String text : List.of("1", "9", "1234567890123456789", "9090909090909090909", "1000000000000000000")) {
                String number = text.substring(0, Math.min(text.length(), digits));
                bytes.clear();
                bytes.number(Long.parseLong(number));
                bytes.number(-Long.parseLong(number));
                bytes.digits(Long.parseLong(number), 19);
                assertEquals(number + "-" + number + "0".repeat(19 - number.length()) + number, bytes.toString());
            }
        }
    }

    @Test
    void eightDigitsAtOnceAreThoseOfTheNumber() {
        GrowingBytes bytes = new GrowingBytes(0, 100);
        for (int number = 0; number < 100_000_000; number += 997) {
            bytes.clear();
            bytes.digits(number, 8);
            assertEquals(number, Integer.parseInt(bytes.toString()));
            assertEquals(8, bytes.length());
        }
    }

    @Test
    void integersAreBigEndianAndCanBeWrittenOver() {
        GrowingBytes bytes = new GrowingBytes(0, 16);
        bytes.put('x');
        bytes.putInt(0);
        bytes.setInt(1, 0x61626364);
        assertEquals("xabcd", bytes.toString());
    }
}
