package io.penstock.mqtt;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one listener as they are now. Read by event loops; {@link #reloadIfChanged} is called by one
 * thread that may block.
 */
final class TlsContext {
    private record Stamp(Path file, FileTime modified, long size) {}

    private static final Logger LOG = LoggerFactory.getLogger(MqttServer.class);

    private final MqttTls settings;
    private volatile SslContext current;
    private List<Stamp> stamps;
    private List<Stamp> latest;
    private String complaint = "";

    private TlsContext(MqttTls settings, List<Stamp> stamps, SslContext first) {
        this.settings = settings;
        this.stamps = stamps;
        this.latest = stamps;
        this.current = first;
    }

    /** Reads the files; the exception names the one that is unfit. */
    static TlsContext open(MqttTls settings) throws IOException {
        List<Stamp> stamps = stamps(settings);
        return new TlsContext(settings, stamps, read(settings));
    }

    SslContext current() {
        return current;
    }

    /**
     * Reads the files again if one has changed, once none has changed since the last call: certificate and key are
     * replaced one after the other, and do not fit meanwhile. What is wrong is logged once.
     */
    void reloadIfChanged() {
        try {
            List<Stamp> before = latest;
            latest = stamps(settings);
            if (latest.equals(stamps) || !latest.equals(before)) {
                return;
            }
            stamps = latest;
            current = read(settings);
            complaint = "";
            LOG.info("MQTT uses the changed certificates of {}", settings.certificates());
        } catch (IOException unfit) {
            String fault = String.valueOf(unfit.getMessage());
            if (!fault.equals(complaint)) {
                complaint = fault;
                LOG.error("MQTT keeps its former certificates: {}", fault);
            }
        }
    }

    private static List<Stamp> stamps(MqttTls settings) throws IOException {
        List<Path> files = new ArrayList<>(List.of(settings.certificates(), settings.privateKey()));
        settings.clientAuthorities().ifPresent(files::add);
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new IOException("the TLS file " + file + " is missing or unreadable");
            }
            stamps.add(new Stamp(file, Files.getLastModifiedTime(file), Files.size(file)));
        }
        return stamps;
    }

    private static SslContext read(MqttTls settings) throws IOException {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            settings.certificates().toFile(),
                            settings.privateKey().toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            if (settings.clientAuthorities().isPresent()) {
                builder.trustManager(settings.clientAuthorities().get().toFile())
                        .clientAuth(settings.clientCertificateRequired() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
            }
            return builder.build();
        } catch (IllegalArgumentException | IOException unfit) {
            Throwable cause = unfit.getCause() == null ? unfit : unfit.getCause();
            throw new IOException(
                    "the TLS files " + settings.certificates() + " and " + settings.privateKey()
                            + " do not make a server certificate with its PKCS #8 key (PEM): " + cause.getMessage(),
                    unfit);
        }
    }
}
