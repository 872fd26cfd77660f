package io.penstock.agent.admin;

import io.penstock.base.condition.Condition;
import io.penstock.base.condition.Severity;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.delivery.spool.disk.DiskSpace;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The status page: one HTML document without script, frame or foreign resource, which reloads itself every few seconds.
 * Immutable; any thread.
 */
final class StatusPage {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>Penstock</title>
            <style>
            :root{color-scheme:light dark}
            body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
            table{border-collapse:collapse;width:100%}
            th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884;vertical-align:top}
            .n{text-align:right;font-variant-numeric:tabular-nums}
            .good{color:#187a2f}.bad{color:#c0271c}
            @media (prefers-color-scheme:dark){.good{color:#5fd37a}.bad{color:#ff8a80}}
            </style></head><body>
            """;

    String render(AgentState state) {
        StringBuilder html = new StringBuilder(HEAD);
        html.append("<h1>Penstock ").append(escape(state.process().version())).append("</h1>\n<p>");
        if (state.ready()) {
            html.append("<strong class=good>Ready.</strong>");
        } else {
            html.append("<strong class=bad>Not ready.</strong>");
        }
        html.append(" Up ")
                .append(words(state.process().uptime()))
                .append(", data in ")
                .append(escape(state.process().dataFolder()))
                .append(", target ")
                .append(escape(state.target()));
        state.targets().stream()
                .skip(1)
                .forEach(target -> html.append("; ")
                        .append(escape(target.name()))
                        .append(": ")
                        .append(escape(target.endpoint()))
                        .append(", region ")
                        .append(escape(target.region())));
        html.append(".</p>\n");
        state.disk()
                .ifPresent(disk -> html.append(disk.shortage().isEmpty() ? "<p>" : "<p class=bad>")
                        .append("Disk: ")
                        .append(DiskSpace.describe(disk.freeBytes()))
                        .append(" free, of which ")
                        .append(DiskSpace.describe(disk.reserveBytes()))
                        .append(" are left in any case.</p>\n"));
        conditions(state, html);
        listeners(state, html);
        bridges(state, html);
        streams(state, html);
        return html.append("<p><a href=\"/metrics\">metrics</a> · <a href=\"/api/status\">JSON</a> · ")
                .append("<a href=\"/readyz\">readiness</a></p>\n</body></html>\n")
                .toString();
    }

    private static void conditions(AgentState state, StringBuilder html) {
        if (state.conditions().isEmpty()) {
            return;
        }
        html.append("<h2>Conditions</h2>\n<table><tr><th>condition<th>where<th>what<th>remedy<th class=n>since</tr>\n");
        for (Condition condition : state.conditions()) {
            html.append(condition.severity() == Severity.NOTICE ? "<tr><td>" : "<tr><td class=bad>")
                    .append(escape(condition.id()))
                    .append("<td>")
                    .append(escape(condition.place().toString()))
                    .append("<td>")
                    .append(escape(condition.sentence()))
                    .append("<td>")
                    .append(escape(condition.remedy()))
                    .append("<td class=n>")
                    .append(words(condition.since()))
                    .append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private static void listeners(AgentState state, StringBuilder html) {
        html.append("<h2>Listeners</h2>\n<table><tr><th>name<th>addresses<th>state</tr>\n");
        for (AgentState.Listener listener : state.listeners()) {
            html.append("<tr><td>")
                    .append(escape(listener.name()))
                    .append("<td>")
                    .append(escape(String.join(", ", listener.addresses())))
                    .append(listener.bound() ? "<td class=good>listening" : "<td class=bad>not bound")
                    .append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private static void bridges(AgentState state, StringBuilder html) {
        if (state.bridges().isEmpty()) {
            return;
        }
        html.append("<h2>Bridges</h2>\n<table><tr><th>bridge<th>broker<th>condition<th class=n>in flight")
                .append("<th class=n>messages<th class=n>redelivered<th class=n>reconnects</tr>\n");
        for (BridgeStatus bridge : state.bridges()) {
            html.append("<tr><td>")
                    .append(escape(bridge.name()))
                    .append("<td>")
                    .append(escape(bridge.broker()))
                    .append(bridge.detail().isEmpty() ? "<td class=good>" : "<td class=bad>")
                    .append(bridge.condition().name().toLowerCase(Locale.ROOT));
            if (!bridge.detail().isEmpty()) {
                html.append("<br>").append(escape(bridge.detail()));
            }
            number(html, bridge.inFlight());
            number(html, bridge.counts().messages());
            number(html, bridge.counts().redelivered());
            number(html, bridge.counts().reconnects());
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void streams(AgentState state, StringBuilder html) {
        html.append("<h2>Streams</h2>\n");
        if (state.streams().isEmpty()) {
            html.append("<p>No event has come yet.</p>\n");
            return;
        }
        html.append("<table><tr><th>stream<th>target<th>condition<th class=n>in the spool<th class=n>bytes")
                .append("<th class=n>oldest<th class=n>delivered<th class=n>dead letters</tr>\n");
        for (AgentState.Stream stream : state.streams()) {
            boolean bad = stream.health().condition() == AgentState.StreamState.PARKED
                    || stream.deadLetters() > 0
                    || !stream.health().notes().isEmpty();
            html.append("<tr><td>")
                    .append(escape(stream.name()))
                    .append("<td>")
                    .append(escape(stream.target()))
                    .append(bad ? "<td class=bad>" : "<td>")
                    .append(stream.health().condition().name().toLowerCase(Locale.ROOT));
            if (!stream.health().detail().isEmpty()) {
                html.append("<br>").append(escape(stream.health().detail()));
            }
            stream.health().notes().forEach(note -> html.append("<br>").append(escape(note)));
            if (!stream.health().advice().isEmpty()) {
                html.append("<br>keys: ").append(escape(stream.health().advice()));
            }
            if (stream.usage().known()) {
                html.append("<br>last hour: ").append(escape(stream.usage().describe()));
                html.append("<br>each shard a second: ")
                        .append(escape(stream.usage().shards().loads().stream()
                                .map(StreamUsage.Load::describe)
                                .collect(Collectors.joining("; "))));
            }
            number(html, stream.backlog().events());
            number(html, stream.backlog().bytes());
            html.append("<td class=n>")
                    .append(stream.backlog().oldestAge().map(StatusPage::words).orElse(""));
            number(html, stream.deliveredEvents());
            number(html, stream.deadLetters());
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private static void number(StringBuilder html, long value) {
        html.append("<td class=n>").append(String.format(Locale.ROOT, "%,d", value));
    }

    private static String words(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + " d " + age.toHoursPart() + " h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + " h " + age.toMinutesPart() + " min";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + " min" : age.toSeconds() + " s";
    }

    /** Names of streams and errors of targets are other people's words: none of them becomes markup. */
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
