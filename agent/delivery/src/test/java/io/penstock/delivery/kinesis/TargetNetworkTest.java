package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.StubKinesis.Reply;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a target is reached: trusted authorities, proxy, and choice among Amazon's endpoints. */
class TargetNetworkTest {
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString("ada:hush".getBytes(StandardCharsets.UTF_8));

    private record Entry(byte[] partitionKey, String explicitHashKey, byte[] data) implements PutEntry {}

    @TempDir
    Path folder;

    private static PutOutcome put(TargetSettings settings) throws Exception {
        Entry entry = new Entry("k".getBytes(StandardCharsets.UTF_8), "", new byte[] {1});
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(settings)) {
            CompletableFuture<PutOutcome> outcome = new CompletableFuture<>();
            endpoint.put(new PutCall("s", List.of(entry), false), outcome::complete);
            return outcome.get(30, TimeUnit.SECONDS);
        }
    }

    private static Fault fault(PutOutcome outcome) {
        return assertInstanceOf(PutOutcome.Failed.class, outcome, outcome::toString)
                .fault();
    }

    private static TargetSettings trusting(URI uri, Path authorities) {
        return TargetSettings.url(uri, "us-east-1")
                .withNetwork(
                        new Network(false, false, 3, Optional.empty(), Optional.of(authorities), Optional.empty()));
    }

    @Test
    void onlyTheAuthoritiesOfTheFileAreTrusted() throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.persistent(folder.resolve("engine"))
                .withListen(new InetSocketAddress("127.0.0.1", 0))
                .withReserveBytes(0))) {
            URI uri = URI.create("https://127.0.0.1:" + engine.address().getPort());
            Path authority = Path.of(engine.authority().orElseThrow().toString());
            assertInstanceOf(Fault.MissingStream.class, fault(put(trusting(uri, authority))));
            Fault unknown = fault(put(TargetSettings.url(uri, "us-east-1")));
            assertTrue(
                    unknown.detail().contains("name the file with the authority that signed it as tls.ca"),
                    unknown.detail());
        }
    }

    @Test
    void aFileWithoutAuthoritiesIsSomebodysToMend() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Fault none = fault(put(trusting(URI.create("https://127.0.0.1:1"), empty)));
        assertInstanceOf(Fault.Denied.class, none);
        assertTrue(none.detail().contains("the authorities in " + empty + " cannot be read"), none.detail());
    }

    @Test
    void everythingGoesThroughTheProxyWithItsLogin() throws Exception {
        try (StubKinesis kinesis = new StubKinesis();
                ConnectProxy proxy = new ConnectProxy(LOGIN)) {
            kinesis.answer = request -> Reply.ok("{\"Records\": [{\"SequenceNumber\": \"1\", \"ShardId\": \"s-1\"}]}");
            assertInstanceOf(PutOutcome.Answered.class, put(proxied(kinesis, proxy, "hush", List.of())));
            assertEquals(1, proxy.heads.size());
            assertTrue(proxy.heads
                    .get(0)
                    .startsWith("CONNECT 127.0.0.1:" + kinesis.uri().getPort()));
            Fault refused = fault(put(proxied(kinesis, proxy, "wrong", List.of())));
            assertInstanceOf(Fault.Unavailable.class, refused);
            assertEquals(ConditionName.PROXY_LOGIN, refused.why().name());
            assertEquals(
                    "HTTP 407 Proxy Authentication Required: the proxy refuses the login",
                    refused.why().sentence());
        }
    }

    @Test
    void aProxyThatPermitsNoTunnelIsNamedWithItsAnswer() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> refuseAll(proxy), "proxy");
            thread.setDaemon(true);
            thread.start();
            Network network = new Network(
                    false,
                    false,
                    8,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Network.Proxy(
                            URI.create("http://127.0.0.1:" + proxy.getLocalPort()), Optional.empty(), List.of())));
            Fault refused = fault(put(TargetSettings.url(URI.create("https://kinesis.example"), "us-east-1")
                    .withNetwork(network)));
            assertEquals(ConditionName.PROXY_OR_LOGIN_PAGE, refused.why().name());
            assertEquals(
                    "HTTP 403 Forbidden: the proxy opens no connection to kinesis.example",
                    refused.why().sentence());
        }
    }

    @Test
    void aPortThatDoesNotSpeakTlsIsNamed() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> refuseAll(plain), "plain");
            thread.setDaemon(true);
            thread.start();
            Fault failed = fault(
                    put(TargetSettings.url(URI.create("https://127.0.0.1:" + plain.getLocalPort()), "us-east-1")));
            assertEquals(ConditionName.TLS_FAILED, failed.why().name(), failed::toString);
        }
    }

    private static void refuseAll(ServerSocket proxy) {
        while (!proxy.isClosed()) {
            try (Socket client = proxy.accept()) {
                byte[] answer =
                        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                client.getInputStream().read(new byte[4096]);
                client.getOutputStream().write(answer);
            } catch (IOException closed) {
                // The test is over, or this client has gone.
            }
        }
    }

    @Test
    void hostsThatNeedNoProxyAreReachedWithoutIt() throws Exception {
        try (StubKinesis kinesis = new StubKinesis();
                ConnectProxy proxy = new ConnectProxy(LOGIN)) {
            kinesis.answer = request -> Reply.ok("{\"Records\": [{\"SequenceNumber\": \"1\", \"ShardId\": \"s-1\"}]}");
            assertInstanceOf(
                    PutOutcome.Answered.class, put(proxied(kinesis, proxy, "hush", List.of("other", "127.0.*"))));
            assertEquals(List.of(), proxy.heads);
        }
    }

    private static TargetSettings proxied(
            StubKinesis kinesis, ConnectProxy proxy, String password, List<String> direct) {
        Network.Login login = new Network.Login("ada", new Secret(password));
        return TargetSettings.url(kinesis.uri(), "us-east-1")
                .withNetwork(new Network(
                        false,
                        false,
                        8,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Network.Proxy(proxy.uri(), Optional.of(login), direct))));
    }

    @Test
    void theHttpVersionIsTheOneThatIsAskedFor() throws Exception {
        assertEquals("h1c", spoken(TargetSettings.HttpVersion.HTTP_1_1));
        assertEquals("h2c", spoken(TargetSettings.HttpVersion.HTTP_2));
    }

    private static String spoken(TargetSettings.HttpVersion version) throws Exception {
        AtomicReference<String> spoken = new AtomicReference<>("nothing");
        try (Server server = Server.builder()
                .http(new InetSocketAddress("127.0.0.1", 0))
                .service("/", (context, request) -> {
                    spoken.set(context.sessionProtocol().uriText());
                    return HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE);
                })
                .build()) {
            server.start().join();
            URI uri = URI.create("http://127.0.0.1:" + server.activeLocalPort());
            fault(put(TargetSettings.url(uri, "us-east-1").withHttpVersion(version)));
            return spoken.get();
        }
    }

    @Test
    void amazonsEndpointFollowsFromRegionFipsAndDualStack() {
        assertEquals("https://kinesis.eu-west-1.amazonaws.com", address("eu-west-1", false, false));
        assertEquals("https://kinesis-fips.us-east-1.amazonaws.com", address("us-east-1", true, false));
        assertEquals("https://kinesis-fips.us-east-1.api.aws", address("us-east-1", true, true));
        assertEquals("https://kinesis.eu-west-1.api.aws", address("eu-west-1", false, true));
        assertEquals("https://kinesis.cn-north-1.amazonaws.com.cn", address("cn-north-1", false, false));
    }

    private static String address(String region, boolean fips, boolean dualStack) {
        Network network = new Network(fips, dualStack, 1, Optional.empty(), Optional.empty(), Optional.empty());
        return KinesisClients.address(TargetSettings.aws(region).withNetwork(network))
                .toString();
    }
}
