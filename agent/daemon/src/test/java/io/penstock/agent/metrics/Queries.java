package io.penstock.agent.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PromQL of a dashboard or of alert rules. */
record Queries(List<String> all) {
    private static final Pattern METRIC =
            Pattern.compile("\\b((?:penstock|jvm|process|system)_[a-z0-9_]+)(?:\\{([^}]*)\\})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPED = Pattern.compile("\\bby \\(([a-z_, ]+)\\)");
    /** Prometheus adds these. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job", "le");

    static Queries of(Path file) throws IOException {
        ObjectMapper mapper = file.toString().endsWith(".json") ? new ObjectMapper() : new YAMLMapper();
        List<String> all = new ArrayList<>();
        for (JsonNode each : mapper.readTree(file.toFile()).findValues("expr")) {
            all.add(each.asText());
        }
        if (all.size() < 10) {
            throw new AssertionError(file + " has few queries: " + all);
        }
        return new Queries(all);
    }

    /** What no sample of the scrape has. */
    List<String> unknownIn(String scraped) {
        Set<String> unknown = new TreeSet<>();
        for (String query : all) {
            Matcher metric = METRIC.matcher(query);
            while (metric.find()) {
                String name = metric.group(1);
                List<String> samples = scraped.lines()
                        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                        .toList();
                if (samples.isEmpty()) {
                    unknown.add(name);
                    continue;
                }
                List<String> labels = new ArrayList<>();
                if (metric.group(2) != null) {
                    LABEL.matcher(metric.group(2)).results().forEach(found -> labels.add(found.group(1)));
                }
                if (METRIC.matcher(query).results().count() == 1) {
                    GROUPED.matcher(query)
                            .results()
                            .forEach(found ->
                                    labels.addAll(List.of(found.group(1).split(", "))));
                }
                labels.stream()
                        .filter(label -> !OF_THE_SCRAPE.contains(label))
                        .filter(label -> samples.stream().noneMatch(sample -> sample.contains(label + "=\"")))
                        .forEach(label -> unknown.add(name + "{" + label + "} in " + query));
            }
        }
        return List.copyOf(unknown);
    }
}
