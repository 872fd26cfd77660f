package io.penstock.forward.client.appender;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.Encryption;
import io.penstock.forward.client.Login;
import io.penstock.forward.client.Spill;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all appenders have, under the same names and with the same defaults. The fields are public because
 * an appender only copies its attributes into them; {@link #client} checks them. Not thread-safe.
 */
public final class AppenderSettings {
    /** The source that each chunk names, and the default tag: a server routes such events by their logger. */
    public static final String SOURCE = "log4j";

    public static final String HOST = "localhost";
    public static final long BUFFER_BYTES = 32L * 1024 * 1024;
    public static final int CHUNK_BYTES = 512 * 1024;
    public static final long LINGER_MILLIS = 100;
    public static final long MAX_BLOCK_MILLIS = 1_000;
    public static final long CONNECT_TIMEOUT_MILLIS = 5_000;
    public static final long ACK_TIMEOUT_MILLIS = 60_000;
    public static final long SHUTDOWN_TIMEOUT_MILLIS = 5_000;
    public static final long SPILL_BYTES = 256L * 1024 * 1024;

    private static final int LONGEST_TAG = 170;

    public String host = HOST;
    public int port = Address.DEFAULT_PORT;
    public String servers = "";
    public String tag = SOURCE;
    public long bufferBytes = BUFFER_BYTES;
    public int chunkBytes = CHUNK_BYTES;
    public long lingerMillis = LINGER_MILLIS;
    public WhenFull whenFull = WhenFull.DROP;
    public long maxBlockMillis = MAX_BLOCK_MILLIS;
    public long connectTimeoutMillis = CONNECT_TIMEOUT_MILLIS;
    public long ackTimeoutMillis = ACK_TIMEOUT_MILLIS;
    public long shutdownTimeoutMillis = SHUTDOWN_TIMEOUT_MILLIS;
    public String spillFile = "";
    public long spillBytes = SPILL_BYTES;
    public String sharedKey = "";
    public String user = "";
    public String password = "";

    /**
     * The settings of a client with this name.
     *
     * @throws IllegalArgumentException if a value is out of its range, or values do not fit together; the message names
     *     them
     */
    public ClientSettings client(String name, @Nullable Encryption encryption) {
        require(!tag.isEmpty() && tag.length() <= LONGEST_TAG, "tag has 1 to " + LONGEST_TAG + " characters");
        require(shutdownTimeoutMillis >= 0, "shutdownTimeoutMillis is negative");
        require(
                !sharedKey.isEmpty() || user.isEmpty(),
                "there is a user but no sharedKey, with which every login begins");
        List<Address> addresses = Servers.of(host, port, servers);
        ClientSettings.Builder builder = ClientSettings.to(addresses.get(0))
                .name(name)
                .source(SOURCE)
                .bufferBytes(bufferBytes)
                .chunkBytes(chunkBytes)
                .linger(Duration.ofMillis(lingerMillis))
                .maxBlock(whenFull == WhenFull.DROP ? Duration.ZERO : Duration.ofMillis(maxBlockMillis))
                .connectTimeout(Duration.ofMillis(connectTimeoutMillis))
                .ackTimeout(Duration.ofMillis(ackTimeoutMillis));
        addresses.subList(1, addresses.size()).forEach(builder::orTo);
        if (!sharedKey.isEmpty()) {
            builder.login(Login.ofUser(sharedKey, user, password));
        }
        if (encryption != null) {
            builder.encryption(encryption);
        }
        if (!spillFile.trim().isEmpty()) {
            builder.spill(Spill.to(path(spillFile.trim()), spillBytes));
        }
        return builder.build();
    }

    /** How long stopping may wait for acknowledgements. */
    public Duration drain() {
        return Duration.ofMillis(shutdownTimeoutMillis);
    }

    /**
     * A text that is equal when a client with the other settings could go on being used, and that reveals no secret.
     *
     * @param encryption the certificates and how they are used; empty for no encryption
     */
    public String identity(String name, Object encryption) {
        return String.join(
                "|",
                "penstock",
                name,
                host,
                String.valueOf(port),
                servers,
                String.valueOf(bufferBytes),
                String.valueOf(chunkBytes),
                String.valueOf(lingerMillis),
                String.valueOf(whenFull == WhenFull.DROP ? 0 : maxBlockMillis),
                String.valueOf(connectTimeoutMillis),
                String.valueOf(ackTimeoutMillis),
                String.valueOf(shutdownTimeoutMillis),
                spillFile.trim(),
                String.valueOf(spillBytes),
                Integer.toHexString(Objects.hash(sharedKey, user, password, encryption)));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("spillFile is no path: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
