package io.penstock.agent.tls;

import io.penstock.agent.config.TlsSection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate of the JDK's keytool for 127.0.0.1, as a key store and as PEM files. */
public record TestCertificate(Path store, Path certificate, Path key) {
    public static final String PASSWORD = "changeit";

    public static TestCertificate create(Path folder, String commonName) throws Exception {
        Path own = Files.createTempDirectory(folder, commonName);
        Path store = own.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + commonName,
                        "-ext",
                        "san=dns:" + commonName + ".test,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
        TestCertificate made = new TestCertificate(store, own.resolve("server.pem"), own.resolve("server.key"));
        KeyStore content = made.load();
        Files.writeString(
                made.key,
                pem("PRIVATE KEY", content.getKey("x", PASSWORD.toCharArray()).getEncoded()));
        Files.writeString(
                made.certificate, pem("CERTIFICATE", content.getCertificate("x").getEncoded()));
        return made;
    }

    /** A listener's section with this certificate; with {@code clients} they need theirs. */
    public TlsSection section(TestCertificate... clients) {
        return new TlsSection(
                certificate, key, clients.length == 0 ? Optional.empty() : Optional.of(clients[0].certificate));
    }

    /** To show this. */
    public KeyManagerFactory keys() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(), PASSWORD.toCharArray());
        return keys;
    }

    /** To trust this and nothing else. */
    public TrustManagerFactory trust() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("x", load().getCertificate("x"));
        trust.init(trusted);
        return trust;
    }

    /** A client's context that trusts {@code server} and shows this. */
    public SSLContext clientOf(TestCertificate server) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys().getKeyManagers(), server.trust().getTrustManagers(), new SecureRandom());
        return context;
    }

    private KeyStore load() throws Exception {
        KeyStore content = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            content.load(in, PASSWORD.toCharArray());
        }
        return content;
    }

    private static String pem(String type, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }
}
