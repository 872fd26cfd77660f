package io.penstock.forward.client;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The thread that connects and writes. Takes the servers in their order, stays with one as long as it works, goes to the
 * next when it fails, and pauses after each whole round, longer each time and by chance, so that many clients do not come
 * back at once.
 */
final class Sender implements Runnable {
    private static final long FIRST_PAUSE = 100_000_000;

    private final ClientSettings settings;
    private final ChunkBuffer buffer;
    private final ClientListener listener;
    private volatile @Nullable Connection connection;
    private int at;
    private long pause = FIRST_PAUSE;

    Sender(ClientSettings settings, ChunkBuffer buffer, ClientListener listener) {
        this.settings = settings;
        this.buffer = buffer;
        this.listener = listener;
    }

    @Override
    public void run() {
        try {
            while (buffer.awaitWork()) {
                Connection ready = connect();
                if (ready == null) {
                    return;
                }
                for (Chunk chunk = buffer.take(ready); chunk != null; chunk = buffer.take(ready)) {
                    ready.write(chunk);
                }
            }
        } catch (InterruptedException e) {
            // Nobody but the client itself has this thread: it is over.
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** The present connection or a new one; null when the client is stopped. */
    private @Nullable Connection connect() throws InterruptedException {
        Connection present = connection;
        if (present != null) {
            if (!present.isLost()) {
                return present;
            }
            connection = null;
            if (present.hasProved()) {
                pause = FIRST_PAUSE;
            }
            if (!next()) {
                return null;
            }
        }
        List<Address> servers = settings.addresses();
        while (!buffer.isStopped()) {
            Address server = servers.get(at);
            try {
                Connection fresh = Connection.open(server, settings, buffer, listener);
                connection = fresh;
                listener.connected(server);
                return fresh;
            } catch (IOException | RuntimeException e) {
                listener.disconnected(server, "cannot connect: " + e.getMessage(), 0);
                if (!next()) {
                    return null;
                }
            }
        }
        return null;
    }

    /** Turns to the next server; after the last pauses first. False when the client is stopped. */
    private boolean next() throws InterruptedException {
        at = (at + 1) % settings.addresses().size();
        if (at > 0) {
            return true;
        }
        long bound = pause;
        pause = Math.min(2 * pause, settings.longestPause().toNanos());
        return buffer.pause(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1));
    }

    /** Closes the connection, also under a write that does not return. Any thread. */
    void end() {
        Connection present = connection;
        if (present != null) {
            present.close();
        }
    }
}
