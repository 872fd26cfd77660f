package io.penstock.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.tools.cli.admin.AgentOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock clients}: who is connected at each source. */
@Command(
        name = "clients",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the clients that are connected to a running agent: source, name, address, protocol, events per second,"
                    + " and since when.",
            "Names are MQTT client ids, users, or what an HTTP client says that it is. The agent makes rates only while"
                    + " they are asked for, so that the first answer takes up to 5 seconds."
        })
final class ClientsCommand implements Callable<Integer> {
    private static final String ROW = "%-9s %-22s %-21s %-10s %6s  %s";
    private static final int SOURCE = 9;
    private static final int NAME = 22;
    private static final int ADDRESS = 21;
    private static final int PROTOCOL = 10;
    private static final int MOST = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 200;

    private final ObjectMapper mapper = new ObjectMapper();

    /** What the list is sorted by. */
    enum Order {
        RATE("-rate"),
        EVENTS("-events"),
        SINCE("-since"),
        NAME("name"),
        USER("user"),
        ADDRESS("address"),
        SOURCE("source");

        private final String key;

        Order(String key) {
            this.key = key;
        }
    }

    @Mixin
    private final AgentOptions agent = new AgentOptions();

    @Option(
            names = "--sort",
            paramLabel = "BY",
            defaultValue = "rate",
            description = "rate, events, since, name, user, address or source. Default: ${DEFAULT-VALUE}.")
    private Order order = Order.RATE;

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only clients whose name, user, address or source contains it.")
    private String search = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Clients at most, 1 to " + MOST + ". Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Print what the agent answers, as JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1 || limit > MOST) {
            throw CommandFailure.wrongUsage("--limit is " + limit + "; write a number from 1 to " + MOST);
        }
        return OutputWatch.whileRead(this::show);
    }

    private int show() throws InterruptedException {
        String path = "/api/clients?sort=" + order.key + "&limit=" + limit + "&search="
                + URLEncoder.encode(search, StandardCharsets.UTF_8);
        PrintWriter out = spec.commandLine().getOut();
        String answer = rated(path);
        if (json) {
            out.println(answer);
        } else {
            print(parse(answer), out);
        }
        out.flush();
        return 0;
    }

    /** Asks until the agent has made rates. */
    private String rated(String path) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String answer = agent.get(path);
            JsonNode list = parse(answer);
            boolean nothingToRate = list.path("found").asInt() == 0;
            if (nothingToRate || list.path("rated").asBoolean() || System.nanoTime() > deadline) {
                return answer;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static void print(JsonNode list, PrintWriter out) {
        out.println(String.format(Locale.ROOT, ROW, "SOURCE", "NAME", "ADDRESS", "PROTOCOL", "RATE/S", "SINCE"));
        list.path("clients").forEach(client -> out.println(text(client)));
        int more = list.path("found").asInt() - list.path("clients").size();
        if (more > 0) {
            out.println("and " + more + " more");
        }
    }

    private static String text(JsonNode client) {
        String name = client.path("name").asText();
        return String.format(
                Locale.ROOT,
                ROW,
                StatusScreen.cut(client.path("source").asText(), SOURCE),
                StatusScreen.cut(name.isEmpty() ? client.path("user").asText() : name, NAME),
                StatusScreen.cut(client.path("address").asText(), ADDRESS),
                StatusScreen.cut(client.path("protocol").asText(), PROTOCOL),
                StatusScreen.number(client.path("rate").asDouble()),
                StatusScreen.age(client.path("since_seconds").asLong()));
    }

    private JsonNode parse(String body) {
        try {
            return mapper.readTree(body);
        } catch (IOException e) {
            throw CommandFailure.failed("what answers at " + agent.address() + " is no Penstock agent");
        }
    }
}
