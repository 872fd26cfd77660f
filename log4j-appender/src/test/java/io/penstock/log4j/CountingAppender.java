package io.penstock.log4j;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;

/** Counts events. */
@Plugin(name = "CountingAppender", category = "Core", elementType = "appender")
public final class CountingAppender extends AbstractAppender {
    private final AtomicInteger count = new AtomicInteger();

    private CountingAppender(String name) {
        super(name, null, null, true, Property.EMPTY_ARRAY);
    }

    @PluginFactory
    public static CountingAppender create(@PluginAttribute("name") String name) {
        return new CountingAppender(name);
    }

    @Override
    public void append(LogEvent event) {
        count.incrementAndGet();
    }

    int count() {
        return count.get();
    }
}
