package io.penstock.agent.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.agent.metrics.ConnectedClients.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who is connected, with rates. Rates are made only while somebody looks: at a tick after the list was asked for.
 * {@link #sample} is for one thread, the rest for any.
 */
final class ClientTable {
    private static final long LOOKED = Duration.ofSeconds(15).toNanos();
    private static final double NANOS = 1e9;

    private static final Map<String, Comparator<Row>> ORDERS = Map.of(
            "name", Comparator.comparing(row -> row.client().name()),
            "source", Comparator.comparing(Row::source),
            "address", Comparator.comparing(row -> row.client().address()),
            "user", Comparator.comparing(row -> row.client().user()),
            "since", Comparator.comparingLong(row -> -row.client().sinceNanos()),
            "events", Comparator.comparingLong(row -> row.client().events().sum()),
            "rate", Comparator.comparingDouble(Row::rate));

    private final Supplier<Map<String, List<Client>>> clients;
    private volatile long askedAt;
    private volatile boolean asked;
    private volatile boolean rated;
    private volatile Map<Client, Sample> samples = Map.of();

    private record Sample(long events, long at, double rate) {}

    private record Row(String source, Client client, double rate) {}

    ClientTable(Supplier<Map<String, List<Client>>> clients) {
        this.clients = clients;
    }

    static List<String> orders() {
        return ORDERS.keySet().stream().sorted().toList();
    }

    /** Makes rates, if the list was asked for in the last seconds. */
    void sample(long nanos) {
        if (!asked || nanos - askedAt > LOOKED) {
            samples = Map.of();
            rated = false;
            return;
        }
        Map<Client, Sample> before = samples;
        Map<Client, Sample> next = new IdentityHashMap<>();
        clients.get()
                .values()
                .forEach(all -> all.forEach(client -> {
                    long events = client.events().sum();
                    Sample last = before.get(client);
                    double rate =
                            last == null || nanos <= last.at ? 0 : (events - last.events) * NANOS / (nanos - last.at);
                    next.put(client, new Sample(events, nanos, rate));
                }));
        rated = !before.isEmpty();
        samples = next;
    }

    /**
     * The clients of a page. {@code rated} is whether rates are made already: at the second tick after the first request.
     *
     * @param sort one of {@link #orders}
     */
    ObjectNode rows(String search, String sort, boolean descending, Page page, long nanos) {
        askedAt = nanos;
        asked = true;
        Map<Client, Sample> rates = samples;
        String part = search.toLowerCase(Locale.ROOT);
        List<Row> found = new ArrayList<>();
        int[] all = new int[1];
        clients.get()
                .forEach((source, of) -> of.forEach(client -> {
                    all[0]++;
                    if (matches(client, source, part)) {
                        Sample sample = rates.get(client);
                        found.add(new Row(source, client, sample == null ? 0 : sample.rate()));
                    }
                }));
        Comparator<Row> order = ORDERS.getOrDefault(sort, Comparator.comparing(Row::source));
        found.sort((descending ? order.reversed() : order)
                .thenComparing(row -> row.client().address()));
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("all", all[0]).put("found", found.size()).put("rated", rated);
        ArrayNode rows = node.putArray("clients");
        page.of(found)
                .forEach(row -> rows.addObject()
                        .put("source", row.source())
                        .put("name", row.client().name())
                        .put("user", row.client().user())
                        .put("address", row.client().address())
                        .put("protocol", row.client().protocol())
                        .put("since_seconds", (System.nanoTime() - row.client().sinceNanos()) / (long) NANOS)
                        .put("events", row.client().events().sum())
                        .put("rate", LiveJson.round(row.rate())));
        return node;
    }

    private static boolean matches(Client client, String source, String part) {
        return part.isEmpty()
                || client.name().toLowerCase(Locale.ROOT).contains(part)
                || client.user().toLowerCase(Locale.ROOT).contains(part)
                || client.address().contains(part)
                || source.contains(part);
    }
}
