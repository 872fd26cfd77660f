package io.penstock.forward.server.internal.socket;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix domain socket whose file is made anew after something has removed it: without the file no client finds the
 * socket. Connections that are open stay open. Thread-safe; blocks on the disk.
 */
public final class KeptSocket {
    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.forward.server.ForwardServer");

    /** Listens at the path. */
    public interface Opening {
        /** @throws IOException with what is wrong and the remedy */
        Listener open() throws IOException;
    }

    private final Path path;
    private final Opening opening;
    private Listener listener;
    private String complaint = "";
    private boolean closed;

    /** @throws IOException as {@code opening} does */
    public KeptSocket(Path path, Opening opening) throws IOException {
        this.path = path;
        this.opening = opening;
        this.listener = opening.open();
    }

    /** Listens anew if the file is gone or another one has taken its place. Says once what prevents it. */
    public synchronized void look() {
        if (closed || listener.file().map(SocketFile::stands).orElse(true)) {
            return;
        }
        try {
            Listener gone = listener;
            listener = opening.open();
            gone.channel().close();
            complaint = "";
            LOG.warn("forward: the file of the socket {} was removed and is made anew; see what removes it", path);
        } catch (IOException prevented) {
            String why = String.valueOf(prevented.getMessage());
            if (!why.equals(complaint)) {
                complaint = why;
                LOG.error("forward: the file of the socket {} was removed, and senders do not find it: {}", path, why);
            }
        }
    }

    /** Waits {@code seconds} at most. */
    public synchronized void close(int seconds) {
        closed = true;
        listener.close(seconds);
    }
}
