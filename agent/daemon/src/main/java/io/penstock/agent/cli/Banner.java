package io.penstock.agent.cli;

import io.penstock.agent.StartReport;
import java.util.List;
import java.util.Optional;

/**
 * What the agent prints once it is ready: what listens where, and lines to paste that send an event and read it back.
 *
 * @param launcher the command as the user typed it
 */
record Banner(StartReport report, String launcher) {
    private static final int NAME_WIDTH = 8;
    /** Where {@code tail} looks unless it is told a region. */
    private static final String USUAL_REGION = "us-east-1";

    private static final String LOCAL_ENDPOINT = "http://127.0.0.1:4567";

    String render() {
        StringBuilder text = new StringBuilder();
        text.append("Penstock ").append(report.version()).append('\n');
        for (StartReport.Listener listener : report.listeners()) {
            row(text, listener.name(), String.join(", ", listener.urls()) + note(listener.note()));
        }
        row(text, "target", report.target());
        row(text, "data", report.data().toString());
        row(text, "machine", report.machine());
        row(text, "backlog", backlog());
        text.append("  ready in ").append(report.startMillis()).append(" ms; Ctrl-C stops\n");
        samples(text);
        return text.toString();
    }

    private String backlog() {
        return report.backlog() == 0
                ? "empty"
                : report.backlog() + (report.backlog() == 1 ? " event" : " events") + " from an earlier run to deliver";
    }

    private void samples(StringBuilder text) {
        Optional<StartReport.Listener> mqtt = report.listener("mqtt").filter(StartReport.Listener::open);
        Optional<StartReport.Listener> http = report.listener("http").filter(StartReport.Listener::open);
        Optional<StartReport.Listener> kinesis = report.listener("kinesis");
        if (mqtt.isEmpty() && http.isEmpty()) {
            return;
        }
        // Both events go where one command reads them back.
        String stream = mqtt.isPresent() ? "mqtt" : "orders";
        text.append("Send an event, then read it back:\n");
        mqtt.ifPresent(listener -> text.append("  mosquitto_pub -h ")
                .append(listener.first().getHostString())
                .append(" -p ")
                .append(listener.first().getPort())
                .append(" -q 1 -t kitchen/temperature -m '{\"celsius\": 21.5}'\n"));
        http.ifPresent(listener -> text.append("  curl ")
                .append(listener.urls().get(0))
                .append("/v1/streams/")
                .append(stream)
                .append("/records -H 'content-type: application/json' -d '{\"order\": 1}'\n"));
        kinesis.ifPresent(listener -> {
            String url = listener.urls().get(0);
            text.append("  ")
                    .append(launcher)
                    .append(" tail ")
                    .append(stream)
                    .append(endpoint(url))
                    .append(report.region().equals(USUAL_REGION) ? "" : " --region " + report.region())
                    .append('\n');
            aws(stream, url).forEach(line -> text.append("  ").append(line).append('\n'));
        });
    }

    private static String endpoint(String url) {
        return url.equals(LOCAL_ENDPOINT) ? "" : " --endpoint-url " + url;
    }

    /** Reads every shard, since the shard of a key is not known beforehand. */
    private List<String> aws(String stream, String url) {
        return List.of(
                "kinesis() { AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws kinesis --endpoint-url " + url
                        + " --region " + report.region() + " --output text \"$@\"; }",
                "for shard in $(kinesis list-shards --stream-name " + stream
                        + " --query 'Shards[].ShardId'); do kinesis get-records --shard-iterator \"$(kinesis get-shard-iterator --stream-name "
                        + stream + " --shard-id $shard --shard-iterator-type TRIM_HORIZON)\"; done");
    }

    private static String note(String note) {
        return note.isEmpty() ? "" : "  (" + note + ")";
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("  ")
                .append(name)
                .append(" ".repeat(Math.max(1, NAME_WIDTH + 1 - name.length())))
                .append(value)
                .append('\n');
    }
}
