package io.penstock.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.base.time.RoughDuration;
import io.penstock.tools.cli.admin.AgentOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock status}: what a running agent does, from its admin port. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what a running agent does: listeners, and per stream what waits, what was delivered, and what is wrong.",
            "Exit status 0 when the agent is ready, 1 when it is not or does not answer."
        })
final class StatusCommand implements Callable<Integer> {
    private static final int WATCH_SECONDS = 2;
    private static final int MOST_STREAMS = 200;
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    private final ObjectMapper mapper = new ObjectMapper();

    @Mixin
    private final AgentOptions agent = new AgentOptions();

    @Option(names = "--json", description = "Print what the agent answers, as JSON.")
    private boolean json;

    @Option(
            names = "--watch",
            description = {
                "Print it again every " + WATCH_SECONDS
                        + " seconds until Ctrl-C, in 80 columns, with events per second."
            })
    private boolean watch;

    @Option(
            names = "--lines",
            paramLabel = "N",
            defaultValue = "${env:LINES:-24}",
            description = "With --watch: the terminal's lines. Default: $LINES, else 24.")
    private int lines;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return watch ? OutputWatch.whileRead(this::show) : show();
    }

    private int show() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        while (true) {
            boolean screen = watch && !json;
            String body = agent.get(screen ? "/api/now" : "/api/status");
            JsonNode status = parse(body);
            String text = json ? body : watch ? screen(status) : render(status);
            if (screen && System.console() != null) {
                System.out.print(CLEAR_SCREEN);
                System.out.flush();
            }
            out.println(text);
            out.flush();
            if (!watch || out.checkError()) {
                return status.path("ready").asBoolean() ? 0 : PenstockCommand.FAILURE;
            }
            TimeUnit.SECONDS.sleep(WATCH_SECONDS);
        }
    }

    private String screen(JsonNode now) throws InterruptedException {
        // One line stays free for the cursor.
        int room = Math.max(StatusScreen.LEAST_LINES, lines - 1);
        String query = "?sort=-trouble&limit=" + Math.min(room, MOST_STREAMS);
        return StatusScreen.render(now, parse(agent.get("/api/streams" + query)), room);
    }

    private JsonNode parse(String body) {
        try {
            return mapper.readTree(body);
        } catch (IOException e) {
            throw CommandFailure.failed("what answers at " + agent.address() + " is no Penstock agent");
        }
    }

    private static String render(JsonNode status) {
        StringBuilder text = new StringBuilder();
        text.append("Penstock ").append(status.path("version").asText());
        text.append(status.path("ready").asBoolean() ? ", ready" : ", NOT READY");
        status.path("unready").forEach(reason -> text.append(": ").append(reason.asText()));
        text.append(", up ").append(status.path("uptime_seconds").asLong()).append(" s\n");
        text.append("target ").append(status.path("target").asText()).append(", data ");
        text.append(status.path("data").asText()).append('\n');
        conditions(text, status.path("conditions"));
        for (JsonNode target : status.path("targets")) {
            if (!target.path("name").asText().equals("default")) {
                text.append("target ").append(target.path("name").asText());
                text.append(": ").append(target.path("endpoint").asText());
                text.append(", region ").append(target.path("region").asText()).append('\n');
            }
        }
        for (JsonNode listener : status.path("listeners")) {
            text.append(
                    String.format(Locale.ROOT, "  %-8s", listener.path("name").asText()));
            listener.path("addresses").forEach(address -> text.append(' ').append(address.asText()));
            text.append('\n');
        }
        bridges(text, status.path("bridges"));
        text.append(String.format(
                Locale.ROOT,
                "%-32s %-10s %12s %10s %12s %6s%n",
                "STREAM",
                "STATE",
                "WAITING",
                "OLDEST",
                "DELIVERED",
                "DEAD"));
        status.path("streams").forEach(stream -> append(text, stream));
        return text.toString().stripTrailing();
    }

    private static void conditions(StringBuilder text, JsonNode conditions) {
        for (JsonNode condition : conditions) {
            String place = condition.path("place").path("name").asText();
            text.append(condition.path("name").asText()).append(" (");
            text.append(condition.path("place").path("kind").asText());
            text.append(place.isEmpty() ? "" : " " + place).append(", for ");
            text.append(RoughDuration.of(
                    Duration.ofSeconds(condition.path("since_seconds").asLong())));
            text.append("): ").append(condition.path("sentence").asText()).append('\n');
            text.append("    remedy: ")
                    .append(condition.path("remedy").asText())
                    .append('\n');
        }
    }

    private static void bridges(StringBuilder text, JsonNode bridges) {
        if (bridges.isEmpty()) {
            return;
        }
        String row = "%-32s %-10s %12s %10s %12s %10s%n";
        text.append(String.format(Locale.ROOT, row, "BRIDGE", "STATE", "IN FLIGHT", "LAG", "MESSAGES", "RECONNECTS"));
        for (JsonNode bridge : bridges) {
            text.append(String.format(
                    Locale.ROOT,
                    row,
                    bridge.path("bridge").asText(),
                    bridge.path("condition").asText(),
                    bridge.path("in_flight").asLong(),
                    String.format(
                            Locale.ROOT, "%.1f s", bridge.path("lag_seconds").asDouble()),
                    bridge.path("messages").asLong(),
                    bridge.path("reconnects").asLong()));
            text.append("    ").append(bridge.path("broker").asText()).append(", client id");
            bridge.path("client_ids").forEach(id -> text.append(' ').append(id.asText()));
            text.append('\n');
            if (!bridge.path("detail").asText().isEmpty()) {
                text.append("    ").append(bridge.path("detail").asText()).append('\n');
            }
        }
    }

    private static void append(StringBuilder text, JsonNode stream) {
        String name = stream.path("target").asText().equals("default")
                ? stream.path("stream").asText()
                : stream.path("target").asText() + "/" + stream.path("stream").asText();
        text.append(String.format(
                Locale.ROOT,
                "%-32s %-10s %12d %10s %12d %6d%n",
                name,
                stream.path("condition").asText(),
                stream.path("spooled_events").asLong(),
                stream.has("oldest_age_seconds")
                        ? stream.path("oldest_age_seconds").asLong() + " s"
                        : "-",
                stream.path("delivered_events").asLong(),
                stream.path("dead_letters").asLong()));
        if (!stream.path("detail").asText().isEmpty()) {
            text.append("    ").append(stream.path("detail").asText()).append('\n');
        }
        stream.path("notes")
                .forEach(note -> text.append("    ").append(note.asText()).append('\n'));
        if (stream.has("usage")) {
            text.append("    last hour: ")
                    .append(stream.path("usage").path("words").asText())
                    .append('\n');
        }
        if (!stream.path("key_advice").asText().isEmpty()) {
            text.append("    keys: ").append(stream.path("key_advice").asText()).append('\n');
        }
    }
}
