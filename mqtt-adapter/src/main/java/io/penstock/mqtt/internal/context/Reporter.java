package io.penstock.mqtt.internal.context;

import io.penstock.base.text.CauseText;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.mqtt.MqttEvents;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.Will;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports events to operator and metrics: each event is counted, and logged at a limited rate per peer host and kind of
 * event. Thread-safe.
 */
public final class Reporter {
    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.mqtt.MqttServer");

    /** The maximum length of a client identifier or a topic in a line, so that the reason behind it still fits. */
    private static final int MAX_SAID = 300;

    private final MqttEvents events;
    private final RateLimitedLog log;
    private final OncePerClient subscribers;

    public Reporter(MqttEvents events) {
        this(events, RateLimitedLog.of(LOG), new OncePerClient(System::nanoTime));
    }

    Reporter(MqttEvents events, RateLimitedLog log, OncePerClient subscribers) {
        this.events = events;
        this.log = log;
        this.subscribers = subscribers;
    }

    public MqttEvents events() {
        return events;
    }

    public void rejected(SocketAddress peer, String clientId, Rejection why, String text) {
        events.rejected(peer, clientId, why, text);
        String key = key(why.name(), peer);
        String client = clientId.isEmpty() ? "" : " (client " + cut(clientId) + ")";
        if (why == Rejection.TAKEN_OVER || why == Rejection.SERVER_STOPPING) {
            log.info(key, "MQTT connection of " + peer + client + " closed: " + cut(text));
        } else {
            log.warn(
                    key,
                    "MQTT connection of " + peer + client + " closed, " + why + ": " + cut(text) + " (remedy: "
                            + why.remedy() + ")");
        }
    }

    /** A publish is refused, or with QoS 0 dropped, because its topic is forbidden; its connection stays open. */
    public void forbidden(Client client, String topic) {
        log.warn(
                key("forbidden", client.address()),
                "MQTT client " + cut(client.id()) + " of " + client.address() + " may not publish to '" + cut(topic)
                        + "' (remedy: " + Rejection.NOT_AUTHORIZED.remedy() + ")");
    }

    /** A SUBSCRIBE with so many topic filters was answered. Said once for each client. */
    public void subscribed(Client client, int accepted, int refused) {
        events.subscribed(accepted, refused);
        OptionalLong leftOut = subscribers.say(client.id());
        if (leftOut.isEmpty()) {
            return;
        }
        String who = "MQTT client " + cut(client.id()) + " of " + client.address();
        String more = leftOut.getAsLong() == 0 ? "" : " (and " + leftOut.getAsLong() + " others since the last line)";
        if (refused == 0) {
            LOG.info(
                    "{}",
                    RateLimitedLog.line(
                            who + " subscribes. It is told that it may, but nothing is ever delivered to it,"
                                    + " as mqtt.subscribe: accept says. With mqtt.subscribe: refuse it would be refused;"
                                    + " commands to devices need a broker" + more));
        } else {
            LOG.warn(
                    "{}",
                    RateLimitedLog.line(who + " subscribes and is refused: nothing is ever delivered here. With"
                            + " mqtt.subscribe: accept it would be told that it may, still without any delivery;"
                            + " commands to devices need a broker" + more));
        }
    }

    public void willLost(Will will) {
        events.willLost();
        log.warn(
                key("will", will.remoteAddress()),
                "The will of MQTT client " + cut(will.clientId())
                        + " is lost: there is no room for it and no memory to let it wait");
    }

    public void handlerFailed(SocketAddress peer, RuntimeException failure) {
        log.error(
                key("handler", peer),
                "A publish of " + peer + " could not be handled; it is not acknowledged",
                failure);
    }

    public void connectionFailed(SocketAddress peer, Throwable failure) {
        events.rejected(peer, "", Rejection.INTERNAL_ERROR, CauseText.orUnknown(failure));
        log.error(key("failed", peer), "The MQTT connection of " + peer + " failed and is closed", failure);
    }

    public void acceptFailed(Throwable failure) {
        log.warn("accept", "MQTT connections cannot be accepted for now: " + CauseText.orUnknown(failure));
    }

    /** By host only, because each connection has another port. */
    private static String key(String kind, SocketAddress peer) {
        return kind + " " + (peer instanceof InetSocketAddress socket ? socket.getHostString() : peer);
    }

    private static String cut(String said) {
        return said.length() > MAX_SAID ? said.substring(0, MAX_SAID) + "…" : said;
    }
}
