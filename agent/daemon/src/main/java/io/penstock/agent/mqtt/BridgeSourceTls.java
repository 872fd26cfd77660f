package io.penstock.agent.mqtt;

import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import io.penstock.mqtt.bridge.BridgeTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code tls:} of a bridge. */
public record BridgeSourceTls(
        @Key(example = "/etc/penstock/broker-ca.pem")
        @Doc("the authorities of the broker's certificate, PEM; left out: those that Java knows")
        Optional<Path> ca,

        @Key(example = "/etc/penstock/plant.pem")
        @Doc("the bridge's own certificate, then its chain, PEM; together with the next")
        Optional<Path> certificate,

        @Key(example = "/etc/penstock/plant.key") @Doc("its key: PKCS #8, unencrypted")
        Optional<Path> key,

        @Key(example = "x-amzn-mqtt-ca")
        @Text(
                pattern = "[!-~]{1,255}",
                reason = "is no protocol name",
                remedy = "write 1 to 255 visible characters, such as x-amzn-mqtt-ca")
        @Doc("names for ALPN, such as `x-amzn-mqtt-ca` for AWS IoT Core on port 443")
        List<String> alpn,

        @Key(example = "broker.example.com")
        @Text(
                pattern = "[A-Za-z0-9_-]([A-Za-z0-9._-]{0,252}[A-Za-z0-9_-])?",
                reason = "is no host name",
                remedy = "write a name without port, such as broker.example.com")
        @Doc("the name that is asked for (SNI) and that the broker's certificate must have; left out: the URL's host")
        Optional<String> serverName)
        implements Completed<BridgeSourceTls> {
    public BridgeSourceTls {
        alpn = List.copyOf(alpn);
    }

    /** As the client wants it. */
    BridgeTls adapted() {
        return new BridgeTls(ca, certificate, key, alpn, serverName);
    }

    @Override
    public BridgeSourceTls completed(Written tls) {
        if (certificate.isPresent() != key.isPresent() && tls.right("certificate") && tls.right("key")) {
            String there = certificate.isPresent() ? "certificate" : "key";
            tls.wrong(
                    there,
                    "stands without " + (certificate.isPresent() ? "key" : "certificate"),
                    "write both, or neither");
        }
        return this;
    }
}
