package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a target's Kinesis API is. */
public sealed interface Endpoint extends Keyword {
    String CHOICES =
            "write embedded (the stream engine inside this process), aws (Amazon's own), or a URL such as http://127.0.0.1:4567";

    /** Whether it is one of Amazon's, which asks for real credentials. */
    default boolean isAmazons() {
        return false;
    }

    /** The stream engine inside this process. */
    record Embedded() implements Endpoint {
        @Override
        public String keyword() {
            return "embedded";
        }
    }

    /** Amazon's endpoint of the target's region. */
    record Aws() implements Endpoint {
        @Override
        public String keyword() {
            return "aws";
        }

        @Override
        public boolean isAmazons() {
            return true;
        }
    }

    /** Any other Kinesis endpoint: an http or https URL with a host, without user, query or fragment. */
    record Url(URI uri) implements Endpoint {
        private static final String DOMAINS =
                "(?:amazonaws\\.(?:com|com\\.cn|eu)|api\\.aws|api\\.amazonwebservices\\.(?:com\\.cn|eu))";
        private static final Pattern AMAZON = Pattern.compile(".*\\." + DOMAINS, Pattern.CASE_INSENSITIVE);
        /** The public ones of a region, and those of a network of one's own (AWS PrivateLink). */
        private static final Pattern OF_REGION = Pattern.compile(
                "(?:[a-z0-9-]+\\.)*kinesis(?:-fips)?\\.([a-z0-9-]+)\\.(?:vpce\\.)?" + DOMAINS,
                Pattern.CASE_INSENSITIVE);

        @Override
        public String keyword() {
            return uri.toString();
        }

        @Override
        public boolean isAmazons() {
            return AMAZON.matcher(uri.getHost()).matches();
        }

        /** The region that the host itself names, as Amazon's do. */
        Optional<String> region() {
            Matcher host = OF_REGION.matcher(uri.getHost());
            return host.matches() ? Optional.of(host.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
        }
    }

    /** Reads what stands in the file. */
    static Parsed<Endpoint> parse(String text) {
        return switch (text) {
            case "" -> Parsed.wrong("names no target", CHOICES);
            case "embedded" -> Parsed.right(new Embedded());
            case "aws" -> Parsed.right(new Aws());
            default ->
                text.contains("://")
                        ? parseUrl(text, CHOICES).then(Parsed::right)
                        : Parsed.wrong(
                                "\"" + text + "\" is no endpoint",
                                NearestKey.to(text, List.of("embedded", "aws"))
                                        .map(near -> "did you mean " + near + "?")
                                        .orElse(CHOICES));
        };
    }

    /**
     * Reads an http or https URL.
     *
     * @param remedy what else to write
     */
    static Parsed<Url> parseUrl(String text, String remedy) {
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
        return Parsed.right(new Url(uri));
    }
}
