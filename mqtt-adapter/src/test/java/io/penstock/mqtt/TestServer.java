package io.penstock.mqtt;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.mqtt.session.SessionStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A server on a free port with a manual store, and the clients that a test connects. */
public final class TestServer implements AutoCloseable {
    private final ManualStore store = new ManualStore();
    private final RecordedEvents events = new RecordedEvents();
    private final List<RawClient> clients = new ArrayList<>();
    private final MqttServer server;

    TestServer() throws IOException {
        this(limits -> limits);
    }

    public TestServer(UnaryOperator<MqttLimitsBuilder> limits) throws IOException {
        this(limits, Authenticator.anonymous());
    }

    TestServer(UnaryOperator<MqttLimitsBuilder> limits, Authenticator authenticator) throws IOException {
        this(listener -> listener, limits, authenticator);
    }

    private TestServer(
            UnaryOperator<MqttListener> listener, UnaryOperator<MqttLimitsBuilder> limits, Authenticator authenticator)
            throws IOException {
        this(listener, limits, authenticator, MemoryBudget.of(1L << 30).account(1.0));
    }

    private TestServer(
            UnaryOperator<MqttListener> listener,
            UnaryOperator<MqttLimitsBuilder> limits,
            Authenticator authenticator,
            MemoryBudget.Account memory)
            throws IOException {
        this(listener, limits, authenticator, memory, Optional.empty());
    }

    private TestServer(
            UnaryOperator<MqttListener> listener,
            UnaryOperator<MqttLimitsBuilder> limits,
            Authenticator authenticator,
            MemoryBudget.Account memory,
            Optional<SessionStore> sessions)
            throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        MqttSettings settings = new MqttSettings(
                List.of(listener.apply(MqttListener.plain(anyPort))),
                limits.apply(MqttLimits.builder()).build());
        MqttServerBuilder builder = MqttServer.builder(store)
                .settings(settings)
                .authenticator(authenticator)
                .events(events)
                .memory(memory);
        sessions.ifPresent(builder::sessions);
        server = builder.start();
    }

    /** A server that keeps its sessions there. */
    static TestServer keeping(SessionStore sessions) throws IOException {
        return new TestServer(
                listener -> listener,
                limits -> limits,
                Authenticator.anonymous(),
                MemoryBudget.of(1L << 30).account(1.0),
                Optional.of(sessions));
    }

    /** A server whose listener is not plain; accepted publishes are durable at once. */
    static TestServer listening(UnaryOperator<MqttListener> listener) throws IOException {
        return new TestServer(listener, limits -> limits, Authenticator.anonymous()).durable();
    }

    /** As {@link #listening(UnaryOperator)}, for clients that {@code authenticator} admits. */
    static TestServer listening(UnaryOperator<MqttListener> listener, Authenticator authenticator) throws IOException {
        return new TestServer(listener, limits -> limits, authenticator).durable();
    }

    /** A server whose clients may cause it to hold up to {@code memory}; accepted publishes are durable at once. */
    static TestServer holding(
            MemoryBudget.Account memory, UnaryOperator<MqttListener> listener, Authenticator authenticator)
            throws IOException {
        return new TestServer(listener, limits -> limits, authenticator, memory).durable();
    }

    /** As {@link #holding(MemoryBudget.Account, UnaryOperator, Authenticator)}, with other limits. */
    static TestServer holding(MemoryBudget.Account memory, UnaryOperator<MqttLimitsBuilder> limits) throws IOException {
        return new TestServer(listener -> listener, limits, Authenticator.anonymous(), memory).durable();
    }

    /** All publishes are durable at once. */
    public TestServer durable() {
        store.automatic();
        return this;
    }

    InetSocketAddress address() {
        return server.addresses().get(0);
    }

    RawClient client() throws IOException {
        RawClient client = new RawClient(address());
        clients.add(client);
        return client;
    }

    public RawClient connected(int level, String clientId) throws IOException {
        return client().connected(level, clientId);
    }

    /** Closes the clients' connections; the server continues. */
    void closeClients() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    public ManualStore store() {
        return store;
    }

    public RecordedEvents events() {
        return events;
    }

    MqttServer server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        server.close();
    }
}
