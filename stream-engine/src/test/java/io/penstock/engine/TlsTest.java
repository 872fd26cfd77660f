package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** Plain HTTP and TLS on one port, with the generated certificate. */
class TlsTest {
    @TempDir
    Path data;

    private StreamEngine engine;

    @BeforeEach
    void start() throws IOException {
        engine = open(List.of());
    }

    private StreamEngine open(List<String> names) throws IOException {
        return StreamEngine.start(EngineSettings.persistent(data)
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withTransition(Duration.ZERO)
                .withReserveBytes(0)
                .withTls(new Tls.Generated(names)));
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private TrustManagerFactory trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream file = Files.newInputStream(engine.authority().orElseThrow())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    private HttpResponse<String> listStreams(HttpClient.Version version, String host) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        HttpClient client =
                HttpClient.newBuilder().sslContext(context).version(version).build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + host + ":" + engine.address().getPort()))
                .header("X-Amz-Target", "Kinesis_20131202.ListStreams")
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void tlsAndPlainHttpAreToldApartOnOnePort() throws Exception {
        assertEquals(200, new JsonClient(engine).call("ListStreams", "{}").status());
        assertEquals(200, listStreams(HttpClient.Version.HTTP_1_1, "localhost").statusCode());
    }

    @Test
    void alpnChoosesHttp2() throws Exception {
        HttpResponse<String> response = listStreams(HttpClient.Version.HTTP_2, "127.0.0.1");
        assertEquals(200, response.statusCode());
        assertEquals(HttpClient.Version.HTTP_2, response.version());
    }

    @Test
    void theSdkTrustsTheNamedAuthority() throws Exception {
        TrustManagerFactory trust = trust();
        try (KinesisAsyncClient client = Sdk.client(engine, "https")
                .httpClientBuilder(Sdk.http().tlsTrustManagersProvider(trust::getTrustManagers))
                .build()) {
            client.createStream(r -> r.streamName("s").shardCount(1)).join();
            client.putRecord(r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String("x")))
                    .join();
        }
    }

    @Test
    void theCertificateIsKeptAndMadeAnewForOtherNames() throws IOException {
        Path authority = engine.authority().orElseThrow();
        byte[] first = Files.readAllBytes(authority);
        engine.close();
        engine = open(List.of());
        assertArrayEquals(first, Files.readAllBytes(authority));
        engine.close();
        engine = open(List.of("kinesis.test"));
        assertFalse(java.util.Arrays.equals(first, Files.readAllBytes(authority)));
    }

    @Test
    void onlyItsOwnerReadsTheKeyAndTheAuthoritysKeyIsNowhere() throws IOException {
        Path folder = engine.authority().orElseThrow().getParent();
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("server-key.pem"))));
        try (var files = Files.list(folder)) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void aCertificateThatCannotBeReadIsNamed() throws IOException {
        Path broken = Files.writeString(data.resolve("broken.pem"), "nothing");
        EngineSettings settings = EngineSettings.ephemeral().withTls(new Tls.Files(broken, broken));
        IOException failure = assertThrows(IOException.class, () -> StreamEngine.start(settings));
        assertTrue(failure.getMessage().contains(broken.toString()), failure.getMessage());
    }

    @Test
    void aCertificateOfOnesOwnIsShown() throws IOException {
        Path folder = engine.authority().orElseThrow().getParent();
        Tls own = new Tls.Files(folder.resolve("server.pem"), folder.resolve("server-key.pem"));
        try (StreamEngine other = StreamEngine.start(EngineSettings.ephemeral().withTls(own))) {
            assertEquals(200, new JsonClient(other).call("ListStreams", "{}").status());
            assertEquals(java.util.Optional.empty(), other.authority());
        }
    }
}
