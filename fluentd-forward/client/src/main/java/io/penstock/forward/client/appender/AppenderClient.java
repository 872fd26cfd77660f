package io.penstock.forward.client.appender;

import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.ClientStatus;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Offered;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The forward client of an appender. It reports refused events, connections, the spill file and its end to the
 * framework's status log, and to nothing else. Any thread.
 */
public final class AppenderClient {
    private static final String OWN_LOGGERS = "io.penstock.forward.client";

    private final ForwardClient client;
    private final Reports reports;
    private final Duration drain;

    private AppenderClient(ForwardClient client, Reports reports, Duration drain) {
        this.client = client;
        this.reports = reports;
        this.drain = drain;
    }

    /**
     * Starts a client.
     *
     * @param drain how long {@link #stop} may wait for acknowledgements
     */
    public static AppenderClient start(ClientSettings settings, Duration drain, StatusLog log) {
        Reports reports = new Reports(settings.name(), log, System::nanoTime);
        return new AppenderClient(ForwardClient.start(settings, reports), reports, drain);
    }

    /** True if the client's own threads logged the event: sending it could cause events without end. */
    public static boolean isOwn(@Nullable String logger) {
        return ForwardClient.isOwnThread() || (logger != null && logger.startsWith(OWN_LOGGERS));
    }

    /** @param spare true for an event that is dropped before others */
    public Offered offer(String tag, EntryWriter event, boolean spare) {
        Offered offered = spare ? client.offerSpare(tag, event) : client.offer(tag, event);
        if (offered != Offered.ACCEPTED) {
            reports.refused(offered, client.status());
        }
        return offered;
    }

    public ClientStatus status() {
        return client.status();
    }

    /**
     * Drains, ends the client and says what was not acknowledged.
     *
     * @param told a limit for draining, which counts if it is longer than the configured one
     * @return true if nothing is lost
     */
    public boolean stop(Duration told) {
        Duration limit = told.compareTo(drain) > 0 ? told : drain;
        long lost = client.close(limit);
        reports.ended(client.status(), lost, limit);
        return lost == 0;
    }
}
