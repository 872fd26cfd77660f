package io.penstock.agent.forward;

import io.penstock.base.net.ListenAddress;
import io.penstock.base.settings.Parsed;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** An element of {@code forward.listen}: an address, or the path of a Unix domain socket. */
public sealed interface ForwardAddress {
    String UNIX = "unix:";

    /** HOST:PORT. */
    record Tcp(ListenAddress address) implements ForwardAddress {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** {@code unix:/run/penstock/forward.sock}. */
    record Unix(Path path) implements ForwardAddress {
        /** Bytes of a path in Linux's {@code sockaddr_un}, without the 0 at its end. */
        private static final int MAX_PATH = 107;

        @Override
        public String toString() {
            return UNIX + path;
        }

        private static Parsed<ForwardAddress> parse(String text) {
            String quoted = "\"" + text + "\"";
            String path = text.substring(UNIX.length());
            if (!path.startsWith("/") || path.startsWith("//") || path.endsWith("/")) {
                return Parsed.wrong(
                        quoted + " names no absolute path of a socket", "write unix:/run/penstock/forward.sock");
            }
            int bytes = path.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_PATH) {
                return Parsed.wrong(
                        quoted + " has a path of " + bytes + " bytes, and the system takes at most " + MAX_PATH,
                        "choose a shorter one");
            }
            try {
                return Parsed.right(new Unix(Path.of(path).normalize()));
            } catch (InvalidPathException e) {
                return Parsed.wrong(quoted + " has no path that a file may have", "choose another one");
            }
        }
    }

    /** Parses {@code 127.0.0.1:24224} or {@code unix:/run/penstock/forward.sock}. */
    static Parsed<ForwardAddress> parse(String text) {
        return text.startsWith(UNIX)
                ? Unix.parse(text)
                : ListenAddress.parse(text).then(address -> Parsed.right(new Tcp(address)));
    }

    static ForwardAddress tcp(String host, int port) {
        return new Tcp(new ListenAddress(host, port));
    }

    /** The address, unless it is a Unix domain socket. */
    default Optional<ListenAddress> tcp() {
        return this instanceof Tcp tcp ? Optional.of(tcp.address()) : Optional.empty();
    }

    /** The path, if it is a Unix domain socket. */
    default Optional<Path> unix() {
        return this instanceof Unix unix ? Optional.of(unix.path()) : Optional.empty();
    }
}
