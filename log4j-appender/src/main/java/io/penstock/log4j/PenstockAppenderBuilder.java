package io.penstock.log4j;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.appender.AppenderSettings;
import io.penstock.forward.client.appender.EncodingMemory;
import io.penstock.forward.client.appender.WhenFull;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginElement;
import org.apache.logging.log4j.core.config.plugins.validation.constraints.Required;
import org.apache.logging.log4j.core.net.ssl.SslConfiguration;
import org.apache.logging.log4j.core.util.Builder;
import org.apache.logging.log4j.status.StatusLogger;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link PenstockAppender}; each attribute has the name of its setter. A nested layout replaces the
 * default record, nested properties are fields that every event gets, a nested filter filters. Not thread-safe.
 */
public final class PenstockAppenderBuilder extends AbstractAppender.Builder<PenstockAppenderBuilder>
        implements Builder<PenstockAppender> {
    @PluginBuilderAttribute
    @Required(message = "The Penstock appender needs a host, or servers")
    private String host = AppenderSettings.HOST;

    @PluginBuilderAttribute
    private int port = Address.DEFAULT_PORT;

    @PluginBuilderAttribute
    private String servers = "";

    @PluginBuilderAttribute
    private String tag = AppenderSettings.SOURCE;

    @PluginBuilderAttribute
    private long bufferBytes = AppenderSettings.BUFFER_BYTES;

    @PluginBuilderAttribute
    private int chunkBytes = AppenderSettings.CHUNK_BYTES;

    @PluginBuilderAttribute
    private long lingerMillis = AppenderSettings.LINGER_MILLIS;

    @PluginBuilderAttribute
    private WhenFull whenFull = WhenFull.DROP;

    @PluginBuilderAttribute
    private long maxBlockMillis = AppenderSettings.MAX_BLOCK_MILLIS;

    @PluginBuilderAttribute
    private long connectTimeoutMillis = AppenderSettings.CONNECT_TIMEOUT_MILLIS;

    @PluginBuilderAttribute
    private long ackTimeoutMillis = AppenderSettings.ACK_TIMEOUT_MILLIS;

    @PluginBuilderAttribute
    private long shutdownTimeoutMillis = AppenderSettings.SHUTDOWN_TIMEOUT_MILLIS;

    @PluginBuilderAttribute
    private boolean includeLocation;

    @PluginBuilderAttribute
    private String spillFile = "";

    @PluginBuilderAttribute
    private long spillBytes = AppenderSettings.SPILL_BYTES;

    @PluginBuilderAttribute
    private Level keepLevel = Level.WARN;

    @PluginBuilderAttribute(sensitive = true)
    private String sharedKey = "";

    @PluginBuilderAttribute
    private String user = "";

    @PluginBuilderAttribute(sensitive = true)
    private String password = "";

    @PluginElement("Ssl")
    private @Nullable SslConfiguration ssl;

    PenstockAppenderBuilder() {}

    /** The server's host name or IP address. Default: {@code localhost}. */
    public PenstockAppenderBuilder setHost(String serverHost) {
        host = serverHost;
        return this;
    }

    /** The server's port. Default: 24224. */
    public PenstockAppenderBuilder setPort(int serverPort) {
        port = serverPort;
        return this;
    }

    /** Several servers, {@code host:port, host:port}, instead of host and port. When one fails, the next is used. */
    public PenstockAppenderBuilder setServers(String commaSeparated) {
        servers = commaSeparated;
        return this;
    }

    /** The tag of all events. Default: {@code log4j}. */
    public PenstockAppenderBuilder setTag(String forwardTag) {
        tag = forwardTag;
        return this;
    }

    /** Memory for unacknowledged events, in bytes; allocated when first needed. Default: 32 MiB. */
    public PenstockAppenderBuilder setBufferBytes(long bytes) {
        bufferBytes = bytes;
        return this;
    }

    /** The size of the largest chunk, and so of the largest event, in bytes. Default: 512 KiB. */
    public PenstockAppenderBuilder setChunkBytes(int bytes) {
        chunkBytes = bytes;
        return this;
    }

    /** How long an event may wait for its chunk to fill. Default: 100 ms. */
    public PenstockAppenderBuilder setLingerMillis(long millis) {
        lingerMillis = millis;
        return this;
    }

    /** What happens while the buffer is full. Default: {@link WhenFull#DROP}. */
    public PenstockAppenderBuilder setWhenFull(WhenFull choice) {
        whenFull = choice;
        return this;
    }

    /** With {@link WhenFull#DROP_BY_LEVEL}: events of this level and above wait for room. Default: WARN. */
    public PenstockAppenderBuilder setKeepLevel(Level level) {
        keepLevel = level;
        return this;
    }

    /**
     * The shared key for servers that require a handshake. Default: empty, which means that no handshake is expected.
     */
    public PenstockAppenderBuilder setSharedKey(String key) {
        sharedKey = key;
        return this;
    }

    /** The user name for servers that ask for one. Default: none. */
    public PenstockAppenderBuilder setUser(String name) {
        user = name;
        return this;
    }

    /** The user's password. */
    public PenstockAppenderBuilder setPassword(String userPassword) {
        password = userPassword;
        return this;
    }

    /**
     * Encrypts with these key and trust stores: a nested {@code <Ssl>}, as for the SocketAppender. Default: no
     * encryption.
     */
    public PenstockAppenderBuilder setSsl(SslConfiguration configuration) {
        ssl = configuration;
        return this;
    }

    /** How long a logging thread may wait for room, except with {@link WhenFull#DROP}. Default: 1 s. */
    public PenstockAppenderBuilder setMaxBlockMillis(long millis) {
        maxBlockMillis = millis;
        return this;
    }

    /** How long an attempt to connect may take. Default: 5 s. */
    public PenstockAppenderBuilder setConnectTimeoutMillis(long millis) {
        connectTimeoutMillis = millis;
        return this;
    }

    /** How long a server may take to acknowledge before the next one is tried. Default: 60 s. */
    public PenstockAppenderBuilder setAckTimeoutMillis(long millis) {
        ackTimeoutMillis = millis;
        return this;
    }

    /** How long stopping may wait for acknowledgements when Log4j sets no limit of its own. Default: 5 s. */
    public PenstockAppenderBuilder setShutdownTimeoutMillis(long millis) {
        shutdownTimeoutMillis = millis;
        return this;
    }

    /** Whether events carry their location in the source code, which is expensive to find. Default: false. */
    public PenstockAppenderBuilder setIncludeLocation(boolean include) {
        includeLocation = include;
        return this;
    }

    /** A file for unacknowledged events, from which the next process sends them. Default: none. */
    public PenstockAppenderBuilder setSpillFile(String path) {
        spillFile = path;
        return this;
    }

    /** The upper bound of the spill file, in bytes. Default: 256 MiB. */
    public PenstockAppenderBuilder setSpillBytes(long bytes) {
        spillBytes = bytes;
        return this;
    }

    /** Returns the appender, or null if a value is out of its range; the status log then names the value. */
    @Override
    public @Nullable PenstockAppender build() {
        AppenderSettings settings = settings();
        ClientSettings client;
        try {
            client = settings.client(getName(), Security.encryption(ssl));
        } catch (IllegalArgumentException mistake) {
            StatusLogger.getLogger().error("Penstock appender {}: {}", getName(), mistake.getMessage());
            return null;
        }
        Property[] properties = getPropertyArray() == null ? Property.EMPTY_ARRAY : getPropertyArray();
        EventEncoder encoder = getLayout() == null
                ? new EcsEncoder(properties, includeLocation)
                : new LayoutEncoder(getLayout(), properties);
        return new PenstockAppender(
                getName(),
                getFilter(),
                getLayout(),
                isIgnoreExceptions(),
                properties,
                ClientManager.of(client, settings.identity(getName(), Optional.ofNullable(ssl)), settings.drain()),
                encoder,
                new EncodingMemory(client.chunkBytes()),
                tag,
                includeLocation,
                whenFull == WhenFull.DROP_BY_LEVEL ? Optional.of(keepLevel) : Optional.empty());
    }

    private AppenderSettings settings() {
        AppenderSettings settings = new AppenderSettings();
        settings.host = host;
        settings.port = port;
        settings.servers = servers;
        settings.tag = tag;
        settings.bufferBytes = bufferBytes;
        settings.chunkBytes = chunkBytes;
        settings.lingerMillis = lingerMillis;
        settings.whenFull = whenFull;
        settings.maxBlockMillis = maxBlockMillis;
        settings.connectTimeoutMillis = connectTimeoutMillis;
        settings.ackTimeoutMillis = ackTimeoutMillis;
        settings.shutdownTimeoutMillis = shutdownTimeoutMillis;
        settings.spillFile = spillFile;
        settings.spillBytes = spillBytes;
        settings.sharedKey = sharedKey;
        settings.user = user;
        settings.password = password;
        return settings;
    }
}
