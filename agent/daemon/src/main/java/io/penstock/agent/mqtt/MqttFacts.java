package io.penstock.agent.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.condition.ConditionName;
import io.penstock.mqtt.MqttEvents;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.RefusalReason;
import io.penstock.mqtt.Rejection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what the MQTT server does; the server itself logs what an operator should read. Any thread. */
final class MqttFacts implements MqttEvents {
    private final SourceFacts source;
    private final ConnectedClients connected;
    private final Map<ProtocolVersion, AtomicLong> clients = new EnumMap<>(ProtocolVersion.class);
    private final Map<Rejection, Counter> rejected = new EnumMap<>(Rejection.class);
    private final Map<RefusalReason, Counter> refused = new EnumMap<>(RefusalReason.class);
    private final Counter[] published = new Counter[3];
    private final Counter subscriptionsAccepted;
    private final Counter subscriptionsRefused;
    private final Counter duplicates;
    private final Counter qos0Lost;
    private final Counter willsLost;
    private final Counter sessionsNotKept;
    private final Counter paced;
    private final Counter shortOfMemory;
    private final Counter pingsDelayed;
    private final Counter pingDelay;
    private final AtomicLong holding = new AtomicLong();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong keptSessions = new AtomicLong();

    /** @param source counts the refusals of all kinds as those of the other sources */
    MqttFacts(MeterRegistry registry, SourceFacts source) {
        this.source = source;
        this.connected = source.connected();
        for (ProtocolVersion version : ProtocolVersion.values()) {
            AtomicLong count = new AtomicLong();
            clients.put(version, count);
            Gauge.builder("penstock.mqtt.clients", count, AtomicLong::get)
                    .description("Clients connected.")
                    .tag("version", label(version))
                    .register(registry);
        }
        for (Rejection reason : Rejection.values()) {
            rejected.put(
                    reason,
                    Counter.builder("penstock.mqtt.rejected")
                            .description("Connections refused or cut off, by reason.")
                            .tag("reason", label(reason))
                            .register(registry));
        }
        for (RefusalReason reason : RefusalReason.values()) {
            refused.put(
                    reason,
                    Counter.builder("penstock.mqtt.refused")
                            .description("Publishes refused for good, by reason; their connections stay.")
                            .tag("reason", label(reason))
                            .register(registry));
        }
        for (int qos = 0; qos < published.length; qos++) {
            published[qos] = Counter.builder("penstock.mqtt.publishes")
                    .description("Publishes taken.")
                    .tag("qos", Integer.toString(qos))
                    .register(registry);
        }
        subscriptionsAccepted = subscriptions(registry, "accepted");
        subscriptionsRefused = subscriptions(registry, "refused");
        duplicates = Counter.builder("penstock.mqtt.duplicates")
                .description("Repeated QoS 2 publishes, acknowledged and not stored again.")
                .register(registry);
        qos0Lost = Counter.builder("penstock.mqtt.qos0.lost")
                .description("QoS 0 publishes lost with their connection while they waited for room.")
                .register(registry);
        willsLost = Counter.builder("penstock.mqtt.wills.lost")
                .description("Wills lost because there was no room for them, and no memory to let them wait.")
                .register(registry);
        sessionsNotKept = Counter.builder("penstock.mqtt.sessions.not.kept")
                .description("Sessions that ended with their connection because so many are kept already.")
                .register(registry);
        paced = Counter.builder("penstock.mqtt.paced")
                .description("Times that a client was held back because it published faster than it may.")
                .register(registry);
        shortOfMemory = Counter.builder("penstock.mqtt.memory.full")
                .description("Times that a connection was read no further because the memory for packets was taken.")
                .register(registry);
        pingsDelayed = Counter.builder("penstock.mqtt.pings.delayed")
                .description("PINGRESPs that waited for QoS 0 publishes to become durable.")
                .register(registry);
        pingDelay = Counter.builder("penstock.mqtt.pings.delay")
                .description("How long they waited in all.")
                .baseUnit("seconds")
                .register(registry);
        gauge(registry, "penstock.mqtt.held.connections", "Connections that wait for room in a spool.", holding);
        gauge(registry, "penstock.mqtt.held.bytes", "Bytes that they hold.", heldBytes);
        gauge(registry, "penstock.mqtt.kept.sessions", "Sessions kept without a connection.", keptSessions);
    }

    private static Counter subscriptions(MeterRegistry registry, String answer) {
        return Counter.builder("penstock.mqtt.subscriptions")
                .description("Topic filters that clients subscribed to, by answer; nothing is ever delivered.")
                .tag("answer", answer)
                .register(registry);
    }

    private static void gauge(MeterRegistry registry, String name, String description, AtomicLong value) {
        Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void connected(SocketAddress peer, String clientId, Optional<String> userName, ProtocolVersion version) {
        connected.connected(peer, PeerText.of(peer), clientId, userName.orElse(""), words(version));
        of(clients, version).incrementAndGet();
    }

    @Override
    public void disconnected(SocketAddress peer, String clientId, ProtocolVersion version) {
        connected.disconnected(peer);
        of(clients, version).decrementAndGet();
    }

    @Override
    public void rejected(SocketAddress peer, String clientId, Rejection why, String text) {
        of(rejected, why).increment();
        String client = clientId.isEmpty() ? "" : "client id '" + clientId + "': ";
        if (why == Rejection.TAKEN_OVER) {
            source.met(ConditionName.SESSION_STORM, host(peer), client + text);
        }
        RejectionLabels.of(why).ifPresent(reason -> {
            source.refused(reason, 1);
            source.met(reason, host(peer), client + text);
        });
    }

    private static String host(SocketAddress peer) {
        return peer instanceof InetSocketAddress socket ? socket.getHostString() : String.valueOf(peer);
    }

    @Override
    public void refused(RefusalReason reason) {
        of(refused, reason).increment();
        if (reason == RefusalReason.NOT_AUTHORIZED) {
            source.refused(Refusal.FORBIDDEN, 1); // The others are counted where the intake refuses.
        }
    }

    @Override
    public void subscribed(int granted, int denied) {
        subscriptionsAccepted.increment(granted);
        subscriptionsRefused.increment(denied);
        if (denied > 0) {
            source.refused(Refusal.UNSUPPORTED, 1);
        }
    }

    @Override
    public void published(SocketAddress peer, int qos, int count, long payloadBytes) {
        connected.sent(peer, count);
        published[qos].increment(count);
    }

    @Override
    public void duplicate() {
        duplicates.increment();
    }

    @Override
    public void heldBack() {
        holding.incrementAndGet();
    }

    @Override
    public void released() {
        holding.decrementAndGet();
    }

    @Override
    public void heldBytes(long change) {
        heldBytes.addAndGet(change);
    }

    @Override
    public void heldQos0Lost(int count) {
        qos0Lost.increment(count);
        source.refused(Refusal.SPOOL_FULL, count);
    }

    @Override
    public void willLost() {
        willsLost.increment();
        source.refused(Refusal.SPOOL_FULL, 1);
    }

    @Override
    public void sessionNotKept() {
        sessionsNotKept.increment();
    }

    @Override
    public void paced(SocketAddress peer, String clientId) {
        paced.increment();
        source.met(
                ConditionName.CLIENT_FLOODING,
                host(peer),
                "client id '" + clientId + "' publishes faster than it may and is held back");
    }

    @Override
    public void shortOfMemory() {
        shortOfMemory.increment();
    }

    @Override
    public void pingDelayed(Duration by) {
        pingsDelayed.increment();
        pingDelay.increment(by.toNanos() / 1e9);
    }

    @Override
    public void keptSessions(int change) {
        keptSessions.addAndGet(change);
    }

    private static String words(ProtocolVersion version) {
        return switch (version) {
            case MQTT_3_1 -> "MQTT 3.1";
            case MQTT_3_1_1 -> "MQTT 3.1.1";
            case MQTT_5 -> "MQTT 5";
        };
    }

    private static <K extends Enum<K>, V> V of(Map<K, V> all, K key) {
        V value = all.get(key);
        if (value == null) {
            throw new IllegalStateException("nothing counts " + key);
        }
        return value;
    }
}
