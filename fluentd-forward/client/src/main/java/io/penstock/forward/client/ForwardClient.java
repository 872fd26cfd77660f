package io.penstock.forward.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to a forward server and keeps each until the server has acknowledged it: in chunks of the mode
 * PackedForward, several under way at once, again after a lost connection, to the next server when one fails.
 *
 * <p>Thread-safe. {@link #offer} copies the event into the buffer and waits no longer than
 * {@link ClientSettings#maxBlock}. Memory is bounded by {@link ClientSettings#bufferBytes}. Runs one thread to send,
 * one per connection to hear the server, and one for the spill file; all are daemons. What is in the buffer when the
 * process dies is lost, for it was never acknowledged, unless there is a {@link ClientSettings#spill}: then all but the
 * events of the last {@link ClientSettings#linger} are in it.
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

    /** Starts a client. It connects when there is something to send: a server that is not there is no error. */
    public static ForwardClient start(ClientSettings settings, ClientListener listener) {
        return new ForwardClient(settings, listener);
    }

    /** {@link #start(ClientSettings, ClientListener)} without a listener. */
    public static ForwardClient start(ClientSettings settings) {
        return start(settings, ClientListener.NONE);
    }

    /**
     * Whether the calling thread is one of a client's own: what it logs must not become an event of the same client.
     */
    public static boolean isOwnThread() {
        return Thread.currentThread() instanceof ClientThread;
    }

    /** An encoder for events of any size that this client takes. Each thread needs its own. */
    public EntryWriter newEntry() {
        return new EntryWriter(settings.chunkBytes());
    }

    /**
     * Takes one event under {@code tag}, which may be up to 170 characters long. An interrupt ends the wait for room,
     * and the thread stays interrupted.
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
     * Takes no more events, waits up to {@code limit} until the accepted ones are acknowledged, saves in the spill file
     * what is not, and ends. An interrupt during the wait ends it. A thread that was interrupted before waits all the
     * same, because the interrupt was meant for its work and not for what the work has logged. Both stay interrupted.
     *
     * @return how many events are lost, which means neither acknowledged nor in the spill file
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

    /** Waits a while for the thread's end: false when interrupted. */
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
