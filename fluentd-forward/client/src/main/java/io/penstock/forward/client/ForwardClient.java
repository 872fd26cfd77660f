package io.penstock.forward.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to a forward server and keeps each until the server has acknowledged it. Events are sent in chunks of
 * the mode PackedForward, several under way at once; after a lost connection the client sends again, and when a server
 * fails it uses the next one.
 *
 * <p>Thread-safe. {@link #offer} copies the event into the buffer and waits no longer than {@link
 * ClientSettings#maxBlock}. Memory is bounded by {@link ClientSettings#bufferBytes}. The client runs one thread that
 * sends, one per connection that reads acknowledgements, and one for the spill file; all are daemons. When the process
 * dies, the unacknowledged events are lost, unless there is a {@link ClientSettings#spill} file: it holds all but the
 * events of the last {@link ClientSettings#linger}.
 *
 * <p>At least once: an event whose acknowledgement was lost is sent again.
 */
public final class ForwardClient implements AutoCloseable {
    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);
    private static final long JOIN_MILLIS = 2_000;

    private final ClientSettings settings;
    private final ChunkBuffer buffer;
    private final Sender sender;
    private final Thread sending;
    private final @Nullable Thread spilling;

    private ForwardClient(ClientSettings settings, ClientListener listener) {
        this.settings = settings;
        this.buffer = new ChunkBuffer(settings);
        String name = "penstock-forward-" + settings.name();
        SpillWriter spill = settings.spill()
                .map(where -> new SpillWriter(where, buffer.spill(), listener))
                .orElse(null);
        this.sender = new Sender(settings, buffer.sending(), spill, listener);
        this.sending = ClientThread.start(name, sender);
        this.spilling = spill == null ? null : ClientThread.start(name + "-spill", spill);
    }

    /** Starts a client. It connects when there is something to send; an unreachable server is not an error. */
    public static ForwardClient start(ClientSettings settings, ClientListener listener) {
        return new ForwardClient(settings, listener);
    }

    /** {@link #start(ClientSettings, ClientListener)} without a listener. */
    public static ForwardClient start(ClientSettings settings) {
        return start(settings, ClientListener.NONE);
    }

    /**
     * True if the calling thread belongs to a client. What such a thread logs must not become an event of the same
     * client.
     */
    public static boolean isOwnThread() {
        return Thread.currentThread() instanceof ClientThread;
    }

    /** A new encoder for events of any size that this client takes. Each thread needs its own. */
    public EntryWriter newEntry() {
        return new EntryWriter(settings.chunkBytes());
    }

    /**
     * Puts one event under {@code tag} (at most 170 characters) into the buffer. An interrupt ends the wait for room,
     * and the thread stays interrupted.
     */
    public Offered offer(String tag, EntryWriter event) {
        return offer(tag, event, false);
    }

    /**
     * {@link #offer} for an event of low priority: it never waits, and is refused once three quarters of the buffer are
     * full, so that room is left for the others.
     */
    public Offered offerSpare(String tag, EntryWriter event) {
        return offer(tag, event, true);
    }

    private Offered offer(String tag, EntryWriter event, boolean spare) {
        return buffer.offer(tag, event.array(), 0, event.overflowed() ? Integer.MAX_VALUE : event.length(), spare);
    }

    /**
     * Sends the buffered events now and waits for their acknowledgements.
     *
     * @return false if that took longer than {@code limit}
     */
    public boolean flush(Duration limit) throws InterruptedException {
        return buffer.flush(limit);
    }

    /** The present counters. */
    public ClientStatus status() {
        return buffer.status();
    }

    /**
     * Takes no more events, waits up to {@code limit} for the acknowledgements of the accepted ones, saves the rest in
     * the spill file, and ends. An interrupt during the wait ends the wait. If the thread was interrupted before the
     * call, the method waits all the same, because that interrupt was meant for the thread's work and not for its log
     * events. In both cases the thread stays interrupted.
     *
     * @return the number of lost events: neither acknowledged nor in the spill file
     */
    public long close(Duration limit) {
        buffer.close();
        boolean interrupted = Thread.interrupted();
        try {
            buffer.flush(limit);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        buffer.stop();
        sender.end();
        interrupted |= !join(sending);
        buffer.spill().end();
        if (spilling != null) {
            interrupted |= !join(spilling);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return buffer.unsaved();
    }

    /** Waits a limited time for the thread's end. Returns false if interrupted. */
    private static boolean join(Thread thread) {
        try {
            thread.join(JOIN_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** {@link #close(Duration)} with 10 seconds. */
    @Override
    public void close() {
        close(DEFAULT_DRAIN);
    }
}
