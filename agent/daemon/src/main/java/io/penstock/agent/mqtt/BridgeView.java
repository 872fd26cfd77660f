package io.penstock.agent.mqtt;

import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.admin.BridgeStatus.Condition;
import io.penstock.mqtt.bridge.BridgeState;
import io.penstock.mqtt.bridge.BridgeState.Connection;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** A bridge's state in the words of the status. Stateless. */
final class BridgeView {
    private BridgeView() {}

    static BridgeStatus of(BridgeState state) {
        List<Connection> all = state.connections();
        Connection worst =
                all.stream().max(Comparator.comparing(BridgeView::condition)).orElseThrow();
        return new BridgeStatus(
                state.name(),
                worst.url().toString(),
                all.stream().map(Connection::clientId).toList(),
                condition(worst),
                String.join("; ", details(all)),
                (int) all.stream()
                        .filter(each -> each.phase() == BridgeState.Phase.CONNECTED)
                        .count(),
                all.stream().mapToInt(Connection::inFlight).sum(),
                all.stream()
                        .map(Connection::oldest)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO),
                List.copyOf(refused(all)),
                new BridgeStatus.Counts(
                        sum(all, each -> each.counts().received()),
                        sum(all, each -> each.counts().bytes()),
                        sum(all, each -> each.counts().redelivered()),
                        sum(all, each -> each.counts().duplicates()),
                        sum(all, each -> each.counts().tooLarge()),
                        sum(all, each -> each.counts().reconnects())));
    }

    private static Condition condition(Connection connection) {
        return switch (connection.phase()) {
            case CONNECTED -> connection.held() ? Condition.HELD : Condition.CONNECTED;
            case CONNECTING -> Condition.CONNECTING;
            case WAITING -> Condition.WAITING;
            case STOPPED -> Condition.STOPPED;
        };
    }

    /** Each sentence once, however many connections it is true of. */
    private static Set<String> details(List<Connection> all) {
        Set<String> details = new LinkedHashSet<>();
        for (Connection each : all) {
            each.fault().ifPresent(fault -> details.add(fault.toString()));
            if (each.held()) {
                details.add("what the broker sends waits for room in a spool (remedy: see the streams' conditions)");
            }
        }
        for (BridgeStatus.RefusedFilter filter : refused(all)) {
            details.add(
                    filter.code() >= 0x80
                            ? "the broker refuses the filter " + filter.filter() + ": " + filter.reason()
                                    + " (remedy: permit it at the broker, or take it out of topics)"
                            : "the broker grants the filter " + filter.filter() + " QoS " + filter.code()
                                    + " only (remedy: ask for no more, or let the broker grant it)");
        }
        return details;
    }

    private static Set<BridgeStatus.RefusedFilter> refused(List<Connection> all) {
        Set<BridgeStatus.RefusedFilter> refused = new LinkedHashSet<>();
        for (Connection each : all) {
            each.refused()
                    .forEach(filter -> refused.add(
                            new BridgeStatus.RefusedFilter(filter.filter(), filter.code(), filter.reason())));
        }
        return refused;
    }

    private static long sum(List<Connection> all, ToLongFunction<Connection> of) {
        return all.stream().mapToLong(of).sum();
    }
}
