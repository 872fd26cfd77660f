package io.penstock.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.net.ssl.SSLComponent;
import ch.qos.logback.core.net.ssl.SSLConfiguration;
import io.penstock.forward.client.appender.AppenderSettings;
import io.penstock.forward.client.appender.WhenFull;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements within {@code <appender>}; each has the name of its setter. The names and defaults are those of the
 * Log4j appender. A change takes effect at the next start. Not thread-safe.
 */
public abstract class AppenderElements extends UnsynchronizedAppenderBase<ILoggingEvent> implements SSLComponent {
    final AppenderSettings settings = new AppenderSettings();
    private final List<Field> fields = new ArrayList<>();
    private String keepLevel = "WARN";
    private boolean includeLocation;
    private @Nullable Encoder<ILoggingEvent> encoder;
    private @Nullable SSLConfiguration ssl;

    AppenderElements() {}

    /** The server's host name or IP address. Default: {@code localhost}. */
    public void setHost(String host) {
        settings.host = host;
    }

    /** The server's port. Default: 24224. */
    public void setPort(int port) {
        settings.port = port;
    }

    /** Several servers, {@code host:port, host:port}, instead of host and port. When one fails, the next is used. */
    public void setServers(String commaSeparated) {
        settings.servers = commaSeparated;
    }

    /** The tag of all events. Default: {@code log4j}, the agent's source of events that are routed by their logger. */
    public void setTag(String tag) {
        settings.tag = tag;
    }

    /** Memory for unacknowledged events, in bytes; allocated when first needed. Default: 32 MiB. */
    public void setBufferBytes(long bytes) {
        settings.bufferBytes = bytes;
    }

    /** The size of the largest chunk, and so of the largest event, in bytes. Default: 512 KiB. */
    public void setChunkBytes(int bytes) {
        settings.chunkBytes = bytes;
    }

    /** How long an event may wait for its chunk to fill. Default: 100 ms. */
    public void setLingerMillis(long millis) {
        settings.lingerMillis = millis;
    }

    /** What happens while the buffer is full. Default: {@link WhenFull#DROP}. */
    public void setWhenFull(WhenFull choice) {
        settings.whenFull = choice;
    }

    /** With {@link WhenFull#DROP_BY_LEVEL}: events of this level and above wait for room. Default: WARN. */
    public void setKeepLevel(String level) {
        keepLevel = level;
    }

    /** How long a logging thread may wait for room, except with {@link WhenFull#DROP}. Default: 1 s. */
    public void setMaxBlockMillis(long millis) {
        settings.maxBlockMillis = millis;
    }

    /** How long an attempt to connect may take. Default: 5 s. */
    public void setConnectTimeoutMillis(long millis) {
        settings.connectTimeoutMillis = millis;
    }

    /** How long a server may take to acknowledge before the next one is tried. Default: 60 s. */
    public void setAckTimeoutMillis(long millis) {
        settings.ackTimeoutMillis = millis;
    }

    /** How long stopping may wait for acknowledgements. Default: 5 s. */
    public void setShutdownTimeoutMillis(long millis) {
        settings.shutdownTimeoutMillis = millis;
    }

    /** A file for unacknowledged events, from which the next process sends them. Default: none. */
    public void setSpillFile(String path) {
        settings.spillFile = path;
    }

    /** The upper bound of the spill file, in bytes. Default: 256 MiB. */
    public void setSpillBytes(long bytes) {
        settings.spillBytes = bytes;
    }

    /** The shared key for servers that require a handshake. Default: none. */
    public void setSharedKey(String key) {
        settings.sharedKey = key;
    }

    /** The user name for servers that ask for one. Default: none. */
    public void setUser(String name) {
        settings.user = name;
    }

    /** The user's password. */
    public void setPassword(String password) {
        settings.password = password;
    }

    /** Whether events carry their location in the source code, which is expensive to find. Default: false. */
    public void setIncludeLocation(boolean include) {
        includeLocation = include;
    }

    /** Replaces the default record: the encoder's output becomes {@code message}. Default: none. */
    public void setEncoder(Encoder<ILoggingEvent> replacement) {
        encoder = replacement;
    }

    /** A field that every event gets. */
    public void addField(Field field) {
        fields.add(field);
    }

    @Override
    public @Nullable SSLConfiguration getSsl() {
        return ssl;
    }

    /** Encrypts with these key and trust stores, as in Logback's SSLSocketAppender. Default: no encryption. */
    @Override
    public void setSsl(SSLConfiguration configuration) {
        ssl = configuration;
    }

    /** @throws IllegalArgumentException if the word is no level */
    Level keepLevel() {
        Level level = Level.toLevel(keepLevel, null);
        if (level == null) {
            throw new IllegalArgumentException(
                    "keepLevel is \"" + keepLevel + "\", which is no level; write TRACE, DEBUG, INFO, WARN or ERROR");
        }
        return level;
    }

    /** @throws IllegalArgumentException if a field has no name, or the encoder did not start */
    EventEncoder eventEncoder() {
        for (Field field : fields) {
            if (field.name().isEmpty()) {
                throw new IllegalArgumentException(
                        "a field has no name; write <field><name>..</name><value>..</value></field>");
            }
        }
        if (encoder == null) {
            return new EcsEncoder(fields, includeLocation);
        }
        if (!isUsable(encoder)) {
            throw new IllegalArgumentException("its encoder is not started; the lines before say why");
        }
        return new TextEncoder(encoder, fields);
    }

    /** An encoder starts also around a layout that did not, and then encodes nothing. */
    private static boolean isUsable(Encoder<ILoggingEvent> encoder) {
        if (encoder instanceof LayoutWrappingEncoder) {
            Layout<ILoggingEvent> layout = ((LayoutWrappingEncoder<ILoggingEvent>) encoder).getLayout();
            return encoder.isStarted() && layout != null && layout.isStarted();
        }
        return encoder.isStarted();
    }
}
