package io.penstock.forward.server.internal.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.penstock.base.net.ConnectionShares.Objection;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Refusal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Equips a new connection, or turns it away when there are too many. On a Unix domain socket there is neither TLS nor a
 * handshake: the permissions of its file say which users may connect.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing is all that can be done
public final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final ServerContext server;
    private final Optional<Path> unixSocket;

    /** @param unixSocket its path, where the connections come by a Unix domain socket */
    public ConnectionInitializer(ServerContext server, Optional<Path> unixSocket) {
        this.server = server;
        this.unixSocket = unixSocket;
    }

    @Override
    protected void initChannel(Channel channel) {
        Peer peer = unixSocket.map(Peer::of).orElseGet(() -> Peer.of((InetSocketAddress) channel.remoteAddress()));
        Optional<Objection> objection = server.shares().admit(channel);
        if (objection.isPresent()) {
            server.refused(
                    peer, Refusal.TOO_MANY_CONNECTIONS, 0, objection.get().why());
            channel.close();
            return;
        }
        if (unixSocket.isEmpty()) {
            server.security()
                    .tls()
                    .ifPresent(tls -> channel.pipeline().addLast(tls.get().newHandler(channel.alloc())));
        }
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
