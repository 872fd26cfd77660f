package io.penstock.logback;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** An application's logging: a context of its own, configured by XML as a file would. */
final class Application implements AutoCloseable {
    private final LoggerContext context = new LoggerContext();

    /** @param appenders the elements within {@code <configuration>}; the root logger uses the one named {@code sut} */
    Application(String appenders) {
        setMdc(context);
        configure(appenders);
        context.start();
    }

    /** Newer versions of Logback take the MDC of a context from the context, older ones from SLF4J. */
    private static void setMdc(LoggerContext context) {
        try {
            context.getClass()
                    .getMethod("setMDCAdapter", org.slf4j.spi.MDCAdapter.class)
                    .invoke(context, org.slf4j.MDC.getMDCAdapter());
        } catch (NoSuchMethodException older) {
            // It has no context without an MDC.
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** As Logback does when its file has changed. */
    void reconfigure(String appenders) {
        context.reset();
        configure(appenders);
    }

    void reset() {
        context.reset();
    }

    private void configure(String appenders) {
        String xml =
                "<configuration>" + appenders + "<root level='TRACE'><appender-ref ref='sut'/></root></configuration>";
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        } catch (JoranException e) {
            throw new AssertionError(e);
        }
    }

    Logger logger(String name) {
        return context.getLogger(name);
    }

    LoggerContext context() {
        return context;
    }

    PenstockAppender appender() {
        return (PenstockAppender) logger("ROOT").getAppender("sut");
    }

    List<String> status() {
        return context.getStatusManager().getCopyOfStatusList().stream()
                .map(Object::toString)
                .collect(Collectors.toList());
    }

    boolean told(String text) {
        return status().stream().anyMatch(line -> line.contains(text));
    }

    /** Stops as an application's shutdown does. */
    @Override
    public void close() {
        context.stop();
    }
}
