package io.penstock.tools.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run came to, for people and for programs. */
public final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS_PER_MILLI = 1e6;

    private final Outcome outcome;
    private final Optional<Verification> verification;

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private Report(Outcome outcome, Optional<Verification> verification) {
        this.outcome = outcome;
        this.verification = verification;
    }

    /** Of a load alone. */
    public static Report of(Outcome outcome) {
        return new Report(outcome, Optional.empty());
    }

    /** Of a load whose stream was read back. */
    public static Report of(Outcome outcome, Verification verification) {
        return new Report(outcome, Optional.of(verification));
    }

    /** Whether there was no error, and nothing acknowledged was lost. */
    public boolean good() {
        return outcome.errors().isEmpty()
                && verification
                        .map(account -> account.counts().lost() == 0
                                && account.problem().isEmpty())
                        .orElse(true);
    }

    /** Lines, the last one ended. */
    public String text() {
        Plan plan = outcome.plan();
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s to %s:%d, run %s: %,d connections, events of %,d bytes%s",
                outcome.load().protocol(),
                plan.receiver().host(),
                plan.receiver().port(),
                outcome.run(),
                plan.connections(),
                plan.events().size(),
                plan.events().rate() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %,.0f events/s wanted",
                                plan.events().rate()));
        line(text, "  sent          %,d events", outcome.counts().sent());
        if (outcome.load().acknowledged()) {
            line(text, "  acknowledged  %,d events", outcome.counts().acknowledged());
        }
        line(
                text,
                "  throughput    %,.0f events/s, %,.1f MB/s, in %,.2f s",
                outcome.eventsPerSecond(),
                outcome.megabytesPerSecond(),
                outcome.nanos() / 1e9);
        if (outcome.load().acknowledged()) {
            Outcome.Latency latency = outcome.latency();
            line(
                    text,
                    "  latency       p50 %s, p90 %s, p99 %s, p99.9 %s, max %s",
                    millis(latency.p50()),
                    millis(latency.p90()),
                    millis(latency.p99()),
                    millis(latency.p999()),
                    millis(latency.max()));
        }
        errors(text);
        verification.ifPresent(account -> account(text, account));
        return text.toString();
    }

    /** One JSON object on one line, without the line's end. */
    public String json() {
        Plan plan = outcome.plan();
        ObjectNode root = JSON.createObjectNode();
        root.put("protocol", outcome.load().protocol());
        root.put("run", outcome.run());
        root.put("host", plan.receiver().host());
        root.put("port", plan.receiver().port());
        root.put("connections", plan.connections());
        root.put("size", plan.events().size());
        root.put("rate", plan.events().rate());
        root.set("settings", JSON.valueToTree(outcome.load().settings()));
        root.put("sent", outcome.counts().sent());
        root.put("acknowledged", outcome.counts().acknowledged());
        root.put("refused", outcome.counts().refused());
        root.put("bytes", outcome.bytes());
        root.put("seconds", outcome.nanos() / 1e9);
        root.put("events_per_second", outcome.eventsPerSecond());
        root.put("megabytes_per_second", outcome.megabytesPerSecond());
        if (outcome.load().acknowledged()) {
            Outcome.Latency latency = outcome.latency();
            ObjectNode node = root.putObject("latency_ms");
            node.put("count", latency.count());
            node.put("p50", latency.p50() / NANOS_PER_MILLI);
            node.put("p90", latency.p90() / NANOS_PER_MILLI);
            node.put("p99", latency.p99() / NANOS_PER_MILLI);
            node.put("p99.9", latency.p999() / NANOS_PER_MILLI);
            node.put("max", latency.max() / NANOS_PER_MILLI);
        }
        root.set("errors", JSON.valueToTree(new TreeMap<>(outcome.errors())));
        verification.ifPresent(account -> {
            ObjectNode node = root.putObject("verification");
            node.put("stream", account.stream());
            node.put("found", account.counts().found());
            node.put("lost", account.counts().lost());
            node.put("missing", account.counts().missing());
            node.put("duplicated", account.counts().duplicated());
            node.put("out_of_order", account.order().late());
            node.put("order_checked", account.order().checked());
            node.put("unknown", account.counts().unknown());
            node.put("example", account.example());
            node.put("notice", account.notice());
            node.put("problem", account.problem());
        });
        root.put("good", good());
        return root.toString();
    }

    private void errors(StringBuilder text) {
        if (outcome.errors().isEmpty()) {
            line(text, "  errors        none");
        }
        for (Map.Entry<String, Long> error : new TreeMap<>(outcome.errors()).entrySet()) {
            line(text, "  error         %,d times: %s", error.getValue(), error.getKey());
        }
    }

    private static void account(StringBuilder text, Verification account) {
        line(
                text,
                "  stream        %s: %,d events found",
                account.stream(),
                account.counts().found());
        line(
                text,
                "  account       %,d lost, %,d duplicated, %s%s",
                account.counts().lost(),
                account.counts().duplicated(),
                account.order().checked() == 0
                        ? unordered(account)
                        : String.format(
                                Locale.ROOT,
                                "%,d of %,d out of order",
                                account.order().late(),
                                account.order().checked()),
                account.counts().missing() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; %,d never acknowledged nor found",
                                account.counts().missing()));
        if (account.counts().unknown() > 0) {
            line(
                    text,
                    "  unknown       %,d events in the stream that were never sent",
                    account.counts().unknown());
        }
        if (!account.example().isEmpty()) {
            line(text, "  lost          for example %s", account.example());
        }
        if (!account.problem().isEmpty()) {
            line(text, "  unread        %s", account.problem());
        } else if (account.counts().lost() + account.counts().missing() > 0
                && !account.notice().isEmpty()) {
            line(text, "  reading       %s", account.notice());
        }
    }

    private static String unordered(Verification account) {
        return account.counts().found() == 0
                ? "order not checked: nothing was found"
                : "order not checked: a connection's events have different partition keys";
    }

    private static String millis(long nanos) {
        double millis = nanos / NANOS_PER_MILLI;
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%,.0f ms", millis);
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
