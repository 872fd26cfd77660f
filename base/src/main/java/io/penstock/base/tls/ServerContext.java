package io.penstock.base.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server's context of the JDK, for TLS 1.2 and 1.3. Netty's own makes a second one first, with the authorities of the
 * whole world, and a key store for a try: together with {@link OneKey} that is a third of the CPU time of an engine's
 * start. Thread-safe.
 */
final class ServerContext extends SslContext {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    /** Those of Netty, which are those that browsers know. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_256_CBC_SHA");

    /** What the server asks of a client. */
    enum Clients {
        NO_CERTIFICATE,
        MAY_HAVE_CERTIFICATE,
        NEED_CERTIFICATE
    }

    private final SSLContext context;
    private final String[] ciphers;
    private final Clients clients;
    private final List<String> protocols;

    /**
     * @param chain the certificate of the key first
     * @param authorities sign the certificates of clients
     * @param protocols of ALPN, the preferred one first; none for no ALPN
     */
    ServerContext(
            PrivateKey key,
            List<X509Certificate> chain,
            List<X509Certificate> authorities,
            Clients clients,
            List<String> protocols)
            throws GeneralSecurityException, IOException {
        super(false);
        this.context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new OneKey(key, chain)}, trusted(authorities), null);
        this.clients = clients;
        this.protocols = List.copyOf(protocols);
        List<String> supported =
                Arrays.asList(context.getSupportedSSLParameters().getCipherSuites());
        this.ciphers = CIPHERS.stream().filter(supported::contains).toArray(String[]::new);
    }

    private static TrustManager[] trusted(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        if (authorities.isEmpty()) {
            return new TrustManager[] {new NoPeers()};
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry(String.valueOf(i), authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return prepared(context.createSSLEngine());
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
        return prepared(context.createSSLEngine(host, port));
    }

    private SSLEngine prepared(SSLEngine engine) {
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setEnabledCipherSuites(ciphers);
        if (clients == Clients.NEED_CERTIFICATE) {
            engine.setNeedClientAuth(true);
        } else if (clients == Clients.MAY_HAVE_CERTIFICATE) {
            engine.setWantClientAuth(true);
        }
        if (!protocols.isEmpty()) {
            // Without a protocol in common the connection goes on without ALPN.
            engine.setHandshakeApplicationProtocolSelector((connection, offered) ->
                    protocols.stream().filter(offered::contains).findFirst().orElse(""));
        }
        return engine;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return List.of(ciphers);
    }

    @Override
    @SuppressWarnings("deprecation") // Netty has no other type for it
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return () -> protocols;
    }

    @Override
    public SSLSessionContext sessionContext() {
        return context.getServerSessionContext();
    }
}
