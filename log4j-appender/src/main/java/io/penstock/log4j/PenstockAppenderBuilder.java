package io.penstock.log4j;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.Spill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    private static final String SOURCE = "log4j";
    private static final int LONGEST_TAG = 170;

    @PluginBuilderAttribute
    @Required(message = "The Penstock appender needs a host, or servers")
    private String host = "localhost";

    @PluginBuilderAttribute
    private int port = Address.DEFAULT_PORT;

    @PluginBuilderAttribute
    private String servers = "";

    @PluginBuilderAttribute
    private String tag = SOURCE;

    @PluginBuilderAttribute
    private long bufferBytes = 32L * 1024 * 1024;

    @PluginBuilderAttribute
    private int chunkBytes = 512 * 1024;

    @PluginBuilderAttribute
    private long lingerMillis = 100;

    @PluginBuilderAttribute
    private WhenFull whenFull = WhenFull.DROP;

    @PluginBuilderAttribute
    private long maxBlockMillis = 1_000;

    @PluginBuilderAttribute
    private long connectTimeoutMillis = 5_000;

    @PluginBuilderAttribute
    private long ackTimeoutMillis = 60_000;

    @PluginBuilderAttribute
    private long shutdownTimeoutMillis = 5_000;

    @PluginBuilderAttribute
    private boolean includeLocation;

    @PluginBuilderAttribute
    private String spillFile = "";

    @PluginBuilderAttribute
    private long spillBytes = 256L * 1024 * 1024;

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
        Security security = new Security(sharedKey, user, password, ssl);
        ClientSettings settings;
        try {
            settings = settings(security);
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
                ClientManager.of(settings, security.identity(), Duration.ofMillis(shutdownTimeoutMillis)),
                new EventEncoders(encoder, settings.chunkBytes()),
                tag,
                includeLocation,
                whenFull == WhenFull.DROP_BY_LEVEL ? Optional.of(keepLevel) : Optional.empty());
    }

    private ClientSettings settings(Security security) {
        require(!tag.isEmpty() && tag.length() <= LONGEST_TAG, "tag has 1 to " + LONGEST_TAG + " characters");
        require(shutdownTimeoutMillis >= 0, "shutdownTimeoutMillis is negative");
        List<Address> addresses = Servers.of(host, port, servers);
        ClientSettings.Builder builder = ClientSettings.to(addresses.get(0))
                .name(getName())
                .source(SOURCE)
                .bufferBytes(bufferBytes)
                .chunkBytes(chunkBytes)
                .linger(Duration.ofMillis(lingerMillis))
                .maxBlock(whenFull == WhenFull.DROP ? Duration.ZERO : Duration.ofMillis(maxBlockMillis))
                .connectTimeout(Duration.ofMillis(connectTimeoutMillis))
                .ackTimeout(Duration.ofMillis(ackTimeoutMillis));
        addresses.subList(1, addresses.size()).forEach(builder::orTo);
        security.applyTo(builder);
        if (!spillFile.trim().isEmpty()) {
            builder.spill(Spill.to(Path.of(spillFile.trim()), spillBytes));
        }
        return builder.build();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
