package io.penstock.agent.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.reload.Prepared;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.mqtt.MqttServer;
import io.penstock.mqtt.MqttServerBuilder;
import io.penstock.mqtt.MqttSettings;
import io.penstock.mqtt.session.SessionStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The MQTT source: what clients publish goes to the spools of the streams that the routes say, and is acknowledged as
 * {@code ack} says. Runs on the server's event loops.
 */
public final class MqttSource implements AutoCloseable {
    private final MqttServer server;
    private final ClientAccess access;
    private final AckChoice ack;

    private MqttSource(MqttServer server, ClientAccess access, AckChoice ack) {
        this.server = server;
        this.access = access;
        this.ack = ack;
    }

    /**
     * Binds and serves.
     *
     * @param connections counts those of all sources together
     * @param memory of unfinished and held packets
     * @param sessions where sessions survive a restart; empty: they end with the process
     * @throws IOException when an address cannot be bound or a file not be used, naming it and the remedy
     */
    public static MqttSource start(
            MqttSourceSettings section,
            ConnectionBudget connections,
            Intake intake,
            MemoryBudget.Account memory,
            Optional<SessionStore> sessions,
            MeterRegistry registry)
            throws IOException {
        ClientAccess access = ClientAccess.open(section);
        try {
            return start(section, access, connections, intake, memory, sessions, registry);
        } catch (IOException failed) {
            access.close();
            throw failed;
        }
    }

    private static MqttSource start(
            MqttSourceSettings section,
            ClientAccess access,
            ConnectionBudget connections,
            Intake intake,
            MemoryBudget.Account memory,
            Optional<SessionStore> sessions,
            MeterRegistry registry)
            throws IOException {
        SourceFacts facts = new SourceFacts(registry, "mqtt");
        EventCounts counts = new EventCounts();
        AckChoice ack = new AckChoice(section.ack());
        MqttServerBuilder builder = MqttServer.builder(
                        new SpoolIntake(intake, ack, facts, counts, MqttEvent::ofClients))
                .settings(new MqttSettings(new MqttListeners(section).all(), section.limits()))
                .authenticator(access)
                .permission(access)
                .subscribe(access::subscribe)
                .events(new MqttFacts(registry, facts))
                .connections(connections)
                .memory(memory);
        sessions.ifPresent(builder::sessions);
        MqttServer server = builder.start();
        facts.keys(counts);
        facts.connections(server::connections);
        return new MqttSource(server, access, ack);
    }

    /**
     * Other listeners, other rules of who may connect and publish, another time of acknowledgements. Connections stay.
     *
     * @throws IOException when an address cannot be bound or a file not be used, naming it and the remedy
     */
    public Prepared prepare(MqttSourceSettings section) throws IOException {
        MqttServer.ListenerChange listeners = server.prepare(new MqttListeners(section).all());
        Prepared bound = new Prepared() {
            @Override
            public void commit() {
                listeners.commit();
                ack.change(section.ack());
            }

            @Override
            public void abandon() {
                listeners.abandon();
            }
        };
        try {
            // The rules come first: a new listener goes by them.
            return Prepared.all(List.of(access.prepare(section), bound));
        } catch (IOException unfit) {
            listeners.abandon();
            throw unfit;
        }
    }

    /** The addresses as bound. */
    public List<InetSocketAddress> addresses() {
        return server.addresses();
    }

    /** Takes no more, sends the acknowledgements that become due within the server's drain time-out, and closes. */
    @Override
    public void close() {
        server.close();
        access.close();
    }
}
