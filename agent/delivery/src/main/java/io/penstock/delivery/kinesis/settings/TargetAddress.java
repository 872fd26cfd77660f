package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.Nearest;
import io.penstock.base.settings.Parsed;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The address of a target's Kinesis API; {@link #toString} gives the form in the configuration. */
public sealed interface TargetAddress {
    String CHOICES =
            "write embedded (the stream engine inside this process), aws (Amazon's own), or a URL such as http://127.0.0.1:4567";

    /** True for Amazon's endpoints, which require real credentials. */
    default boolean isAmazons() {
        return false;
    }

    /** The stream engine inside this process. */
    record Embedded() implements TargetAddress {
        @Override
        public String toString() {
            return "embedded";
        }
    }

    /** Amazon's endpoint of the target's region. */
    record Aws() implements TargetAddress {
        @Override
        public boolean isAmazons() {
            return true;
        }

        @Override
        public String toString() {
            return "aws";
        }
    }

    /** Any other Kinesis endpoint: an http or https URL with a host, without user, query or fragment. */
    record Url(URI url) implements TargetAddress {
        private static final String DOMAINS =
                "(?:amazonaws\\.(?:com|com\\.cn|eu)|api\\.aws|api\\.amazonwebservices\\.(?:com\\.cn|eu))";
        private static final Pattern AMAZON = Pattern.compile(".*\\." + DOMAINS, Pattern.CASE_INSENSITIVE);
        /** The public endpoints of a region, and those in a private network (AWS PrivateLink). */
        private static final Pattern OF_REGION = Pattern.compile(
                "(?:[a-z0-9-]+\\.)*kinesis(?:-fips)?\\.([a-z0-9-]+)\\.(?:vpce\\.)?" + DOMAINS,
                Pattern.CASE_INSENSITIVE);

        @Override
        public boolean isAmazons() {
            return AMAZON.matcher(url.getHost()).matches();
        }

        /** The region in the host name, as in Amazon's. */
        Optional<String> region() {
            Matcher host = OF_REGION.matcher(url.getHost());
            return host.matches() ? Optional.of(host.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
        }

        @Override
        public String toString() {
            return url.toString();
        }
    }

    /** Parses the form in the configuration. */
    static Parsed<TargetAddress> parse(String text) {
        return switch (text) {
            case "" -> Parsed.wrong("names no target", CHOICES);
            case "embedded" -> Parsed.right(new Embedded());
            case "aws" -> Parsed.right(new Aws());
            default ->
                text.contains("://")
                        ? parseUrl(text, CHOICES).then(url -> Parsed.right(new Url(url)))
                        : Parsed.wrong(
                                "\"" + text + "\" is no endpoint",
                                Nearest.remedy(text, List.of("embedded", "aws"), CHOICES));
        };
    }

    /**
     * Parses an http or https URL.
     *
     * @param remedy the alternatives to such a URL
     */
    static Parsed<URI> parseUrl(String text, String remedy) {
        if (!text.contains("://")) {
            return Parsed.wrong("\"" + text + "\" is no URL", remedy);
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return Parsed.wrong("\"" + text + "\" is no URL: " + e.getReason(), remedy);
        }
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Parsed.wrong("the scheme of \"" + text + "\" is neither http nor https", remedy);
        }
        if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
            return Parsed.wrong("\"" + text + "\" has no valid host and port", remedy);
        }
        if (uri.getRawUserInfo() != null) {
            return Parsed.wrong("the URL holds a user or password", "take them out of the URL");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            return Parsed.wrong("\"" + text + "\" has a query or a fragment", "leave out what follows ? and #");
        }
        return Parsed.right(uri);
    }
}
