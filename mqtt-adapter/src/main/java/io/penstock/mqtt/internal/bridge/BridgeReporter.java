package io.penstock.mqtt.internal.bridge;

import io.penstock.base.fault.Guard;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeListener;
import io.penstock.mqtt.bridge.BridgeState;
import io.penstock.mqtt.bridge.BridgeUrl;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of each change of a bridge's state, in a line of the log at a limited rate, and the listener. A
 * listener that throws harms nothing. Thread-safe.
 */
public final class BridgeReporter {
    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.mqtt.bridge.MqttBridge");

    private final String name;
    private final BridgeListener listener;
    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    private final Guard guard = new Guard(LOG);

    /** @param name of the bridge */
    public BridgeReporter(String name, BridgeListener listener) {
        this.name = name;
        this.listener = listener;
    }

    /** Runs a call of the listener. */
    void tell(Consumer<BridgeListener> call) {
        guard.run("The listener of bridge " + name, () -> call.accept(listener));
    }

    void connected(int index, String clientId, BridgeUrl url, boolean present) {
        log.info(
                "connected " + index,
                "Bridge " + name + " is connected to " + url + " as " + clientId
                        + (present ? "; the broker has kept its session" : "; the session is new"));
        tell(to -> to.connected(index, url, present));
    }

    void disconnected(int index, BridgeUrl url, BridgeFault why, boolean wanted) {
        if (wanted) {
            log.info("left " + index, "Bridge " + name + " has left " + url + ": " + why.text());
        } else {
            log.warn(
                    "lost " + index + why.kind(),
                    "Bridge " + name + " has lost its connection to " + url + " and connects again: " + why);
        }
        tell(to -> to.disconnected(index, why));
    }

    void takesOver(String clientId) {
        log.info(
                "takes over " + clientId,
                "Bridge " + name + " takes over the session of " + clientId + ", which is away");
    }

    void givenBack(int index, String clientId, BridgeFault why) {
        log.info(
                "given back " + clientId,
                "Bridge " + name + " has given the session of " + clientId
                        + " back, because that client is connected again or the connection was lost: " + why.text());
        tell(to -> to.disconnected(index, why));
    }

    void failed(int index, BridgeUrl url, BridgeFault why) {
        log.warn(
                "failed " + index + why.kind() + url,
                "Bridge " + name + " cannot connect to " + url + " and tries again: " + why);
        tell(to -> to.failed(index, why));
    }

    void filterRefused(int index, BridgeState.RefusedFilter filter) {
        log.warn(
                "filter " + filter.filter(),
                filter.isRefused()
                        ? "Bridge " + name + ": the broker refuses the filter '" + filter.filter() + "': "
                                + filter.reason() + "; it is asked again later, the other filters work"
                        : "Bridge " + name + ": " + filter.reason() + ", for the filter '" + filter.filter() + "'");
        tell(to -> to.filterRefused(index, filter));
    }

    void handlerFailed(RuntimeException bug) {
        log.error(
                "handler",
                "Bridge " + name + ": a publish could not be handled; it is not acknowledged, and is tried again",
                bug);
    }

    void warn(String key, String text) {
        log.warn(key, "Bridge " + name + ": " + text);
    }

    void bug(Throwable failure) {
        log.error("bug", "Bridge " + name + ": a connection failed because of a defect and is closed", failure);
    }
}
