package io.penstock.forward.client;

import io.penstock.forward.client.internal.chunk.Chunk;
import io.penstock.forward.client.internal.message.PackedForward;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The thread that connects and writes. It tries the servers in their order, stays with one while it works, goes to the
 * next when it fails, and pauses after each round. The pauses grow and are randomized, so that many clients do not come
 * back at the same time.
 */
final class Sender implements Runnable {
    private final ClientSettings settings;
    private final ChunkSending buffer;
    private final @Nullable SpillWriter spill;
    private final ClientListener listener;
    private final byte[] source;
    /** Memory for the one chunk that was read back from the spill file last. */
    private @Nullable PackedForward readBack;

    private final Pauses pauses;
    private volatile @Nullable Connection connection;
    private int at;

    Sender(ClientSettings settings, ChunkSending buffer, @Nullable SpillWriter spill, ClientListener listener) {
        this.settings = settings;
        this.buffer = buffer;
        this.spill = spill;
        this.listener = listener;
        this.pauses = new Pauses(settings.longestPause());
        this.source = settings.source().getBytes(StandardCharsets.UTF_8);
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
                    PackedForward message = message(chunk);
                    if (message != null) {
                        ready.write(chunk, message);
                    }
                }
            }
        } catch (InterruptedException e) {
            // Only the client interrupts this thread, to end it.
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** The message to write; null if it cannot be read from the spill file, in which case the chunk is given up. */
    private @Nullable PackedForward message(Chunk chunk) {
        PackedForward inMemory = chunk.message();
        if (inMemory != null || spill == null) {
            return inMemory;
        }
        PackedForward memory = readBack;
        if (memory == null) {
            memory = new PackedForward(0, PackedForward.envelope(source));
            readBack = memory;
        }
        try {
            spill.read(chunk, memory, source);
            return memory;
        } catch (IOException e) {
            buffer.discard(chunk);
            listener.damaged(chunk.events(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The present connection or a new one; null if the client is stopped. */
    private @Nullable Connection connect() throws InterruptedException {
        Connection present = connection;
        if (present != null) {
            if (!present.isLost()) {
                return present;
            }
            connection = null;
            if (present.hasProved()) {
                pauses.reset();
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

    /** Goes to the next server; pauses after the last one. Returns false if the client is stopped. */
    private boolean next() throws InterruptedException {
        at = (at + 1) % settings.addresses().size();
        if (at > 0) {
            return true;
        }
        return buffer.pause(pauses.next());
    }

    /** Closes the connection, which also ends a blocked write. Any thread. */
    void end() {
        Connection present = connection;
        if (present != null) {
            present.close();
        }
    }
}
