package io.penstock.forward.server.internal.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.penstock.base.net.ConnectionShares.Objection;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Refusal;
import java.util.Optional;

/** Equips a new connection, or turns it away when there are too many. */
@SuppressWarnings("FutureReturnValueIgnored") // closing is all that can be done
public final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {
    private final ServerContext server;

    public ConnectionInitializer(ServerContext server) {
        this.server = server;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        Peer peer = new Peer(channel.remoteAddress(), "");
        Optional<Objection> objection = server.shares().admit(channel);
        if (objection.isPresent()) {
            server.refused(
                    peer, Refusal.TOO_MANY_CONNECTIONS, 0, objection.get().why());
            channel.close();
            return;
        }
        server.security()
                .tls()
                .ifPresent(tls -> channel.pipeline().addLast(tls.get().newHandler(channel.alloc())));
        channel.pipeline().addLast(new Connection(server, channel, peer));
    }

    /** Tells the operator of it and closes it. */
    static void makeRoom(Channel silent) {
        silent.eventLoop().execute(() -> {
            Connection connection = silent.pipeline().get(Connection.class);
            if (connection == null) {
                silent.close();
            } else {
                connection.makeRoom();
            }
        });
    }
}
