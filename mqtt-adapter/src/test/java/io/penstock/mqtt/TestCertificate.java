package io.penstock.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate of the JDK's keytool, as PEM files and as a key store. */
public final class TestCertificate {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store;

    private TestCertificate(KeyStore store) {
        this.store = store;
    }

    public static TestCertificate create(Path folder, String commonName) throws IOException, GeneralSecurityException {
        return create(folder, "CN=" + commonName, commonName);
    }

    /** One whose subject has no common name. */
    static TestCertificate nameless(Path folder) throws IOException, GeneralSecurityException {
        return create(folder, "OU=devices", "nameless");
    }

    private static TestCertificate create(Path folder, String subject, String name)
            throws IOException, GeneralSecurityException {
        Path file = Files.createTempDirectory(folder, "store").resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-J-Duser.language=en",
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "EC",
                        "-dname",
                        subject,
                        "-ext",
                        "san=dns:" + name + ".test,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool: " + output);
            }
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return new TestCertificate(store);
    }

    /** Writes certificate and key where the server's settings say. */
    public void writeTo(Path certificate, Path key) throws IOException, GeneralSecurityException {
        Key secret = store.getKey("x", PASSWORD);
        Files.writeString(key, pem("PRIVATE KEY", secret.getEncoded()));
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate("x").getEncoded()));
    }

    private static String pem(String type, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }

    public KeyManagerFactory keys() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        return keys;
    }

    /** Trusts this certificate and nothing else. */
    TrustManagerFactory trust() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("x", store.getCertificate("x"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    /** A client's context that trusts {@code server} and shows {@code this}. */
    public SSLContext clientOf(TestCertificate server) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys().getKeyManagers(), server.trust().getTrustManagers(), new SecureRandom());
        return context;
    }
}
