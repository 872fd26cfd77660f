package io.penstock.log4j;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;

/** An application's logging: a context of its own, configured by XML as a file would. */
final class Application implements AutoCloseable {
    final List<String> status = new CopyOnWriteArrayList<>();
    private final LoggerContext context = new LoggerContext("application");
    private final StatusListener listener = new StatusListener() {
        @Override
        public void log(StatusData data) {
            status.add(data.getLevel() + " " + data.getMessage().getFormattedMessage());
        }

        @Override
        public Level getStatusLevel() {
            return Level.INFO;
        }

        @Override
        public void close() {}
    };

    /** @param appenders the elements within {@code <Appenders>}; the root logger uses the one named {@code sut} */
    Application(String appenders) {
        StatusLogger.getLogger().registerListener(listener);
        context.start(configuration(context, "", appenders));
    }

    void reconfigure(String appenders) {
        context.reconfigure(configuration(context, "", appenders));
    }

    /** @param attributes of the configuration as a whole */
    static Configuration configuration(LoggerContext context, String attributes, String appenders) {
        String xml = "<Configuration " + attributes + "><Appenders>" + appenders + "</Appenders>"
                + "<Loggers><Root level='trace'><AppenderRef ref='sut'/></Root></Loggers></Configuration>";
        try {
            return new XmlConfiguration(
                    context, new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    org.apache.logging.log4j.core.Logger logger(String name) {
        return context.getLogger(name);
    }

    LoggerContext context() {
        return context;
    }

    boolean told(String text) {
        return status.stream().anyMatch(line -> line.contains(text));
    }

    @Override
    public void close() {
        context.stop(0, TimeUnit.SECONDS);
        StatusLogger.getLogger().removeListener(listener);
    }
}
