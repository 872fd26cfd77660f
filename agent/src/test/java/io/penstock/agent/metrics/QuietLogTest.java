package io.penstock.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** How often a peer can make the agent write a line. */
class QuietLogTest {
    private final List<String> lines = new ArrayList<>();
    private long now;
    private final QuietLog quiet = new QuietLog(recorder(), Duration.ofSeconds(10), () -> now);

    @Test
    void one_line_per_key_and_interval_and_the_next_one_counts_those_left_out() {
        quiet.warn("a", "first");
        quiet.warn("a", "second");
        quiet.warn("b", "other");
        quiet.warn("a", "third");
        pass(Duration.ofSeconds(10));
        quiet.warn("a", "fourth");
        quiet.warn("a", "fifth");
        pass(Duration.ofSeconds(10));
        quiet.warn("a", "sixth");
        quiet.warn("b", "other");
        assertEquals(
                List.of(
                        "first",
                        "other",
                        "fourth (and 2 more like it since the last such line)",
                        "sixth (and 1 more like it since the last such line)",
                        "other"),
                lines);
    }

    @Test
    void keys_beyond_the_bound_share_one_turn() {
        for (int i = 0; i < 5_000; i++) {
            quiet.warn("key " + i, "line");
        }
        assertEquals(1_001, lines.size());
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Logger recorder() {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    Object[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
                    Object[] flat = rest.length == 1 && rest[0] instanceof Object[] array ? array : rest;
                    lines.add(MessageFormatter.arrayFormat((String) arguments[0], flat)
                            .getMessage());
                    return null;
                });
    }
}
