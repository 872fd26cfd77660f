package io.penstock.agent.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.auth.AuthUser;
import io.penstock.agent.auth.LimitSettings;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.tls.TlsSections;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import io.penstock.base.tls.TlsSettings;
import io.penstock.fixtures.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("An HTTP listener with TLS")
class HttpTlsTest {
    @TempDir
    private static Path folder;

    private static TestCertificate server;
    private static TestCertificate device;
    private Harness http;

    @BeforeAll
    static void certificates() throws Exception {
        server = TestCertificate.create(folder, "server");
        device = TestCertificate.create(folder, "device-7");
    }

    @AfterEach
    void stop() {
        if (http != null) {
            http.close();
        }
    }

    private void start(HttpAddress.Scheme scheme, TlsSettings tls) {
        http = new Harness(new HttpSettings(
                List.of(new HttpAddress(Optional.of(scheme), new ListenAddress("127.0.0.1", 0))),
                AckMode.DURABLE,
                false,
                true,
                WebAccess.NONE,
                CorsSettings.NONE,
                false,
                Optional.of(tls),
                new AuthSettings(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new AuthUser("device-7", List.of("s"), Optional.empty(), Optional.empty()))),
                LimitSettings.NONE));
    }

    private HttpResponse<String> post(HttpClient.Version version, SSLContext context, String stream) {
        return post(version, context, stream, "{\"a\":1}");
    }

    private HttpResponse<String> post(HttpClient.Version version, SSLContext context, String stream, String body) {
        HttpClient client =
                HttpClient.newBuilder().version(version).sslContext(context).build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + http.port() + "/v1/streams/" + stream + "/records"))
                .header("Content-Type", Harness.JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.durable(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, server.trust().getTrustManagers(), new SecureRandom());
        return context;
    }

    @ParameterizedTest
    @EnumSource
    void speaksBothVersionsOfHttpAsAlpnAgrees(HttpClient.Version version) throws Exception {
        start(HttpAddress.Scheme.HTTPS, TlsSections.of(server));
        HttpResponse<String> answer = post(version, trusting(), "s");
        assertEquals(200, answer.statusCode());
        assertEquals(version, answer.version());
    }

    @Test
    void answersAPlainRequestWithARemedyAndEnds() throws IOException {
        start(HttpAddress.Scheme.HTTPS, TlsSections.of(server));
        String answer = http.raw("POST /v1/streams/s/records HTTP/1.1\r\nHost: localhost\r\n\r\n", "");
        assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
        assertTrue(answer.contains("this address speaks HTTP within TLS"), answer);
        assertTrue(answer.contains("call it with https://"), answer);
        assertEquals(1, http.refused("malformed"));
        assertTrue(http.spools.all().isEmpty());
    }

    @Test
    void withoutItAnswersAHandshakeAndEnds() throws Exception {
        start(HttpAddress.Scheme.HTTP, TlsSections.of(server));
        CompletionException failed =
                assertThrows(CompletionException.class, () -> post(HttpClient.Version.HTTP_1_1, trusting(), "s"));
        assertTrue(failed.getCause() instanceof IOException, failed.toString());
        assertEquals(1, http.refused("malformed"));
        assertEquals(200, http.send(http.post("s", Harness.JSON, "{}")).statusCode());
    }

    @Test
    void knowsClientsByTheirCertificateAndWhatTheyMayWrite() throws Exception {
        start(HttpAddress.Scheme.HTTPS, TlsSections.of(server, device));
        SSLContext context = device.clientOf(server);
        assertEquals(200, post(HttpClient.Version.HTTP_2, context, "s").statusCode());
        HttpResponse<String> refused = post(HttpClient.Version.HTTP_1_1, context, "t");
        assertEquals(403, refused.statusCode());
        assertTrue(
                refused.body().contains("the client certificate 'device-7' may not write to the stream 't'"),
                refused.body());
    }

    @ParameterizedTest
    @EnumSource
    void refusesBeforeALargeBodyIsThereAndTheAnswerArrives(HttpClient.Version version) throws Exception {
        start(HttpAddress.Scheme.HTTPS, TlsSections.of(server, device));
        HttpResponse<String> refused = post(version, device.clientOf(server), "t", "x".repeat(4 << 20));
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("\"remedy\""), refused.body());
    }

    @Test
    void refusesAClientWithoutACertificateAndOneOfAnotherAuthority() throws Exception {
        start(HttpAddress.Scheme.HTTPS, TlsSections.of(server, device));
        assertThrows(CompletionException.class, () -> post(HttpClient.Version.HTTP_1_1, trusting(), "s"));
        await().until(() -> http.refused("forbidden") == 1);
        TestCertificate stranger = TestCertificate.create(folder, "stranger");
        SSLContext context = stranger.clientOf(server);
        assertThrows(CompletionException.class, () -> post(HttpClient.Version.HTTP_1_1, context, "s"));
        await().until(() -> http.refused("forbidden") == 2);
        assertTrue(http.spools.all().isEmpty());
    }

    @Test
    void showsAChangedCertificateToNewConnections() throws Exception {
        Path certificate = Files.copy(server.certificate(), folder.resolve("shown.pem"));
        Path key = Files.copy(server.key(), folder.resolve("shown.key"));
        start(HttpAddress.Scheme.HTTPS, new TlsSettings(certificate, key, Optional.empty()));
        Files.copy(device.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(device.key(), key, StandardCopyOption.REPLACE_EXISTING);
        SSLContext context = device.clientOf(device);
        await().until(() -> shows(context, "CN=device-7"));
    }

    private boolean shows(SSLContext context, String subject) {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", http.port())) {
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName().equals(subject);
        } catch (IOException former) {
            return false;
        }
    }

    @Test
    void survivesBytesThatAreNoHandshakeAndOnesThatBeginLikeOne() throws Exception {
        start(HttpAddress.Scheme.HTTPS, TlsSections.of(server));
        for (byte[] bytes :
                List.of(new byte[] {22, 3, 1, 0, 2, 1, 1}, new byte[] {22, 3, 1, (byte) 0xFF, (byte) 0xFF, 1})) {
            try (Socket socket = new Socket("127.0.0.1", http.port())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                String unused = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            }
        }
        await().until(() -> http.refused("forbidden") == 2);
        assertEquals(200, post(HttpClient.Version.HTTP_2, trusting(), "s").statusCode());
    }
}
