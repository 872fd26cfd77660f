package io.penstock.mqtt;

import io.netty.channel.EventLoopGroup;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.mqtt.internal.connection.Connections;
import io.penstock.mqtt.internal.context.Reporter;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.transport.EventLoops;
import io.penstock.mqtt.session.SessionStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Builds a server; everything that is not set has a default. Not thread-safe. */
public final class MqttServerBuilder {
    private static final double DEFAULT_SHARE = 0.5;

    private final PublishHandler handler;
    private MqttSettings settings = MqttSettings.plain(new InetSocketAddress("127.0.0.1", 1883));
    private Authenticator authenticator = Authenticator.anonymous();
    private PublishPermission permission = PublishPermission.all();
    private Supplier<SubscribePolicy> subscribe = () -> SubscribePolicy.REFUSE;
    private MqttEvents events = new MqttEvents() {};
    private ConnectionBudget budget = ConnectionBudget.unlimited();
    private MemoryBudget.@Nullable Account memory;
    private Optional<SessionStore> store = Optional.empty();
    private @Nullable EventLoopGroup loops;

    MqttServerBuilder(PublishHandler handler) {
        this.handler = handler;
    }

    /** The listeners and the limits. Default: 127.0.0.1:1883 with the default limits. */
    public MqttServerBuilder settings(MqttSettings settings) {
        this.settings = settings;
        return this;
    }

    /** Decides which clients may connect. Default: all. */
    public MqttServerBuilder authenticator(Authenticator authenticator) {
        this.authenticator = authenticator;
        return this;
    }

    /** Decides which clients may publish to which topics. Default: all to all. */
    public MqttServerBuilder permission(PublishPermission permission) {
        this.permission = permission;
        return this;
    }

    /** Decides what clients that subscribe are told. Default: they are refused. */
    public MqttServerBuilder subscribe(SubscribePolicy subscribe) {
        return subscribe(() -> subscribe);
    }

    /** The same, asked for each client that connects. */
    public MqttServerBuilder subscribe(Supplier<SubscribePolicy> subscribe) {
        this.subscribe = subscribe;
        return this;
    }

    /** Receives the server's events. Default: none. */
    public MqttServerBuilder events(MqttEvents events) {
        this.events = events;
        return this;
    }

    /** Limits connections together with those of other servers. Default: no common limit. */
    public MqttServerBuilder connections(ConnectionBudget budget) {
        this.budget = budget;
        return this;
    }

    /**
     * Limits the memory that clients cause the server to hold. At the limit clients wait, are refused, or, if they do
     * not read, are disconnected. Default: half of the heap.
     */
    public MqttServerBuilder memory(MemoryBudget.Account memory) {
        this.memory = memory;
        return this;
    }

    /**
     * Keeps the sessions that outlive their connections over a restart; the caller closes it after the server. Default:
     * sessions end with the server.
     */
    public MqttServerBuilder sessions(SessionStore store) {
        this.store = Optional.of(store);
        return this;
    }

    /**
     * Event loops of the caller, epoll or NIO; the server does not shut them down. Default: the server's own, one per
     * processor.
     */
    public MqttServerBuilder eventLoops(EventLoopGroup loops) {
        this.loops = loops;
        return this;
    }

    /**
     * Binds all listeners.
     *
     * @throws IOException if one cannot be bound; the message names it, and none is left listening
     */
    public MqttServer start() throws IOException {
        MqttLimits limits = settings.limits();
        ServerContext context = new ServerContext(
                limits,
                handler,
                authenticator,
                permission,
                subscribe,
                new Reporter(events),
                new ClientMemory(
                        memory == null ? MemoryBudget.ofHeap(DEFAULT_SHARE).account("mqtt", 1.0) : memory,
                        limits.load().maxInboxBytes()),
                new Guard(LoggerFactory.getLogger(MqttServer.class)),
                store);
        EventLoopGroup group = loops == null ? EventLoops.create(0, "mqtt") : loops;
        return MqttServer.start(
                settings,
                new Sessions(context),
                new Connections(limits.maxConnections(), budget),
                group,
                loops == null);
    }
}
