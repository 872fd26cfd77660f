package io.penstock.base.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void lineBreaksAndControlCharactersBecomeSpaces() {
        assertEquals("a b c d e", OneLine.of("a\nb\rc\u001bd\u2028e"));
    }

    @Test
    void aShortLineStaysAsItIs() {
        assertEquals("", OneLine.of(""));
        assertEquals("AccessDenied: größer", OneLine.of("AccessDenied: größer"));
    }

    @Test
    void aLongLineIsCutBetweenCharacters() {
        assertEquals("x".repeat(500) + "...", OneLine.of("x".repeat(3_000_000)));
        assertEquals("x".repeat(500), OneLine.of("x".repeat(500)));
        assertEquals("x".repeat(499) + "...", OneLine.of("x".repeat(499) + "\ud83d\ude00"));
    }
}
