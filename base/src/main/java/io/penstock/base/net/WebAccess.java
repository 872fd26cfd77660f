package io.penstock.base.net;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The web pages and host names that may reach an HTTP listener, so that no web page can reach a loopback port through
 * the browser.
 *
 * @param hosts allowed names in {@code Host} or {@code :authority} besides IP literals and {@code localhost}, in lower
 *     case, without port
 * @param origins allowed values of {@code Origin}: scheme, host, and port unless it is the scheme's default
 */
public record WebAccess(
        @Key
        @As(HostName.class)
        @Doc("names under which it may be called (`Host`, `:authority`), besides `localhost` and IP addresses")
        List<String> hosts,

        @Key @As(Origin.class) @Doc("origins of web pages that may call it, such as `https://app.example.com`")
        List<String> origins) {
    public static final WebAccess NONE = new WebAccess(List.of(), List.of());

    public WebAccess {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }

    /** The notation of {@link #hosts}. */
    static final class HostName implements Notation<String> {
        private static final Pattern FORM = Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63}){0,30}");

        @Override
        public Parsed<String> parse(String text) {
            String host = text.toLowerCase(Locale.ROOT);
            return FORM.matcher(host).matches()
                    ? Parsed.right(host)
                    : Parsed.wrong(
                            "\"" + text + "\" is no host name", "write a name without port, such as agent.example.com");
        }
    }

    /** The notation of {@link #origins}. */
    public static final class Origin implements Notation<String> {
        private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@\\s]+");

        @Override
        public Parsed<String> parse(String text) {
            String origin = text.toLowerCase(Locale.ROOT);
            return FORM.matcher(origin).matches() && hasHost(origin)
                    ? Parsed.right(origin)
                    : Parsed.wrong(
                            "\"" + text + "\" is no origin",
                            "write SCHEME://HOST[:PORT], such as https://app.example.com");
        }

        private static boolean hasHost(String origin) {
            try {
                return URI.create(origin).getHost() != null;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }
}
