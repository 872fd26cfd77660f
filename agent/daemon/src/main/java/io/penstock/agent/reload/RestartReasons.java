package io.penstock.agent.reload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a change of a key needs a restart of the agent, by the beginning of the key's path. */
public final class RestartReasons {
    private static final String SERVER = "the bounds of a listener are set when its server starts";

    private record Row(String key, String reason) {}

    private static final List<Row> ROWS = List.of(
            new Row("data", "the spools and logs in that folder are open"),
            new Row("metrics", "the exporter is started once, before everything that counts"),
            new Row("memory", "buffers are sized by it at the start"),
            new Row("mqtt.sessions", "the log of the sessions is open"),
            new Row("mqtt.limits", SERVER),
            new Row("forward.recognise-resent", "the chunks that are recognised are read from the spools at the start"),
            new Row("forward.other-signals", SERVER),
            new Row("spool", "the logs of the spools were opened with it"),
            new Row("engine", "the stream engine reads it at its start"),
            new Row("admin.auth", "the listener's server starts with it; changes of the files themselves hold at once"),
            new Row("admin", "the page, the metrics and the commands find the agent at it"));

    private RestartReasons() {}

    /** Of the key with this rule path; empty for a key of which none is known. */
    public static Optional<String> of(String rule) {
        return ROWS.stream()
                .filter(row -> rule.equals(row.key()) || rule.startsWith(row.key() + "."))
                .map(Row::reason)
                .findFirst();
    }

    /** The keys, or sections, with their reasons. */
    public static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        ROWS.forEach(row -> all.put(row.key(), row.reason()));
        return all;
    }
}
