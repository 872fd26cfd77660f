package io.penstock.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;

/** An application with Log4j 2: a context of its own, configured by XML as its file would. */
final class LoggingApplication {
    private final LoggerContext context = new LoggerContext("application");

    private LoggingApplication(String appender) throws IOException {
        String xml = "<Configuration status='off'><Appenders>" + appender + "</Appenders>"
                + "<Loggers><Root level='info'><AppenderRef ref='out'/></Root></Loggers></Configuration>";
        context.start(new XmlConfiguration(
                context, new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))));
    }

    /** With Log4j's own appender and its own layout for JSON. */
    static LoggingApplication withSocketAppender(int port) throws IOException {
        return new LoggingApplication("<Socket name='out' host='127.0.0.1' port='" + port
                + "' reconnectionDelayMillis='100'>"
                + "<JsonTemplateLayout eventTemplateUri='classpath:EcsLayout.json'/></Socket>");
    }

    /** With our appender, which rather waits than drops an event. */
    static LoggingApplication withPenstockAppender(int port) throws IOException {
        return new LoggingApplication(
                "<Penstock name='out' host='127.0.0.1' port='" + port
                        + "' whenFull='BLOCK' maxBlockMillis='60000' lingerMillis='5' bufferBytes='1048576' chunkBytes='16384'/>");
    }

    Logger logger(String name) {
        return context.getLogger(name);
    }

    /** Ends logging as the end of an application does; its appenders have {@code limit} to send what they hold. */
    void stop(Duration limit) {
        context.stop(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
