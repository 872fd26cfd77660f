package io.penstock.mqtt.bridge;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * TLS 1.2 and 1.3 towards a broker. The files are read again at each connect.
 *
 * @param authorities have signed the broker's certificate; if empty, those that Java trusts
 * @param certificate the bridge's own certificate, then its chain, for brokers that ask for one
 * @param key its key: PKCS #8, unencrypted
 * @param alpn protocols to announce, such as {@code x-amzn-mqtt-ca} for AWS IoT Core on port 443
 * @param serverName the name that the broker's certificate must have, and that SNI announces, in place of the host of
 *     the URL
 */
public record BridgeTls(
        Optional<Path> authorities,
        Optional<Path> certificate,
        Optional<Path> key,
        List<String> alpn,
        Optional<String> serverName) {
    public BridgeTls {
        alpn = List.copyOf(alpn);
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
        }
    }

    /** The authorities that Java trusts; no certificate of the bridge's own. */
    public static BridgeTls usual() {
        return new BridgeTls(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }
}
