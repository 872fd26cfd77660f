package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.base.memory.MemoryBudget;

/**
 * {@code memory:}: what the process may hold in memory for its clients.
 *
 * @param percent of the largest heap that the JVM may have
 */
public record MemorySection(int percent) {
    private static final int LEAST = 10;
    private static final int MOST = 80;
    private static final MemorySection DEFAULT = new MemorySection((int) Math.round(100 * MemoryBudget.HEAP_SHARE));

    static MemorySection read(Section section) {
        return section.value("budget", DEFAULT, MemorySection::parse);
    }

    /** As a share of the heap, such as 0.6. */
    public double share() {
        return percent / 100.0;
    }

    private static Parsed<MemorySection> parse(String text) {
        String remedy = "write " + LEAST + "% to " + MOST + "% of the heap, such as 60%";
        if (!text.matches("\\d{1,3} ?%")) {
            return Parsed.wrong("\"" + text + "\" is no percentage", remedy);
        }
        int percent = Integer.parseInt(text.replaceAll("[ %]", ""));
        return percent < LEAST || percent > MOST
                ? Parsed.wrong("\"" + text + "\" is not from " + LEAST + "% to " + MOST + "%", remedy)
                : Parsed.right(new MemorySection(percent));
    }

    @Override
    public String toString() {
        return percent + "%";
    }
}
