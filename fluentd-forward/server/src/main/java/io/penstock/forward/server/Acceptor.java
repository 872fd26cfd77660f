package io.penstock.forward.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;

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
        } else {
            admit(channel, peer);
        }
    }

    private void admit(SocketChannel channel, Peer peer) {
        Optional<String> objection = server.shares().admit(channel, Acceptor::makeRoom);
        if (objection.isPresent()) {
            server.refused(peer, Refusal.TOO_MANY_CONNECTIONS, 0, objection.get());
            channel.close();
            return;
        }
        server.security()
                .tls()
                .ifPresent(tls -> channel.pipeline().addLast(tls.get().newHandler(channel.alloc())));
        channel.pipeline().addLast(new Connection(server, channel, peer));
    }

    private static void makeRoom(Channel silent) {
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
