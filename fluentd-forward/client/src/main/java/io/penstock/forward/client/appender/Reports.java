package io.penstock.forward.client.appender;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientListener;
import io.penstock.forward.client.ClientStatus;
import io.penstock.forward.client.Offered;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Words what happens to a client as lines of the status log. What may repeat fast, refused events and lost connections,
 * is one line in ten seconds each. Any thread.
 */
final class Reports implements ClientListener {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String prefix;
    private final StatusLog log;
    private final LongSupplier clock;
    private final AtomicLong refusedAt;
    private long downAt;
    private boolean down;

    Reports(String appender, StatusLog log, LongSupplier clock) {
        this.prefix = "Penstock appender " + appender + ": ";
        this.log = log;
        this.clock = clock;
        this.refusedAt = new AtomicLong(clock.getAsLong() - PAUSE_NANOS);
    }

    /** Says that an event was not taken, unless that was said within the last ten seconds. */
    void refused(Offered offered, ClientStatus status) {
        long now = clock.getAsLong();
        long last = refusedAt.get();
        if (now - last >= PAUSE_NANOS && refusedAt.compareAndSet(last, now)) {
            log.warn(prefix + "an event was not taken (" + offered + "); so far: " + status);
        }
    }

    void ended(ClientStatus status, long lost, Duration limit) {
        if (status.savedEvents() > 0) {
            log.warn(prefix + status.savedEvents() + " events were not acknowledged within " + limit
                    + " of stopping; they are in the spill file and will be sent at the next start");
        }
        if (lost > 0) {
            log.error(prefix + lost + " events were not acknowledged within " + limit + " of stopping and are lost");
        } else {
            log.info(prefix + "stopped: " + status);
        }
    }

    @Override
    public synchronized void connected(Address server) {
        down = false;
        log.info(prefix + "connected to " + server);
    }

    @Override
    public synchronized void disconnected(Address server, String reason, int unacknowledged) {
        long now = clock.getAsLong();
        if (!down || now - downAt >= PAUSE_NANOS) {
            downAt = now;
            log.warn(prefix + server + " " + reason + "; " + unacknowledged + " chunks will be sent again");
        }
        down = true;
    }

    @Override
    public void restored(Path file, long events) {
        log.info(prefix + events + " events of an earlier run are in " + file + " and go first");
    }

    @Override
    public void spillFails(Path file, String reason) {
        log.error(prefix + "the spill file " + file + " " + reason + "; events are in memory only until it can be");
    }

    @Override
    public void spillWorks(Path file) {
        log.info(prefix + "the spill file " + file + " works again");
    }

    @Override
    public void damaged(int events, String reason) {
        log.error(prefix + events + " events in the spill file are lost: " + reason);
    }
}
