package io.penstock.mqtt.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.penstock.mqtt.internal.connection.Connections;
import io.penstock.mqtt.internal.session.Sessions;
import java.util.function.Supplier;

/** Sets up each accepted connection of a listener by what the listener is at that moment. */
public final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final Supplier<ListenerState> state;
    private final Sessions sessions;
    private final Connections connections;

    public ConnectionInitializer(Supplier<ListenerState> state, Sessions sessions, Connections connections) {
        this.state = state;
        this.sessions = sessions;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        new ConnectionSetup(state.get(), sessions, connections).of(channel);
    }
}
