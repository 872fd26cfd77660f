package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which web pages and names may reach an HTTP listener, so that no page in a browser can reach a loopback port.
 *
 * @param hosts names besides IP literals and {@code localhost} that {@code Host} or {@code :authority} may have, in
 *     lower case, without port
 * @param origins values that {@code Origin} may have: scheme, host and port if it is not the scheme's own
 */
public record WebAccess(List<String> hosts, List<String> origins) {
    static final WebAccess NONE = new WebAccess(List.of(), List.of());
    private static final Pattern HOST = Pattern.compile("[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63}){0,30}");
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@\\s]+");

    public WebAccess {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }

    static WebAccess read(Section section) {
        return new WebAccess(
                section.list("hosts", WebAccess::host).orElse(List.of()),
                section.list("origins", WebAccess::origin).orElse(List.of()));
    }

    private static Parsed<String> host(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        return HOST.matcher(host).matches()
                ? Parsed.right(host)
                : Parsed.wrong(
                        "\"" + text + "\" is no host name", "write a name without port, such as agent.example.com");
    }

    private static Parsed<String> origin(String text) {
        String origin = text.toLowerCase(Locale.ROOT);
        boolean valid = ORIGIN.matcher(origin).matches();
        if (valid) {
            try {
                valid = URI.create(origin).getHost() != null;
            } catch (IllegalArgumentException e) {
                valid = false;
            }
        }
        return valid
                ? Parsed.right(origin)
                : Parsed.wrong(
                        "\"" + text + "\" is no origin", "write SCHEME://HOST[:PORT], such as https://app.example.com");
    }
}
