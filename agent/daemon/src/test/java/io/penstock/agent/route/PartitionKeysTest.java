package io.penstock.agent.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.Payload;
import io.penstock.agent.route.PartitionKeys.Outcome;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.settings.Parsed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionKeysTest {
    private final PartitionKeys keys = new PartitionKeys();

    @ParameterizedTest(name = "{0} of {1} is {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "{clientid}; mqtt; dev-1",
                "{topic}; mqtt; plant/7/temp",
                "{topic(1)}; mqtt; plant",
                "{topic(3)}; mqtt; temp",
                "{user}; mqtt; ada",
                "{$.device.id}; mqtt; d9",
                "{$.n}; mqtt; 12.50",
                "{$.b}; mqtt; true",
                "x-{topic(2)}/{$.device.id}.y; mqtt; x-7/d9.y",
                "all the same; mqtt; all the same",
                "{tag}; forward; app.web",
                "{logger}; log4j; com.acme.Main",
                "{service}; otlp; checkout",
                "{$.n}; http; 12.50",
            })
    void placeholdersStandForWhatTheEventHas(String template, String source, String key) {
        assertEquals(Outcome.KEY, keys.make(Texts.key(template, source(source)), new Event()));
        assertEquals(key, made());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"{topic(4)}", "a{$.missing}b", "{$.device}", "{$.nil}", "{$.list}", "{$.empty}", "{$.n.x}"})
    void anEventThatLacksWhatIsAskedForGetsARandomKey(String template) {
        assertEquals(Outcome.MISSING, keys.make(Texts.key(template, Source.MQTT), new Event()));
    }

    @Test
    void randomIsNoKeyAndNothingThatIsMissing() {
        assertEquals(Outcome.RANDOM, keys.make(Texts.key("random", Source.HTTP), new Event()));
        assertEquals(Outcome.RANDOM, keys.given(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{topic(0)}; mqtt",
                "{topic(x)}; mqtt",
                "{tag}; mqtt",
                "{clientid}; http",
                "{user}; log4j",
                "{service}; http",
                "{nothing}; mqtt",
                "{}; mqtt",
                "{$}; mqtt",
                "{$.}; mqtt",
                "{$.a.}; mqtt",
                "{$a}; mqtt",
                "{$.a[0]}; mqtt",
                "{clientid; mqtt"
            })
    void templatesThatCannotBeMeantAreRefused(String template, String source) {
        assertInstanceOf(Parsed.Wrong.class, KeyTemplate.parse(template, source(source)));
    }

    @Test
    void aKeyOfMoreThan256CharactersBecomesItsMd5() {
        assertEquals(Outcome.KEY, keys.given("k".repeat(256)));
        assertEquals("k".repeat(256), made());
        assertEquals(Outcome.HASHED, keys.given("k".repeat(257)));
        assertEquals(md5("k".repeat(257)), made());
    }

    @Test
    void charactersAreCountedAndNotBytes() {
        assertEquals(Outcome.KEY, keys.given("\u20ac".repeat(256)));
        assertEquals("\u20ac".repeat(256), made());
        assertEquals(Outcome.KEY, keys.given("\uD83D\uDE00".repeat(256)));
        assertEquals(Outcome.HASHED, keys.given("\uD83D\uDE00".repeat(257)));
        assertEquals(md5("\uD83D\uDE00".repeat(257)), made());
    }

    private String made() {
        return new String(keys.array(), 0, keys.length(), StandardCharsets.UTF_8);
    }

    private static Source source(String word) {
        for (Source source : Source.values()) {
            if (source.word().equals(word)) {
                return source;
            }
        }
        throw new AssertionError(word);
    }

    private static String md5(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Event implements KeyFields {
        private final Payload payload = new Payload();

        Event() {
            byte[] json =
                    "{\"device\": {\"id\": \"d9\"}, \"n\": 12.50, \"b\": true, \"nil\": null, \"list\": [1], \"empty\": \"\"}"
                            .getBytes(StandardCharsets.UTF_8);
            payload.set(json, 0, json.length);
        }

        @Override
        public String clientId() {
            return "dev-1";
        }

        @Override
        public String topic() {
            return "plant/7/temp";
        }

        @Override
        public String tag() {
            return "app.web";
        }

        @Override
        public String logger() {
            return "com.acme.Main";
        }

        @Override
        public String service() {
            return "checkout";
        }

        @Override
        public String user() {
            return "ada";
        }

        @Override
        public boolean jsonField(JsonPath path, GrowingBytes into) {
            return payload.field(path, into);
        }
    }
}
