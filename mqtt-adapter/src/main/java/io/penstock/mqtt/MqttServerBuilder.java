package io.penstock.mqtt;

import io.netty.channel.EventLoopGroup;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.mqtt.internal.connection.Connections;
import io.penstock.mqtt.internal.context.Reporter;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.transport.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Puts a server together; what is not set has a default. Not thread-safe. */
public final class MqttServerBuilder {
    private static final double DEFAULT_SHARE = 0.5;

    private final PublishHandler handler;
    private MqttSettings settings = MqttSettings.plain(new InetSocketAddress("127.0.0.1", 1883));
    private Authenticator authenticator = Authenticator.anonymous();
    private PublishPermission permission = PublishPermission.all();
    private MqttEvents events = new MqttEvents() {};
    private ConnectionBudget budget = ConnectionBudget.unlimited();
    private MemoryBudget.@Nullable Account memory;
    private @Nullable EventLoopGroup loops;

    MqttServerBuilder(PublishHandler handler) {
        this.handler = handler;
    }

    /** Where to listen and the limits; default: 127.0.0.1:1883. */
    public MqttServerBuilder settings(MqttSettings settings) {
        this.settings = settings;
        return this;
    }

    /** Who may connect; default: everybody. */
    public MqttServerBuilder authenticator(Authenticator authenticator) {
        this.authenticator = authenticator;
        return this;
    }

    /** Who may publish where; default: everybody everywhere. */
    public MqttServerBuilder permission(PublishPermission permission) {
        this.permission = permission;
        return this;
    }

    /** Who is told what happens; default: nobody. */
    public MqttServerBuilder events(MqttEvents events) {
        this.events = events;
        return this;
    }

    /** What counts connections together with those of other servers; default: nothing. */
    public MqttServerBuilder connections(ConnectionBudget budget) {
        this.budget = budget;
        return this;
    }

    /**
     * What everything that clients make the server hold counts against; default: half of the heap. At its end clients
     * wait, or are refused, or cut off when they do not read.
     */
    public MqttServerBuilder memory(MemoryBudget.Account memory) {
        this.memory = memory;
        return this;
    }

    /**
     * Event loops to share, of epoll or NIO; the server does not shut them down. Default: its own, as many as there are
     * processors.
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
                new Reporter(events),
                new ClientMemory(
                        memory == null ? MemoryBudget.ofHeap(DEFAULT_SHARE).account("mqtt", 1.0) : memory,
                        limits.maxInboxBytes()));
        EventLoopGroup group = loops == null ? EventLoops.create(0, "mqtt") : loops;
        return MqttServer.start(
                settings,
                new Sessions(context),
                new Connections(limits.maxConnections(), budget),
                group,
                loops == null);
    }
}
