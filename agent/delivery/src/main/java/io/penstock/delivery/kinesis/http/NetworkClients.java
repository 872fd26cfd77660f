package io.penstock.delivery.kinesis.http;

import io.penstock.delivery.kinesis.settings.Network;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;

/** Configures the SDK's HTTP clients from a {@link Network}. Any thread. */
public final class NetworkClients {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration READ = Duration.ofSeconds(10);

    private NetworkClients() {}

    /** @throws UnreadableAuthorities if the file of authorities cannot be read */
    public static NettyNioAsyncHttpClient.Builder apply(Network network, NettyNioAsyncHttpClient.Builder builder) {
        builder.maxConcurrency(network.connections()).connectionTimeout(CONNECT);
        network.authorities()
                .map(NetworkClients::trusting)
                .ifPresent(trust -> builder.tlsTrustManagersProvider(() -> trust));
        network.proxy().ifPresent(proxy -> builder.proxyConfiguration(netty(proxy)));
        return builder;
    }

    private static ProxyConfiguration netty(Network.Proxy proxy) {
        ProxyConfiguration.Builder builder = ProxyConfiguration.builder()
                .scheme(proxy.url().getScheme())
                .host(proxy.url().getHost())
                .port(proxy.url().getPort())
                .nonProxyHosts(patterns(proxy))
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false);
        proxy.login()
                .ifPresent(login ->
                        builder.username(login.user()).password(login.password().value()));
        return builder.build();
    }

    /** A client for the few calls to STS. The JDK's own client cannot authenticate to a proxy before a tunnel. */
    public static SdkHttpClient synchronous(Network network) {
        Apache5HttpClient.Builder builder =
                Apache5HttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ);
        network.authorities()
                .map(NetworkClients::trusting)
                .ifPresent(trust -> builder.tlsTrustManagersProvider(() -> trust));
        network.proxy().ifPresent(proxy -> builder.proxyConfiguration(apache(proxy)));
        return builder.build();
    }

    private static software.amazon.awssdk.http.apache5.ProxyConfiguration apache(Network.Proxy proxy) {
        software.amazon.awssdk.http.apache5.ProxyConfiguration.Builder builder =
                software.amazon.awssdk.http.apache5.ProxyConfiguration.builder()
                        .endpoint(address(proxy.url()))
                        .nonProxyHosts(patterns(proxy))
                        .useSystemPropertyValues(false)
                        .useEnvironmentVariableValues(false);
        proxy.login()
                .ifPresent(login -> builder.username(login.user())
                        .password(login.password().value())
                        .preemptiveBasicAuthenticationEnabled(true));
        return builder.build();
    }

    /** Without a trailing slash, which the client refuses. */
    private static URI address(URI proxy) {
        return URI.create(proxy.getScheme() + "://" + proxy.getAuthority());
    }

    /**
     * As regular expressions, which the SDK takes. One of its clients compares them with the host in lower case, the
     * other with the host as it is.
     */
    private static Set<String> patterns(Network.Proxy proxy) {
        return proxy.noProxy().stream()
                .map(host -> Stream.of(host.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*", "(?i)", "")))
                .collect(Collectors.toSet());
    }

    private static TrustManager[] trusting(Path authorities) {
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + count++, authority);
            }
            if (count == 0) {
                throw new IOException("no certificate is in it");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new UnreadableAuthorities(authorities, unreadable);
        }
    }
}
