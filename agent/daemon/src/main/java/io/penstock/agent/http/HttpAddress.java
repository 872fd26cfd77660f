package io.penstock.agent.http;

import io.penstock.base.net.ListenAddress;
import io.penstock.base.settings.Parsed;
import java.util.Optional;

/**
 * An element of {@code http.listen}: an address, and whether it is encrypted.
 *
 * @param scheme empty where none stands: the rest of the section then decides
 */
public record HttpAddress(Optional<Scheme> scheme, ListenAddress address) {
    private static final String SEPARATOR = "://";

    /** What is spoken at an address. */
    public enum Scheme {
        HTTP("http"),
        HTTPS("https");

        private final String word;

        Scheme(String word) {
            this.word = word;
        }
    }

    /** Reads {@code 127.0.0.1:9880} or {@code https://0.0.0.0:9880}. */
    static Parsed<HttpAddress> parse(String text) {
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            return ListenAddress.parse(text).then(address -> Parsed.right(new HttpAddress(Optional.empty(), address)));
        }
        for (Scheme scheme : Scheme.values()) {
            if (scheme.word.equals(text.substring(0, end))) {
                return ListenAddress.parse(text.substring(end + SEPARATOR.length()))
                        .then(address -> Parsed.right(new HttpAddress(Optional.of(scheme), address)));
            }
        }
        return Parsed.wrong("\"" + text + "\" has the scheme of something else", "write http://, https:// or none");
    }

    /** The same, with {@code usual} where no scheme stands. */
    HttpAddress orElse(Scheme usual) {
        return scheme.isPresent() ? this : new HttpAddress(Optional.of(usual), address);
    }

    public boolean encrypted() {
        return scheme.orElse(Scheme.HTTP) == Scheme.HTTPS;
    }

    @Override
    public String toString() {
        return scheme.map(spoken -> spoken.word + SEPARATOR).orElse("") + address;
    }
}
