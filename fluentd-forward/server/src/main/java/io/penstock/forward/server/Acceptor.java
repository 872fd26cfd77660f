package io.penstock.forward.server;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;

/** Equips a new connection, or turns it away when there are too many. */
@SuppressWarnings("FutureReturnValueIgnored") // closing is all that can be done
final class Acceptor extends ChannelInitializer<SocketChannel> {
    private final ServerContext server;

    Acceptor(ServerContext server) {
        this.server = server;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        Peer peer = new Peer(channel.remoteAddress(), "");
        if (!server.settings().connections().admit(channel)
                || server.settings().connections().isOver()) {
            server.refused(
                    peer,
                    Refusal.TOO_MANY_CONNECTIONS,
                    0,
                    server.settings().connections().refusal());
            channel.close();
        } else if (server.admit()) {
            channel.closeFuture().addListener(closed -> server.gone());
            server.security()
                    .tls()
                    .ifPresent(tls -> channel.pipeline().addLast(tls.get().newHandler(channel.alloc())));
            channel.pipeline().addLast(new Connection(server, channel, peer));
        } else {
            server.refused(
                    peer,
                    Refusal.TOO_MANY_CONNECTIONS,
                    0,
                    "there are " + server.settings().maxConnections() + " connections already");
            channel.close();
        }
    }
}
