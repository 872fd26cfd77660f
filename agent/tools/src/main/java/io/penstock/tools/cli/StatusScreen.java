package io.penstock.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.base.time.RoughDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code status --watch} shows, made of the figures of the agent's live page: no line is longer than {@value
 * #COLUMNS} columns, and no more lines than the terminal has. What is wrong comes first, the worst on top.
 */
final class StatusScreen {
    static final int COLUMNS = 80;
    /** Of the head, a condition, the sources, the streams' head, a stream, and how many more there are. */
    static final int LEAST_LINES = 10;

    private static final int NAME = 28;
    private static final String ROW = "%-28s %-9s %8s %8s %8s %8s %5s";
    private static final String[] UNITS = {"", "k", "M", "G", "T"};
    private static final int STREAMS_HEAD = 1;
    private static final int LEAST_STREAMS = 2;

    private StatusScreen() {}

    /**
     * @param now what {@code /api/now} answers
     * @param streams what {@code /api/streams} answers, in the order to show
     * @param most lines
     */
    static String render(JsonNode now, JsonNode streams, int most) {
        List<String> lines = new ArrayList<>();
        lines.add("Penstock " + now.path("version").asText()
                + (now.path("ready").asBoolean() ? ", ready" : ", NOT READY") + ", up "
                + RoughDuration.of(Duration.ofSeconds(now.path("uptime_seconds").asLong())));
        JsonNode totals = now.path("totals");
        wrap(
                "in " + number(totals.path("in").asDouble()) + "/s, out "
                        + number(totals.path("out").asDouble()) + "/s, waiting "
                        + number(totals.path("waiting").asDouble()) + ", oldest "
                        + age(totals.path("oldest").asLong()) + ", refused "
                        + number(totals.path("refused").asDouble()) + "/s",
                lines);
        List<String> sources = sources(now.path("sources"));
        conditions(now, most - sources.size() - STREAMS_HEAD - LEAST_STREAMS, lines);
        lines.addAll(sources);
        lines.add(String.format(Locale.ROOT, ROW, "STREAM", "STATE", "WAITING", "OLDEST", "IN/S", "OUT/S", "DEAD"));
        int rows = Math.max(1, most - lines.size() - 1);
        int shown = 0;
        for (JsonNode stream : streams.path("streams")) {
            if (shown < rows) {
                lines.add(row(stream));
                shown++;
            }
        }
        long more = streams.path("all").asLong() - shown;
        if (more > 0) {
            lines.add("and " + more + " streams more: penstock status has all");
        }
        return String.join("\n", lines);
    }

    /** As many conditions as there is room for, each whole; the first in any case, cut if it must be. */
    private static void conditions(JsonNode now, int until, List<String> lines) {
        int shown = 0;
        for (JsonNode condition : now.path("conditions")) {
            List<String> one = new ArrayList<>();
            wrap(
                    condition.path("id").asText() + " ("
                            + condition.path("place").asText() + "): "
                            + condition.path("sentence").asText() + "; "
                            + condition.path("remedy").asText(),
                    one);
            int room = until - lines.size() - 1;
            if (one.size() > room && shown > 0) {
                break;
            }
            lines.addAll(one.subList(0, Math.min(one.size(), Math.max(1, room))));
            shown++;
        }
        long more = now.path("conditions_in_all").asLong() - shown;
        if (more > 0) {
            lines.add("and " + more + " conditions more: penstock status has all");
        }
    }

    /** Each source that has a client or an event, in two lines at most. */
    private static List<String> sources(JsonNode sources) {
        StringBuilder text = new StringBuilder("in/s:");
        for (JsonNode source : sources) {
            double rate = source.path("events").asDouble();
            if (rate > 0 || source.path("connections").asInt() > 0) {
                text.append("  ")
                        .append(source.path("name").asText())
                        .append(' ')
                        .append(number(rate));
            }
        }
        List<String> lines = new ArrayList<>();
        wrap(text.toString(), lines);
        return lines.subList(0, Math.min(2, lines.size()));
    }

    private static String row(JsonNode stream) {
        return String.format(
                Locale.ROOT,
                ROW,
                cut(stream.path("name").asText(), NAME),
                stream.path("condition").asText(),
                number(stream.path("waiting").asDouble()),
                stream.path("waiting").asLong() > 0 ? age(stream.path("oldest").asLong()) : "-",
                number(stream.path("in").asDouble()),
                number(stream.path("out").asDouble()),
                number(stream.path("dead_letters").asDouble()));
    }

    /** What others named, for a terminal: a control character, which could move its cursor, becomes a question mark. */
    static String cut(String name, int most) {
        String plain = name.replaceAll("\\p{C}", "?");
        return plain.length() > most ? plain.substring(0, most - 1) + "…" : plain;
    }

    static String age(long seconds) {
        return seconds < 600 ? seconds + " s" : seconds < 36_000 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }

    /** Five characters at most. */
    static String number(double value) {
        double scaled = value;
        int unit = 0;
        while (scaled >= 999.5 && unit < UNITS.length - 1) {
            scaled /= 1_000;
            unit++;
        }
        boolean whole = unit == 0 && (value == Math.rint(value) || value >= 9.95) || scaled >= 99.95;
        return String.format(Locale.ROOT, whole ? "%.0f%s" : "%.1f%s", scaled, UNITS[unit]);
    }

    /** Breaks at blanks; a word that is too long is broken, too. */
    private static void wrap(String text, List<String> lines) {
        String indent = "";
        StringBuilder line = new StringBuilder();
        for (String word : text.replaceAll("\\p{C}", "?").split(" ")) {
            if (line.length() + 1 + word.length() > COLUMNS && line.length() > indent.length()) {
                lines.add(line.toString());
                indent = "    ";
                line = new StringBuilder(indent);
            }
            line.append(line.length() > indent.length() ? " " : "").append(word);
            while (line.length() > COLUMNS) {
                lines.add(line.substring(0, COLUMNS));
                indent = "    ";
                line = new StringBuilder(indent).append(line.substring(COLUMNS));
            }
        }
        lines.add(line.toString());
    }
}
