package io.penstock.forward.client;

import java.time.Duration;

/**
 * Sends events to a forward server and keeps each until the server has acknowledged it: in chunks of the mode
 * PackedForward, several under way at once, again after a lost connection, to the next server when one fails.
 *
 * <p>Thread-safe. {@link #offer} copies the event into the buffer and waits no longer than {@link ClientSettings#maxBlock}.
 * Memory is bounded by {@link ClientSettings#bufferBytes}. Runs one thread to send, and one per connection to hear the
 * server; both are daemons. What is in the buffer when the process dies is lost: it was never acknowledged.
 *
 * <p>At least once: an event whose acknowledgement was lost is sent again.
 */
public final class ForwardClient implements AutoCloseable {
    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);
    private static final long JOIN_MILLIS = 2_000;

    private final ClientSettings settings;
    private final ChunkBuffer buffer;
    private final Sender sender;
    private final Thread thread;

    private ForwardClient(ClientSettings settings, ClientListener listener) {
        this.settings = settings;
        this.buffer = new ChunkBuffer(settings);
        this.sender = new Sender(settings, buffer, listener);
        this.thread = ClientThread.start("penstock-forward-" + settings.name(), sender);
    }

    /** Starts a client. It connects when there is something to send: a server that is not there is no error. */
    public static ForwardClient start(ClientSettings settings, ClientListener listener) {
        return new ForwardClient(settings, listener);
    }

    /** {@link #start(ClientSettings, ClientListener)} without a listener. */
    public static ForwardClient start(ClientSettings settings) {
        return start(settings, ClientListener.NONE);
    }

    /** Whether the calling thread is one of a client's own: what it logs must not become an event of the same client. */
    public static boolean isOwnThread() {
        return Thread.currentThread() instanceof ClientThread;
    }

    /** An encoder for events of any size that this client takes. Each thread needs its own. */
    public EntryWriter newEntry() {
        return new EntryWriter(settings.chunkBytes());
    }

    /**
     * Takes one event under {@code tag}, which may be up to 170 characters long. An interrupt ends the wait for room, and
     * the thread stays interrupted.
     */
    public Offered offer(String tag, EntryWriter event) {
        return offer(tag, event, false);
    }

    /**
     * {@link #offer} of an event that may rather be missing than others: it never waits, and is not taken once three
     * quarters of the buffer are full, so that there is room for the others.
     */
    public Offered offerSpare(String tag, EntryWriter event) {
        return offer(tag, event, true);
    }

    private Offered offer(String tag, EntryWriter event, boolean spare) {
        return buffer.offer(tag, event.array(), 0, event.overflowed() ? Integer.MAX_VALUE : event.length(), spare);
    }

    /**
     * Sends what is in the buffer now and waits until it is acknowledged.
     *
     * @return false when that took longer than {@code limit}
     */
    public boolean flush(Duration limit) throws InterruptedException {
        return buffer.flush(limit);
    }

    /** What happened so far. */
    public ClientStatus status() {
        return buffer.status();
    }

    /**
     * Takes no more events, waits up to {@code limit} until the accepted ones are acknowledged, and ends. An interrupt
     * ends the wait, and the thread stays interrupted.
     *
     * @return how many accepted events were not acknowledged: 0 when nothing was lost
     */
    public long close(Duration limit) {
        buffer.close();
        boolean interrupted = Thread.interrupted();
        try {
            if (!interrupted) {
                buffer.flush(limit);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        long unacknowledged = buffer.stop();
        sender.end();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return unacknowledged;
    }

    /** {@link #close(Duration)} with 10 seconds. */
    @Override
    public void close() {
        close(DEFAULT_DRAIN);
    }
}
