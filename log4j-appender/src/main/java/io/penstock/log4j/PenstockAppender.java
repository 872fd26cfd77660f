package io.penstock.log4j;

import io.penstock.forward.client.ClientStatus;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.Offered;
import io.penstock.forward.client.appender.AppenderClient;
import io.penstock.forward.client.appender.EncodingMemory;
import java.io.Serializable;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;
import org.apache.logging.log4j.core.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code <Penstock name="..." host="..." tag="..."/>}: sends events to a Penstock agent, or to any other server that
 * speaks the Fluentd forward protocol with acknowledgements.
 *
 * <p>The logging thread encodes an event into a bounded buffer. A separate thread sends it, and sends it again after a
 * lost connection, until it is acknowledged. A logging thread never waits for the network; it waits for room in the
 * buffer no longer than configured. Thread-safe. {@link PenstockAppenderBuilder} lists the settings.
 */
@Plugin(name = "Penstock", category = Core.CATEGORY_NAME, elementType = Appender.ELEMENT_TYPE, printObject = true)
public final class PenstockAppender extends AbstractAppender {
    private final ClientManager manager;
    private final EventEncoder encoder;
    private final EncodingMemory memory;
    private final String tag;
    private final boolean locations;
    private final Optional<Level> keepLevel;

    PenstockAppender(
            String name,
            @Nullable Filter filter,
            @Nullable Layout<? extends Serializable> layout,
            boolean ignoreExceptions,
            Property[] properties,
            ClientManager manager,
            EventEncoder encoder,
            EncodingMemory memory,
            String tag,
            boolean locations,
            Optional<Level> keepLevel) {
        super(name, filter, layout, ignoreExceptions, properties);
        this.manager = manager;
        this.encoder = encoder;
        this.memory = memory;
        this.tag = tag;
        this.locations = locations;
        this.keepLevel = keepLevel;
    }

    /** Used by Log4j, and by programs that configure Log4j, to make an appender. */
    @PluginBuilderFactory
    public static PenstockAppenderBuilder newBuilder() {
        return new PenstockAppenderBuilder();
    }

    @Override
    public void append(LogEvent event) {
        if (AppenderClient.isOwn(event.getLoggerName())) {
            return;
        }
        boolean spare = keepLevel.isPresent() && !event.getLevel().isMoreSpecificThan(keepLevel.get());
        EncodingMemory.Draft draft = memory.take();
        Offered offered;
        try {
            offered = manager.offer(tag, encode(encoder, event, draft), spare);
        } finally {
            memory.give(draft);
        }
        if (offered != Offered.ACCEPTED && !ignoreExceptions()) {
            throw new AppenderLoggingException(
                    "Penstock appender " + getName() + " did not take the event: " + offered);
        }
    }

    static EntryWriter encode(EventEncoder encoder, LogEvent event, EncodingMemory.Draft draft) {
        Instant time = event.getInstant();
        EntryWriter entry = draft.entry();
        entry.begin(time.getEpochSecond(), time.getNanoOfSecond());
        encoder.encode(event, entry, draft.scratch());
        entry.end();
        return entry;
    }

    /** Counters of this appender's client, which appenders with the same settings share. Any thread. */
    public ClientStatus status() {
        return manager.status();
    }

    @Override
    public boolean requiresLocation() {
        return locations || super.requiresLocation();
    }

    @Override
    public boolean stop(long timeout, TimeUnit timeUnit) {
        setStopping();
        boolean stopped = super.stop(timeout, timeUnit, false);
        stopped &= manager.stop(timeout, timeUnit);
        setStopped();
        return stopped;
    }
}
