package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.base.bytes.GrowingBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFieldsTest {
    private static final ObjectMapper REFERENCE = new ObjectMapper();
    private static final List<String> NAMES = List.of("a", "b", "id", "\u00e9", "q\"x", "\uD83D\uDE00", "");

    private final JsonFields fields = new JsonFields();

    @ParameterizedTest(name = "{1} of {0} is {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{\"a\":\"x\"}; a; x",
                " { \"a\" : 12.50 } ; a; 12.50",
                "{\"a\":1,\"a\":2}; a; 2",
                "{\"a\":{\"b\":1},\"a\":3}; a.b; -",
                "{\"a\":{\"b\":{\"c\":true}}}; a.b.c; true",
                "{\"x\":{\"a\":1},\"y\":[{\"a\":2}],\"z\":\"\\\"a\\\":3\",\"a\":4}; a; 4",
                "{\"\\u0061\":5}; a; 5",
                "{\"a\":\"\\u00e9\\ud83d\\ude00\\n\\ud800\"}; a; `\u00e9\uD83D\uDE00\n\uFFFD`",
                "{\"a\":null}; a; -",
                "{\"a\":{}}; a; -",
                "{\"a\":[1]}; a; -",
                "{\"a\":1}; a.b; -",
                "{}; a; -",
                "[1]; a; -",
            })
    void aFieldIsFoundAsItStands(String json, String path, String text) {
        assertEquals(Optional.ofNullable(text), text(json, path.split("\\.")));
    }

    @Test
    void itFindsWhatJacksonFinds() throws IOException {
        long seed = Long.getLong("penstock.fuzz.seed", 11L);
        Random random = new Random(seed);
        int found = 0;
        for (int round = 0; round < 20_000; round++) {
            String json = object(random, 3);
            String[] path = new String[1 + random.nextInt(3)];
            JsonNode expected = REFERENCE.readTree(json);
            for (int i = 0; i < path.length; i++) {
                path[i] = NAMES.get(random.nextInt(NAMES.size()));
                expected = expected.path(path[i]);
            }
            boolean scalar = expected.isValueNode() && !expected.isNull();
            Optional<String> actual = text(json, path);
            String message = "-Dpenstock.fuzz.seed=" + seed + ": " + json + " " + List.of(path);
            assertEquals(scalar ? Optional.of(expected.asText()) : Optional.empty(), actual, message);
            found += scalar ? 1 : 0;
        }
        assertTrue(found > 1000, "found: " + found);
    }

    private static String object(Random random, int depth) throws IOException {
        StringBuilder json = new StringBuilder("{");
        for (int i = random.nextInt(6); i > 0; i--) {
            String name = REFERENCE.writeValueAsString(NAMES.get(random.nextInt(NAMES.size())));
            json.append(space(random))
                    .append(random.nextBoolean() ? escaped(name) : name)
                    .append(space(random))
                    .append(':');
            json.append(space(random))
                    .append(value(random, depth))
                    .append(space(random))
                    .append(i > 1 ? "," : "");
        }
        return json.append('}').toString();
    }

    private static String value(Random random, int depth) throws IOException {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> String.valueOf(random.nextInt(2000) - 1000);
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> "null";
            case 3 -> "\"a\\\\\\\"}],{[\\n\"";
            case 4 -> escaped("\"" + NAMES.get(random.nextInt(4)) + "\"");
            case 5 -> "[" + value(random, depth - 1) + ", " + value(random, 0) + "]";
            default -> object(random, depth - 1);
        };
    }

    /** The same JSON string with every letter as an escape. */
    private static String escaped(String string) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            boolean plain = c == '"' || c == '\\' || (i > 0 && string.charAt(i - 1) == '\\');
            escaped.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return escaped.toString();
    }

    private static String space(Random random) {
        return List.of("", "", " ", "\n", "\t\r").get(random.nextInt(5));
    }

    private Optional<String> text(String json, String... path) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        GrowingBytes into = new GrowingBytes(64, 1 << 20);
        return fields.text(bytes, 0, bytes.length, JsonPath.of(path), into)
                ? Optional.of(new String(into.array(), 0, into.length(), StandardCharsets.UTF_8))
                : Optional.empty();
    }
}
