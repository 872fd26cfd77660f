package io.penstock.agent.live;

import io.penstock.agent.admin.AgentState;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which rows of the table of streams are wanted, and in which order.
 *
 * @param search part of the name; empty for all
 * @param condition in lower case; empty for all
 * @param sort a key of {@link #ORDERS}
 * @param descending largest first
 */
record StreamQuery(String search, String condition, String sort, boolean descending, Page page) {
    private static final Map<String, Comparator<Figures.Stream>> ORDERS = Map.ofEntries(
            Map.entry("name", Comparator.comparing(each -> each.reading().name())),
            Map.entry("trouble", Comparator.comparing(StreamQuery::trouble)),
            Map.entry("in", Comparator.comparingDouble(Figures.Stream::in)),
            Map.entry("out", Comparator.comparingDouble(Figures.Stream::out)),
            Map.entry(
                    "waiting",
                    Comparator.comparingLong(each -> each.reading().spool().records())),
            Map.entry(
                    "waiting_bytes",
                    Comparator.comparingLong(each -> each.reading().spool().bytes())),
            Map.entry(
                    "oldest", Comparator.comparingDouble(each -> each.reading().oldestSeconds())),
            Map.entry(
                    "dead_letters",
                    Comparator.comparingLong(each -> each.reading().shown().deadLetters())),
            Map.entry("shards", Comparator.comparingInt(each -> each.reading().shards())));

    /** The names that {@code sort} can have. */
    static List<String> orders() {
        return ORDERS.keySet().stream().sorted().toList();
    }

    /** All streams that are wanted, in order, of all pages. */
    List<Figures.Stream> of(List<Figures.Stream> all) {
        String part = search.toLowerCase(Locale.ROOT);
        Comparator<Figures.Stream> order = ORDERS.getOrDefault(sort, Comparator.comparing(StreamQuery::trouble));
        return all.stream()
                .filter(each -> each.reading().name().toLowerCase(Locale.ROOT).contains(part))
                .filter(each -> condition.isEmpty()
                        || LiveJson.word(each.reading().shown().health().condition())
                                .equals(condition))
                .sorted((descending ? order.reversed() : order)
                        .thenComparing(each -> each.reading().name()))
                .toList();
    }

    /** Worse streams have a larger number. */
    private static int trouble(Figures.Stream stream) {
        AgentState.Stream shown = stream.reading().shown();
        int lost = shown.lost().damaged() + shown.lost().dropped() > 0 ? 1 : 0;
        return switch (shown.health().condition()) {
            case PARKED -> 8 + lost;
            case RETRYING -> 6 + lost;
            case THROTTLED -> 4 + lost;
            case IDLE, SENDING -> lost > 0 ? 3 : shown.deadLetters() > 0 ? 2 : 0;
        };
    }
}
