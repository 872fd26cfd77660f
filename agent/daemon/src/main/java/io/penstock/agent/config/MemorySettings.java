package io.penstock.agent.config;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;

/**
 * {@code memory:}: what the process may hold in memory for its clients.
 *
 * @param percent of the largest heap that the JVM may have
 */
public record MemorySettings(
        @Key(value = "budget", usual = "60%")
        @As(Percent.class)
        @Doc("what the process may hold in memory for its clients, all together; 10% to 80% of the heap (`-Xmx`)."
                + " See [Memory](operations.md#memory)")
        int percent) {
    private static final int LEAST = 10;
    private static final int MOST = 80;

    /** As a share of the heap, such as 0.6. */
    public double share() {
        return percent / 100.0;
    }

    /** Of {@link #percent}. */
    static final class Percent implements Notation<Integer> {
        @Override
        public Parsed<Integer> parse(String text) {
            String remedy = "write " + LEAST + "% to " + MOST + "% of the heap, such as 60%";
            if (!text.matches("\\d{1,3} ?%")) {
                return Parsed.wrong("\"" + text + "\" is no percentage", remedy);
            }
            int percent = Integer.parseInt(text.replaceAll("[ %]", ""));
            return percent < LEAST || percent > MOST
                    ? Parsed.wrong("\"" + text + "\" is not from " + LEAST + "% to " + MOST + "%", remedy)
                    : Parsed.right(percent);
        }

        @Override
        public String format(Integer percent) {
            return percent + "%";
        }

        @Override
        public String pattern() {
            return "([1-7]\\d|80) ?%";
        }
    }
}
