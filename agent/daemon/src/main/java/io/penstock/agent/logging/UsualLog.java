package io.penstock.agent.logging;

import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.LoggerConfig;

/**
 * Log4j's configuration of this process: lines go to standard error, where systemd and a terminal both take them. Made
 * by code, because reading a file of this content is a tenth of a start: Log4j looks for all of its plug-ins first.
 */
final class UsualLog extends AbstractConfiguration {
    static final String APPENDER = "stderr";

    private static final Map<String, Level> LIBRARIES = Map.of(
            "com.linecorp.armeria",
            Level.WARN,
            "io.netty",
            Level.WARN,
            // What a client sends that is no HTTP/2 or no TLS is answered by the end of its connection. These would
            // write
            // stack traces with its first bytes, as often as it connects.
            "com.linecorp.armeria.internal.common.AbstractHttp2ConnectionHandler",
            Level.ERROR,
            "com.linecorp.armeria.server.HttpServerHandler",
            Level.ERROR,
            // A host with nothing but a loopback interface is none to warn of.
            "io.netty.util.internal.MacAddressUtil",
            Level.ERROR,
            "io.micrometer",
            Level.ERROR,
            "software.amazon.awssdk",
            Level.WARN,
            // A proxy that opens no tunnel is a condition of its target; this would write a stack trace at each try.
            "software.amazon.awssdk.http.nio.netty.internal.Http1TunnelConnectionPool",
            Level.OFF,
            // The client that asks STS: its headers and bodies hold secrets.
            "org.apache.hc",
            Level.WARN);

    UsualLog() {
        super(null, ConfigurationSource.NULL_SOURCE);
        setName("penstock");
        isShutdownHookEnabled = false;
    }

    /** Does not call the overridden method, which looks for plug-ins. */
    @Override
    public void initialize() {
        // Without a value Log4j asks the system for its name, which may ask a name server.
        ConcurrentMap<String, String> properties = getComponent(CONTEXT_PROPERTIES);
        properties.put("hostName", "");
        ConsoleAppender appender = appender(this, new TextLine(this, false));
        addAppender(appender);
        getRootLogger().addAppender(appender, null, null);
        getRootLogger().setLevel(Level.INFO);
        LIBRARIES.forEach((name, level) -> addLogger(name, new LoggerConfig(name, level, true)));
        setState(State.INITIALIZED);
    }

    /** To standard error as it is then. */
    static ConsoleAppender appender(Configuration configuration, Layout<?> layout) {
        return ConsoleAppender.newBuilder()
                .setName(APPENDER)
                .setConfiguration(configuration)
                .setTarget(ConsoleAppender.Target.SYSTEM_ERR)
                .setFollow(true)
                .setLayout(layout)
                .build();
    }
}
