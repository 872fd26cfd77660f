package io.penstock.forward.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The servers and limits of a client. Immutable; {@link #to} begins a builder. */
public final class ClientSettings {
    private static final int SMALLEST_CHUNK = 4 * 1024;
    private static final int LARGEST_CHUNK = 16 * 1024 * 1024;

    private final List<Address> addresses;
    private final String name;
    private final String source;
    private final int chunkBytes;
    private final long bufferBytes;
    private final int window;
    private final Duration linger;
    private final Duration maxBlock;
    private final Duration connectTimeout;
    private final Duration ackTimeout;
    private final Duration longestPause;
    private final @Nullable Login login;
    private final @Nullable Encryption encryption;
    private final @Nullable Spill spill;

    private ClientSettings(Builder builder) {
        addresses = List.copyOf(builder.addresses);
        name = builder.name;
        source = builder.source;
        chunkBytes = builder.chunkBytes;
        bufferBytes = builder.bufferBytes;
        window = builder.window;
        linger = builder.linger;
        maxBlock = builder.maxBlock;
        connectTimeout = builder.connectTimeout;
        ackTimeout = builder.ackTimeout;
        longestPause = builder.longestPause;
        login = builder.login;
        encryption = builder.encryption;
        spill = builder.spill;
        require(!addresses.isEmpty(), "no address is given");
        require(
                chunkBytes >= SMALLEST_CHUNK && chunkBytes <= LARGEST_CHUNK,
                "chunkBytes is " + chunkBytes + ", allowed is " + SMALLEST_CHUNK + " to " + LARGEST_CHUNK);
        require(
                bufferBytes >= 2L * chunkBytes,
                "bufferBytes is " + bufferBytes + ", it must hold two chunks of " + chunkBytes + " at the least");
        require(window > 0, "window is " + window + ", allowed is 1 and more");
        require(!linger.isNegative(), "linger is negative");
        require(!maxBlock.isNegative(), "maxBlock is negative");
        require(connectTimeout.toMillis() > 0, "connectTimeout is below 1 ms");
        require(ackTimeout.toMillis() > 0, "ackTimeout is below 1 ms");
        require(longestPause.toMillis() > 0, "longestPause is below 1 ms");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Begins settings with the servers: the client uses the first that answers, and the next one when that fails. */
    public static Builder to(Address first, Address... others) {
        return new Builder(first, others);
    }

    public List<Address> addresses() {
        return addresses;
    }

    /** A name for the client's threads. */
    public String name() {
        return name;
    }

    /** The option {@code source} of each chunk; empty for none. */
    public String source() {
        return source;
    }

    public int chunkBytes() {
        return chunkBytes;
    }

    public long bufferBytes() {
        return bufferBytes;
    }

    public int window() {
        return window;
    }

    public Duration linger() {
        return linger;
    }

    public Duration maxBlock() {
        return maxBlock;
    }

    public Duration connectTimeout() {
        return connectTimeout;
    }

    public Duration ackTimeout() {
        return ackTimeout;
    }

    public Duration longestPause() {
        return longestPause;
    }

    /** The login for servers that require a handshake; empty for none. */
    public Optional<Login> login() {
        return Optional.ofNullable(login);
    }

    /** The encryption of connections; empty for none. */
    public Optional<Encryption> encryption() {
        return Optional.ofNullable(encryption);
    }

    /** The file in which events survive the process; empty for none. */
    public Optional<Spill> spill() {
        return Optional.ofNullable(spill);
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {
        private final List<Address> addresses = new ArrayList<>();
        private String name = "forward";
        private String source = "";
        private int chunkBytes = 512 * 1024;
        private long bufferBytes = 32L * 1024 * 1024;
        private int window = 8;
        private Duration linger = Duration.ofMillis(100);
        private Duration maxBlock = Duration.ZERO;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration ackTimeout = Duration.ofSeconds(60);
        private Duration longestPause = Duration.ofSeconds(10);
        private @Nullable Login login;
        private @Nullable Encryption encryption;
        private @Nullable Spill spill;

        private Builder(Address first, Address... others) {
            addresses.add(first);
            addresses.addAll(List.of(others));
        }

        /** Adds a server that is used when those before it fail. */
        public Builder orTo(Address next) {
            addresses.add(next);
            return this;
        }

        /** A name for the client's threads. Default: {@code forward}. */
        public Builder name(String clientName) {
            name = clientName;
            return this;
        }

        /**
         * The option {@code source} of each chunk, which tells a server the program that the events come from. Default:
         * none.
         */
        public Builder source(String program) {
            source = program;
            return this;
        }

        /** The size of the largest chunk, and so of the largest event, in bytes. Default: 512 KiB. */
        public Builder chunkBytes(int bytes) {
            chunkBytes = bytes;
            return this;
        }

        /**
         * Memory for unacknowledged events in bytes, used in whole chunks; allocated when first needed. Default: 32
         * MiB.
         */
        public Builder bufferBytes(long bytes) {
            bufferBytes = bytes;
            return this;
        }

        /** The maximum number of chunks under way. Default: 8. */
        public Builder window(int chunks) {
            window = chunks;
            return this;
        }

        /** How long an event may wait for its chunk to fill. Default: 100 ms. */
        public Builder linger(Duration duration) {
            linger = duration;
            return this;
        }

        /** How long {@link ForwardClient#offer} may wait while the buffer is full. Default: zero. */
        public Builder maxBlock(Duration duration) {
            maxBlock = duration;
            return this;
        }

        /** How long one attempt to connect may take. Default: 5 s. */
        public Builder connectTimeout(Duration duration) {
            connectTimeout = duration;
            return this;
        }

        /** How long a server may take to acknowledge before the next one is tried. Default: 60 s. */
        public Builder ackTimeout(Duration duration) {
            ackTimeout = duration;
            return this;
        }

        /** The upper bound of the pauses between attempts, which grow while no server answers. Default: 10 s. */
        public Builder longestPause(Duration duration) {
            longestPause = duration;
            return this;
        }

        /**
         * The login for servers that require a handshake. With a login, the client refuses a server that requires none.
         */
        public Builder login(Login what) {
            login = what;
            return this;
        }

        /** Encrypts connections. Default: no encryption. */
        public Builder encryption(Encryption how) {
            encryption = how;
            return this;
        }

        /** Saves unacknowledged events in a file too, for the next process. Default: no file. */
        public Builder spill(Spill where) {
            spill = where;
            return this;
        }

        /**
         * Builds the settings.
         *
         * @throws IllegalArgumentException if a value is out of its range; the message names it
         */
        public ClientSettings build() {
            return new ClientSettings(this);
        }
    }
}
