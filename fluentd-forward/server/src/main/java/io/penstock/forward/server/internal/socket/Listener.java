package io.penstock.forward.server.internal.socket;

import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A channel that accepts connections.
 *
 * @param file of a Unix domain socket; empty for TCP
 */
public record Listener(Channel channel, Optional<SocketFile> file) {
    /** Waits {@code seconds} at most, because a loop that is shutting down may drop the task. */
    public void close(int seconds) {
        file.ifPresent(SocketFile::remove);
        channel.close().awaitUninterruptibly(seconds, TimeUnit.SECONDS);
    }
}
