package io.penstock.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.base.time.RoughDuration;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
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
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int WATCH_SECONDS = 2;
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9890",
            description = "The agent's admin address. Default: ${DEFAULT-VALUE}.")
    private String admin = "";

    @Option(names = "--json", description = "Print what the agent answers, as JSON.")
    private boolean json;

    @Option(names = "--watch", description = "Print it again every " + WATCH_SECONDS + " seconds until Ctrl-C.")
    private boolean watch;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        while (true) {
            String body = fetch();
            JsonNode status = parse(body);
            String text = json ? body : render(status);
            out.println(watch && !json && System.console() != null ? CLEAR_SCREEN + text : text);
            out.flush();
            if (!watch || out.checkError()) {
                return status.path("ready").asBoolean() ? 0 : PenstockCommand.FAILURE;
            }
            TimeUnit.SECONDS.sleep(WATCH_SECONDS);
        }
    }

    private String fetch() throws InterruptedException {
        URI uri;
        try {
            uri = URI.create("http://" + admin + "/api/status");
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("--admin " + admin + " is no address; write HOST:PORT");
        }
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(uri).timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw CommandFailure.failed(uri + " answers " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw CommandFailure.failed("no agent answers at " + admin + " ("
                    + e.getClass().getSimpleName() + "): is it running? Its admin address is named by --admin");
        }
    }

    private JsonNode parse(String body) {
        try {
            return mapper.readTree(body);
        } catch (IOException e) {
            throw CommandFailure.failed("what answers at " + admin + " is no Penstock agent");
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
