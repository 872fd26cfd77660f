package io.penstock.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.ClientStatus;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.appender.AppenderClient;
import io.penstock.forward.client.appender.EncodingMemory;
import io.penstock.forward.client.appender.WhenFull;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code <appender name="..." class="io.penstock.logback.PenstockAppender">}: sends events to a Penstock agent, or to
 * any other server that speaks the Fluentd forward protocol with acknowledgements.
 *
 * <p>The logging thread encodes an event into a bounded buffer. A separate thread sends it, and sends it again after a
 * lost connection, until it is acknowledged. A logging thread never waits for the network; it waits for room in the
 * buffer no longer than configured. Logging is thread-safe; setters, {@link #start} and {@link #stop} belong to the
 * thread that configures Logback. {@link AppenderElements} lists the settings.
 *
 * <p>After a reset of the logger context the client is kept for the next appender of the same settings. Any other stop
 * drains it first.
 */
public final class PenstockAppender extends AppenderElements {
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong failedAt = new AtomicLong(System.nanoTime() - REPORT_NANOS);
    private volatile @Nullable Running running;

    /** What a started appender works with. Immutable. */
    private static final class Running {
        final AppenderClient client;
        final String identity;
        final EventEncoder encoder;
        final EncodingMemory memory;
        final String tag;
        final int keepLevel;

        Running(
                AppenderClient client,
                String identity,
                EventEncoder encoder,
                EncodingMemory memory,
                String tag,
                int keepLevel) {
            this.client = client;
            this.identity = identity;
            this.encoder = encoder;
            this.memory = memory;
            this.tag = tag;
            this.keepLevel = keepLevel;
        }
    }

    @Override
    public void start() {
        if (isStarted()) {
            return;
        }
        try {
            begin();
        } catch (IllegalArgumentException mistake) {
            addError("Penstock appender " + getName() + ": " + mistake.getMessage()
                    + "; correct it, until then the appender sends nothing");
        }
    }

    private void begin() {
        SupportedLogback.check();
        Tls tls = Tls.of(getSsl(), this);
        ClientSettings client = settings.client(String.valueOf(getName()), tls.encryption());
        String identity = settings.identity(client.name(), tls.identity());
        EventEncoder encoder = eventEncoder();
        AppenderClient present =
                keeper().map(keeper -> keeper.take(client.name(), identity)).orElse(null);
        if (present == null) {
            present = AppenderClient.start(client, settings.drain(), new ContextStatus(getContext()));
        }
        int keepLevel =
                settings.whenFull == WhenFull.DROP_BY_LEVEL ? keepLevel().toInt() : Level.ALL_INT;
        running = new Running(
                present, identity, encoder, new EncodingMemory(client.chunkBytes()), settings.tag, keepLevel);
        getContext().putObject(runs(), this);
        super.start();
    }

    /** A context of Logback classic, to which all events of this type belong; another one only in a test. */
    private Optional<ClientKeeper> keeper() {
        return getContext() instanceof LoggerContext
                ? Optional.of(ClientKeeper.of((LoggerContext) getContext()))
                : Optional.empty();
    }

    @Override
    public void stop() {
        Running stopped = running;
        if (!isStarted() || stopped == null) {
            return;
        }
        super.stop();
        running = null;
        // A reset clears the context's objects before it stops the appenders. The stop of one appender does not.
        boolean reset = getContext().getObject(runs()) != this;
        Optional<ClientKeeper> keeper = keeper();
        if (reset && keeper.isPresent()) {
            keeper.get().keep(String.valueOf(getName()), stopped.identity, stopped.client);
        } else {
            stopped.client.stop(Duration.ZERO);
        }
    }

    /** The name of the object in the context that says which appender of this name was started last. */
    private String runs() {
        return "io.penstock.logback." + getName();
    }

    /** Does not guard against events that an argument logs while it is formatted: those are taken as well. */
    @Override
    public void doAppend(ILoggingEvent event) {
        Running present = running;
        if (present == null) {
            super.doAppend(event);
        } else if (!AppenderClient.isOwn(event.getLoggerName())) {
            try {
                if (getFilterChainDecision(event) != FilterReply.DENY) {
                    offer(event, present);
                }
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        // Only the superclass's doAppend calls it, which here takes no event.
    }

    private static void offer(ILoggingEvent event, Running present) {
        EncodingMemory.Draft draft = present.memory.take();
        try {
            EntryWriter entry = draft.entry();
            Instant time = event.getInstant();
            if (time == null) {
                time = Instant.ofEpochMilli(event.getTimeStamp());
            }
            entry.begin(time.getEpochSecond(), time.getNano());
            present.encoder.encode(event, entry);
            entry.end();
            present.client.offer(present.tag, entry, event.getLevel().toInt() < present.keepLevel);
        } finally {
            present.memory.give(draft);
        }
    }

    /** An encoder or a filter threw. Says so once in ten seconds. */
    private void failed(RuntimeException thrown) {
        long now = System.nanoTime();
        long last = failedAt.get();
        if (now - last >= REPORT_NANOS && failedAt.compareAndSet(last, now)) {
            addError("Penstock appender " + getName() + ": an event was not taken, because this was thrown", thrown);
        }
    }

    /** Counters of this appender's client; all zero while it is not started. Any thread. */
    public ClientStatus status() {
        Running present = running;
        return present == null ? ClientStatus.NONE : present.client.status();
    }
}
