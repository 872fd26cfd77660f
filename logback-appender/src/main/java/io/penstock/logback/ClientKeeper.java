package io.penstock.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import io.penstock.forward.client.appender.AppenderClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps clients over a reset of their logger context, with which Logback begins each reconfiguration: it stops all
 * appenders and then makes new ones. An appender with the same settings goes on with the client, its connection and its
 * buffer. A client that no appender takes within {@value #LONGEST_SECONDS} seconds, or whose appender comes back with
 * other settings, is drained and ended on a thread of the context; when the context stops, here and now.
 *
 * <p>One for each context, as a listener that survives resets. Thread-safe.
 */
final class ClientKeeper implements LoggerContextListener {
    private static final int LONGEST_SECONDS = 10;

    private final LoggerContext context;
    private final Map<String, Kept> kept = new HashMap<>();
    private boolean stopped;

    private ClientKeeper(LoggerContext context) {
        this.context = context;
    }

    private static final class Kept {
        final AppenderClient client;
        final String identity;

        Kept(AppenderClient client, String identity) {
            this.client = client;
            this.identity = identity;
        }
    }

    /** The keeper of this context. */
    static ClientKeeper of(LoggerContext context) {
        synchronized (ClientKeeper.class) {
            for (LoggerContextListener listener : context.getCopyOfListenerList()) {
                if (listener instanceof ClientKeeper) {
                    return (ClientKeeper) listener;
                }
            }
            ClientKeeper keeper = new ClientKeeper(context);
            context.addListener(keeper);
            return keeper;
        }
    }

    /** Takes the client that an appender of this name and these settings left, if there is one. */
    @Nullable
    AppenderClient take(String appender, String identity) {
        Kept present;
        synchronized (this) {
            present = kept.remove(appender);
        }
        if (present == null || present.identity.equals(identity)) {
            return present == null ? null : present.client;
        }
        context.getScheduledExecutorService().execute(() -> end(present));
        return null;
    }

    /** Keeps the client of an appender that a reset has stopped. */
    void keep(String appender, String identity, AppenderClient client) {
        Kept one = new Kept(client, identity);
        boolean late;
        Kept before = null;
        synchronized (this) {
            late = stopped;
            if (!late) {
                before = kept.put(appender, one);
            }
        }
        if (late) {
            end(one);
        } else {
            context.getScheduledExecutorService()
                    .schedule(() -> expire(appender, one), LONGEST_SECONDS, TimeUnit.SECONDS);
        }
        if (before != null) {
            end(before);
        }
    }

    private void expire(String appender, Kept one) {
        boolean mine;
        synchronized (this) {
            mine = kept.remove(appender, one);
        }
        if (mine) {
            end(one);
        }
    }

    private static void end(Kept one) {
        one.client.stop(Duration.ZERO);
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onStop(LoggerContext stopping) {
        List<Kept> left;
        synchronized (this) {
            stopped = true;
            left = new ArrayList<>(kept.values());
            kept.clear();
        }
        left.forEach(ClientKeeper::end);
    }

    @Override
    public void onStart(LoggerContext started) {}

    @Override
    public void onReset(LoggerContext reset) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
}
