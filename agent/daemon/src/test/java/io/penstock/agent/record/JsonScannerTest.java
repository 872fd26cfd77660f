package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    private static final ObjectMapper REFERENCE =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final JsonScanner scanner = new JsonScanner();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " {\"a\" : [ 1 , -0.5e+10 , null ] , \"b\" : { } }\r\n\t",
                "\"\\u00e9\\n\\/\"",
                "0",
                "-0",
                "1E5",
                "true",
                "[[[]],{},\"\"]",
                "\"\u00e9\uD83D\uDE00\"",
                "\"\\ud800\"",
                "{\"\":0}",
                "{\"a\":1,\"a\":2}"
            })
    void validJsonIsTaken(String json) {
        assertTrue(isValue(json), scanner::problem);
    }

    @ParameterizedTest(name = "{0}: {1} at {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``; a value is missing; 0",
                "`  `; a value is missing; 2",
                "{; a name in quotes is missing; 1",
                "[; a value is missing; 1",
                "[1; a comma or ] is missing; 2",
                "[1,]; a value is missing; 3",
                "[1 2]; a comma or ] is missing; 3",
                "{\"a\":1,}; a name in quotes is missing; 7",
                "{\"a\" 1}; a colon is missing; 5",
                "{\"a\":}; a value is missing; 5",
                "{a:1}; a name in quotes is missing; 1",
                "{\"a\":1 \"b\":2}; a comma or } is missing; 7",
                "{\"a\":1]; a comma or } is missing; 6",
                "1 2; something follows the value; 2",
                "01; a number has leading zeroes; 0",
                "-; a value is missing; 0",
                "1.; a number has no digits after its point; 2",
                "1e; a number has no digits in its exponent; 2",
                ".5; a value is missing; 0",
                "+1; a value is missing; 0",
                "NaN; a value is missing; 0",
                "nul; a value is missing; 0",
                "\"a; a string is not closed; 2",
                "\"\\x\"; an escape is unknown; 1",
                "\"\\u12g4\"; an escape is no hexadecimal number; 1",
                "\"\\u12; an escape is not complete; 1",
                "// c; a value is missing; 0",
                "'a'; a value is missing; 0",
            })
    void anythingElseIsRefusedWithReasonAndPlace(String json, String problem, int at) {
        assertFalse(isValue(json));
        assertEquals(problem, scanner.problem());
        assertEquals(at, scanner.problemAt());
    }

    @Test
    void controlCharactersAndBrokenUtf8InStringsAreRefused() {
        for (String bytes : List.of(
                "\"\n\"",
                "\"\0\"",
                "\"\u00ff\"",
                "\"\u00c3\"",
                "\"\u00ed\u00a0\u0080\"",
                "\"\u00c0\u0080\"",
                "\"\u00f4\u0090\u0080\u0080\"")) {
            byte[] json = bytes.getBytes(StandardCharsets.ISO_8859_1);
            assertFalse(scanner.isValue(json, 0, json.length));
        }
    }

    @Test
    void depthIsBoundedAndNeedsNoStack() {
        int most = JsonScanner.MAX_DEPTH;
        assertTrue(isValue("[".repeat(most) + "]".repeat(most)));
        assertTrue(isValue("{\"a\":".repeat(most) + "1" + "}".repeat(most)));
        assertFalse(isValue("[".repeat(most + 1) + "]".repeat(most + 1)));
        assertEquals("it is nested deeper than 256 levels", scanner.problem());
        assertFalse(isValue("[".repeat(5_000_000)));
    }

    @Test
    void aValueEndsWhereItsLastByteIs() {
        byte[] json = " {\"a\":[1]} , 5".getBytes(StandardCharsets.UTF_8);
        assertEquals(10, scanner.value(json, 0, json.length));
        assertEquals(14, scanner.value(json, 12, json.length));
        assertEquals(-1, scanner.value(json, 10, json.length));
    }

    @Test
    void itAgreesWithJacksonOnMutatedTexts() throws IOException {
        long seed = Long.getLong("penstock.fuzz.seed", 7L);
        Random random = new Random(seed);
        String sample =
                "{\"a\\u00e9\":[1,-2.5e3,true,false,null,\"x\\\"y\"],\"b\":{\"c\":{}},\"\u00e9\":\"\uD83D\uDE00\"}";
        String alphabet = "{}[]\",:\\ue+-.0123tfn \n\tabx";
        int valid = 0;
        for (int round = 0; round < 30_000; round++) {
            StringBuilder text = new StringBuilder(sample);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, c);
                    default -> text.setCharAt(at, c);
                }
            }
            byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
            boolean expected = reference(json);
            assertEquals(
                    expected,
                    scanner.isValue(json, 0, json.length),
                    () -> "-Dpenstock.fuzz.seed=" + seed + ": " + text + ": " + scanner.problem());
            valid += expected ? 1 : 0;
        }
        assertTrue(valid > 5000, "valid texts: " + valid);
    }

    private static boolean reference(byte[] json) {
        try (JsonParser parser = REFERENCE.createParser(json)) {
            return !REFERENCE.readTree(parser).isMissingNode() && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isValue(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return scanner.isValue(bytes, 0, bytes.length);
    }
}
