package io.penstock.base.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class RateLimitedLogTest {
    private final List<String> lines = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1_000;
    private final RateLimitedLog log = new RateLimitedLog(
            logger(), List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1)), () -> now);

    @Test
    void theFirstLineOfEachKeyIsWritten() {
        log.warn("a", "one");
        log.warn("b", "two");
        assertEquals(List.of("one", "two"), lines);
    }

    @Test
    void thePausesOfARepeatingKeyGrow() {
        for (int second = 0; second <= 200; second++) {
            log.warn("a", "at " + second);
            pass(Duration.ofSeconds(1));
        }
        assertEquals(
                List.of(
                        "at 0",
                        "at 1",
                        "at 11 (and 9 more like it since the last such line)",
                        "at 71 (and 59 more like it since the last such line)",
                        "at 131 (and 59 more like it since the last such line)",
                        "at 191 (and 59 more like it since the last such line)"),
                lines);
    }

    @Test
    void aKeyThatWasSilentForTheLongestPauseStartsAgain() {
        log.warn("a", "one");
        pass(Duration.ofSeconds(1));
        log.warn("a", "two");
        pass(Duration.ofMinutes(1));
        log.warn("a", "three");
        pass(Duration.ofSeconds(1));
        log.warn("a", "four");
        assertEquals(List.of("one", "two", "three", "four"), lines);
    }

    @Test
    void aLineIsBounded() {
        log.warn("a", "x".repeat(100_000));
        assertEquals(1_003, lines.get(0).length());
    }

    @Test
    void whatAClientSaidCanNeitherBeginALineNorColourIt() {
        log.warn("a", "tag 'x\r\n2026 ERROR forged\u001b[31m\u0000\u0085\u2028y'");
        assertEquals(List.of("tag 'x??2026 ERROR forged?[31m???y'"), lines);
    }

    @Test
    void keysBeyondTheLimitShareOne() {
        for (int key = 0; key < 5_000; key++) {
            log.warn("key " + key, "of " + key);
        }
        assertEquals(1_001, lines.size());
    }

    @Test
    void aNewKeyTakesThePlaceOfOneThatWasSilentForLong() {
        for (int key = 0; key < 2_000; key++) {
            log.warn("key " + key, "of " + key);
        }
        pass(Duration.ofMinutes(2));
        lines.clear();
        log.warn("new", "one");
        log.warn("newer", "two");
        assertEquals(List.of("one", "two"), lines);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Logger logger() {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    lines.add(MessageFormatter.format((String) arguments[0], arguments[1])
                            .getMessage());
                    return null;
                });
    }
}
