package io.penstock.agent.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code promtool check metrics} says of names, units and help, and the bound of a label's values. For the
 * agent's own metrics; those of the Java process have Micrometer's names.
 */
final class PrometheusRules {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (penstock_\\S+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("(penstock_[A-Za-z0-9_:]+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z0-9_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Set<String> NOT_BASE_UNITS = Set.of(
            "milliseconds",
            "millis",
            "ms",
            "microseconds",
            "nanoseconds",
            "minutes",
            "hours",
            "days",
            "kilobytes",
            "kibibytes",
            "megabytes",
            "mebibytes",
            "gigabytes",
            "bits",
            "percent",
            "kb",
            "mb",
            "sec",
            "secs");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");
    private static final int MOST_VALUES = 250;

    private PrometheusRules() {}

    static List<String> violations(String scraped) {
        Map<String, String> help = new LinkedHashMap<>();
        Map<String, String> types = new LinkedHashMap<>();
        Map<String, Set<String>> values = new LinkedHashMap<>();
        scraped.lines().forEach(line -> {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                (comment.group(1).equals("HELP") ? help : types).put(comment.group(2), comment.group(3));
                return;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches() && sample.group(2) != null) {
                Matcher label = LABEL.matcher(sample.group(2));
                while (label.find()) {
                    values.computeIfAbsent(sample.group(1) + "{" + label.group(1) + "}", first -> new TreeSet<>())
                            .add(label.group(2));
                }
            }
        });
        List<String> violations = new ArrayList<>();
        types.forEach((name, type) -> check(name, type, help.getOrDefault(name, ""), violations));
        values.forEach((label, all) -> {
            if (all.size() > MOST_VALUES) {
                violations.add(label + " has " + all.size() + " values");
            }
        });
        return violations;
    }

    private static void check(String name, String type, String help, List<String> violations) {
        if (help.isBlank() || help.endsWith("…") || help.endsWith("..") || !Character.isUpperCase(first(help))) {
            violations.add(name + ": help \"" + help + "\"");
        }
        if (!name.matches("[a-z][a-z0-9]*(_[a-z0-9]+)*")) {
            violations.add(name + ": not in snake case, or with a colon");
        }
        if (type.equals("counter") != name.endsWith("_total")) {
            violations.add(name + ": a counter ends in _total, and nothing else does");
        }
        if (name.matches(".*_(count|sum|bucket)")) {
            violations.add(name + ": this ending is a histogram's");
        }
        for (String word : name.split("_")) {
            if (NOT_BASE_UNITS.contains(word) || TYPES.contains(word)) {
                violations.add(name + ": " + word + " is no base unit, or a type");
            }
        }
        for (String unit : new String[] {"seconds", "bytes"}) {
            String rest = name.replaceAll("_(total|max)$", "");
            if (List.of(rest.split("_")).contains(unit) && !rest.endsWith("_" + unit)) {
                violations.add(name + ": the unit stands at the end");
            }
        }
    }

    private static char first(String help) {
        return Character.isDigit(help.charAt(0)) ? 'A' : help.charAt(0);
    }
}
