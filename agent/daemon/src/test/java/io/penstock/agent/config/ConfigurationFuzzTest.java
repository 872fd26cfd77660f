package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ConfigurationFuzzTest {
    private static final String SEED_PROPERTY = "penstock.fuzz.seed";
    private static final String SAMPLE = """
            data: ${DATA:-/var/lib/penstock}
            shutdown-timeout: 20s
            mqtt: &m
              listen: ["127.0.0.1:1883", '[::1]:1']
              ack: durable
            routes:
              - match: "mqtt:sensors/+/temperature"
                stream: sensors
                partition-key: "{topic(1)}-{$.device.id}"
                fields: {time: "@timestamp", id: false}
            kinesis: {endpoint: embedded, linger: 20ms}
            spool: {max-bytes: 4GiB}
            targets: {a: {endpoint: embedded}, b: {endpoint: "http://b"}}
            """;
    private static final List<String> PIECES = List.of(
            "*m",
            "&a ",
            "!!java.lang.Runtime ",
            "!tag ",
            "- ",
            ": ",
            "\n",
            "\t",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            "|\n",
            ">\n",
            "%YAML 9\n",
            "---\n",
            "...\n",
            "? ",
            "<<: *m\n",
            "~",
            "${",
            "}",
            "\u0000",
            "\uFEFF",
            "\uD800",
            "#",
            "0x10",
            "1e9",
            "@",
            "`");

    @Test
    void whateverTheFileHoldsTheAnswerIsAConfigurationOrMistakesWithTheirPlaces() {
        long seed = Long.getLong(SEED_PROPERTY, 20_260_101L);
        Random random = new Random(seed);
        for (int round = 0; round < 4000; round++) {
            byte[] yaml = mutated(random);
            try {
                if (Loading.loader(Map.of()).parse(yaml) instanceof ConfigurationResult.Invalid invalid) {
                    assertFalse(invalid.mistakes().isEmpty());
                    invalid.mistakes()
                            .forEach(mistake -> assertFalse(mistake.reason().isBlank()));
                }
            } catch (Throwable t) {
                throw new AssertionError(
                        "-D" + SEED_PROPERTY + "=" + seed + ", round " + round + ": "
                                + new String(yaml, StandardCharsets.UTF_8),
                        t);
            }
        }
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder(SAMPLE);
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                default -> text.setCharAt(at, (char) random.nextInt(0x180));
            }
            if (text.isEmpty()) {
                text.append(SAMPLE);
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(8) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void deepNestingIsRefusedWithoutBeingFollowed() {
        String deep = "mqtt: " + "[".repeat(100_000);
        assertEquals(1, Loading.mistakes(deep).size());
        assertEquals(1, Loading.mistakes("{a: ".repeat(10_000)).size());
    }

    @Test
    void aliasesCannotGrowWithoutBound() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertFalse(Loading.mistakes(laughs.toString()).isEmpty());
        assertInstanceOf(
                ConfigurationResult.Invalid.class, Loading.result("routes: &r [*r]\nmqtt: &m {bridges: *m}\n"));
    }
}
