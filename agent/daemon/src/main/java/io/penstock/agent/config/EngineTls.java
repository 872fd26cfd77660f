package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code engine.tls:}, what the engine's port shows to a client that speaks TLS. */
public sealed interface EngineTls {
    /** A certificate made at the first start, for {@code localhost}, the loopback addresses and these names. */
    record Generated(List<String> names) implements EngineTls {
        /** A host name, perhaps with a wildcard before it, or an IP address. */
        private static final Pattern NAME = Pattern.compile(
                "(?:\\*\\.)?[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63}){0,30}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

        public Generated {
            names = List.copyOf(names);
        }

        private static Parsed<String> name(String text) {
            return NAME.matcher(text).matches()
                    ? Parsed.right(text)
                    : Parsed.wrong(
                            "\"" + text + "\" is neither a host name nor an IP address", "write one without a port");
        }
    }

    /** A certificate of one's own, and its key, PEM both. */
    record Files(Path certificate, Path key) implements EngineTls {}

    static EngineTls read(Section section) {
        List<String> names = section.list("names", Generated::name).orElse(List.of());
        Optional<Path> certificate = section.optional("certificate", Values.file(section));
        Optional<Path> key = section.optional("key", Values.file(section));
        if (certificate.isPresent() && key.isPresent()) {
            if (!names.isEmpty()) {
                section.wrong("names", "stands beside a certificate of your own", "take it out, or the certificate");
            }
            return new Files(certificate.get(), key.get());
        }
        if (section.has("certificate") != section.has("key")) {
            String given = section.has("certificate") ? "certificate" : "key";
            section.wrong(
                    given,
                    "stands without " + (given.equals("key") ? "certificate" : "key"),
                    "write both, or neither for a generated certificate");
        }
        return new Generated(names);
    }
}
