package io.penstock.agent.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.agent.config.TlsSection;
import io.penstock.base.fault.Guard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one listener as they are now, for TLS 1.2 and 1.3. Files that change are read again within
 * seconds, once none of them changes any more, by a thread of its own because files may block; ones that are unfit are logged, and the former certificates
 * stay. Connections keep what they began with. Read by any thread.
 */
public final class Certificates implements Supplier<SslContext>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private record Stamp(Path file, FileTime modified, long size) {}

    private final String listener;
    private final TlsSection section;
    private final ScheduledExecutorService watch;
    private volatile SslContext current;
    private List<Stamp> stamps;
    private List<Stamp> latest;
    private String complaint = "";

    private Certificates(String listener, TlsSection section, List<Stamp> stamps, SslContext first, Duration interval) {
        this.listener = listener;
        this.section = section;
        this.stamps = stamps;
        this.latest = stamps;
        this.current = first;
        this.watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, listener + "-certificates");
            thread.setDaemon(true);
            return thread;
        });
        Guard guard = new Guard(LOG);
        String what = "The look at the certificates of " + listener;
        // Unguarded, the first exception would end the watch for ever.
        var unused = watch.scheduleWithFixedDelay(
                () -> guard.run(what, this::reloadIfChanged),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Reads the files.
     *
     * @param listener whose they are, for messages
     * @throws IOException when one is missing or unfit; the message names it
     */
    public static Certificates open(String listener, TlsSection section) throws IOException {
        return open(listener, section, INTERVAL);
    }

    static Certificates open(String listener, TlsSection section, Duration interval) throws IOException {
        List<Stamp> stamps = stamps(listener, section);
        return new Certificates(listener, section, stamps, read(listener, section), interval);
    }

    @Override
    public SslContext get() {
        return current;
    }

    /**
     * Reads the files again if one has changed, once none has changed since the last call: certificate and key are
     * replaced one after the other, and do not fit meanwhile. What is wrong is logged once.
     */
    void reloadIfChanged() {
        try {
            List<Stamp> before = latest;
            latest = stamps(listener, section);
            if (latest.equals(stamps) || !latest.equals(before)) {
                return;
            }
            stamps = latest;
            current = read(listener, section);
            complaint = "";
            LOG.info("{} uses the changed certificates of {}", listener, section.certificate());
        } catch (IOException unfit) {
            String fault = String.valueOf(unfit.getMessage());
            if (!fault.equals(complaint)) {
                complaint = fault;
                LOG.error("{}; the former certificates stay", fault);
            }
        }
    }

    private static List<Stamp> stamps(String listener, TlsSection section) throws IOException {
        List<Path> files = new ArrayList<>(List.of(section.certificate(), section.key()));
        section.clientCa().ifPresent(files::add);
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new IOException(listener + ": the TLS file " + file + " is missing or unreadable");
            }
            stamps.add(new Stamp(file, Files.getLastModifiedTime(file), Files.size(file)));
        }
        return stamps;
    }

    private static SslContext read(String listener, TlsSection section) throws IOException {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            section.certificate().toFile(), section.key().toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            if (section.clientCa().isPresent()) {
                builder.trustManager(section.clientCa().get().toFile()).clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (IllegalArgumentException | IOException unfit) {
            Throwable cause = unfit.getCause() == null ? unfit : unfit.getCause();
            throw new IOException(
                    listener + ": the TLS files " + section.certificate() + " and " + section.key()
                            + " do not make a server certificate with its PKCS #8 key (PEM): " + cause.getMessage(),
                    unfit);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
