package io.penstock.mqtt;

import java.net.SocketAddress;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operator and counters what happens: each fact is counted every time and logged at a limited rate per kind.
 * Thread-safe.
 */
final class Reporter {
    private static final Logger LOG = LoggerFactory.getLogger(MqttServer.class);

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int MAX_SAID = 400;

    private final MqttEvents events;
    private final LogLimit[] limits;
    private final LogLimit forbidden = new LogLimit();
    private final LogLimit subscriptions = new LogLimit();
    private final LogLimit failures = new LogLimit();

    Reporter(MqttEvents events) {
        this.events = events;
        this.limits = new LogLimit[Rejection.values().length];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = new LogLimit();
        }
    }

    MqttEvents events() {
        return events;
    }

    void rejected(SocketAddress peer, String clientId, Rejection why, String text) {
        events.rejected(peer, why, text);
        long unlogged = limits[why.ordinal()].pass(System.nanoTime());
        if (unlogged == LogLimit.SILENT) {
            return;
        }
        String who = clientId.isEmpty() ? "" : " (client " + plain(clientId) + ")";
        String more = more(unlogged);
        if (why == Rejection.TAKEN_OVER || why == Rejection.SERVER_STOPPING) {
            LOG.info("MQTT connection of {}{} closed: {}{}", peer, who, plain(text), more);
        } else {
            LOG.warn(
                    "MQTT connection of {}{} closed, {}: {} (remedy: {}){}",
                    peer,
                    who,
                    why,
                    plain(text),
                    why.remedy(),
                    more);
        }
    }

    /** A publish is refused, or dropped with QoS 0, because its topic is not permitted; its connection stays. */
    void forbidden(Client client, String topic) {
        long unlogged = forbidden.pass(System.nanoTime());
        if (unlogged != LogLimit.SILENT) {
            LOG.warn(
                    "MQTT client {} of {} may not publish to '{}' (remedy: {}){}",
                    plain(client.id()),
                    client.address(),
                    plain(topic),
                    Rejection.NOT_AUTHORIZED.remedy(),
                    more(unlogged));
        }
    }

    void subscriptionRefused(Client client) {
        events.subscriptionRefused(client.address(), client.id());
        long unlogged = subscriptions.pass(System.nanoTime());
        if (unlogged != LogLimit.SILENT) {
            LOG.warn(
                    "MQTT client {} of {} may not subscribe: this server delivers nothing (remedy: let the client"
                            + " subscribe at a broker){}",
                    plain(client.id()),
                    client.address(),
                    more(unlogged));
        }
    }

    private static String more(long unlogged) {
        return unlogged == 0 ? "" : "; " + unlogged + " more like it went unlogged";
    }

    void willLost(Will will) {
        events.willLost();
        if (failures.pass(System.nanoTime()) != LogLimit.SILENT) {
            LOG.warn(
                    "The will of MQTT client {} is lost: there is no room for it and no memory to let it wait",
                    plain(will.clientId()));
        }
    }

    /** For the log: what a client says can hold line ends and be long. */
    private static String plain(String said) {
        String head = said.length() > MAX_SAID ? said.substring(0, MAX_SAID) + "…" : said;
        return CONTROL.matcher(head).replaceAll("?");
    }

    void handlerFailed(SocketAddress peer, RuntimeException failure) {
        if (failures.pass(System.nanoTime()) != LogLimit.SILENT) {
            LOG.error("A publish of {} could not be handled; it is not acknowledged", peer, failure);
        }
    }

    void connectionFailed(SocketAddress peer, Throwable failure) {
        events.rejected(peer, Rejection.INTERNAL_ERROR, failure.toString());
        if (failures.pass(System.nanoTime()) != LogLimit.SILENT) {
            LOG.error("The MQTT connection of {} failed and is closed", peer, failure);
        }
    }

    void acceptFailed(Throwable failure) {
        if (failures.pass(System.nanoTime()) != LogLimit.SILENT) {
            LOG.warn("MQTT connections cannot be accepted for now: {}", failure.toString());
        }
    }
}
