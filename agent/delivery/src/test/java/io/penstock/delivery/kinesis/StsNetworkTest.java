package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.StubKinesis.Reply;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.fixtures.FakeSts;
import io.penstock.fixtures.TestCertificate;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If a target has a proxy and its own authorities, calls to STS use them too. */
class StsNetworkTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/penstock";
    private static final Credentials.Fixed OWN =
            new Credentials.Fixed("OWN", new Secret("own-secret"), Optional.empty());
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString("ada:hush".getBytes(StandardCharsets.UTF_8));

    private record Entry(byte[] partitionKey, String explicitHashKey, byte[] data) implements PutEntry {}

    @TempDir
    static Path certificates;

    private static TestCertificate certificate;
    private static TestCertificate other;

    @TempDir
    Path folder;

    private StubKinesis kinesis;
    private FakeSts sts;
    private ConnectProxy proxy;

    @BeforeAll
    static void make() throws Exception {
        certificate = TestCertificate.create(certificates, "sts");
        other = TestCertificate.create(certificates, "other");
    }

    @BeforeEach
    void start() throws Exception {
        kinesis = new StubKinesis();
        kinesis.answer = request -> Reply.ok("{\"Records\": [{\"SequenceNumber\": \"1\", \"ShardId\": \"s-1\"}]}");
        sts = FakeSts.encrypted(certificate.clientOf(certificate));
        proxy = new ConnectProxy(LOGIN);
    }

    @AfterEach
    void stop() {
        kinesis.close();
        sts.close();
        proxy.close();
    }

    private static Credentials.AssumeRole role(Credentials source) {
        return new Credentials.AssumeRole(ROLE, Optional.empty(), "agent", Duration.ofMinutes(15), source);
    }

    private Network network(Optional<URI> endpoint, TestCertificate authority, String password) {
        return network(endpoint, authority, password, proxy.uri(), List.of());
    }

    private static Network network(
            Optional<URI> endpoint, TestCertificate authority, String password, URI url, List<String> direct) {
        Network.Login login = new Network.Login("ada", new Secret(password));
        return new Network(
                false,
                false,
                8,
                endpoint,
                Optional.of(authority.certificate()),
                Optional.of(new Network.Proxy(url, Optional.of(login), direct)));
    }

    private PutOutcome put(Credentials credentials, Network network) throws Exception {
        return put(TargetSettings.url(kinesis.uri(), "eu-west-1")
                .withCredentials(credentials)
                .withNetwork(network));
    }

    private static PutOutcome put(TargetSettings settings) throws Exception {
        Entry entry = new Entry("k".getBytes(StandardCharsets.UTF_8), "", new byte[] {1});
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(settings)) {
            CompletableFuture<PutOutcome> outcome = new CompletableFuture<>();
            endpoint.put(new PutCall("s", List.of(entry), false), outcome::complete);
            return outcome.get(30, TimeUnit.SECONDS);
        }
    }

    /** STS is called through the proxy, whichever provider calls it, and the session's credentials call Kinesis. */
    private void assertThroughTheProxy(Credentials credentials) throws Exception {
        PutOutcome outcome = put(credentials, network(Optional.of(sts.uri()), certificate, "hush"));
        assertInstanceOf(PutOutcome.Answered.class, outcome, outcome::toString);
        assertEquals(1, sts.asked.size());
        assertEquals(
                List.of(sts.uri().getAuthority(), kinesis.uri().getAuthority()),
                proxy.heads.stream().map(head -> head.split(" ", 3)[1]).toList());
        assertTrue(kinesis.received.get(0).headers().getFirst("Authorization").contains("Credential=KEY1/"));
    }

    @Test
    void aRoleIsAssumedThroughTheTargetsProxyByItsAuthorities() throws Exception {
        assertThroughTheProxy(role(OWN));
    }

    @Test
    void aTokenIsExchangedThroughTheTargetsProxyByItsAuthorities() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "jwt");
        assertThroughTheProxy(new Credentials.WebIdentity(ROLE, token, "pod"));
    }

    @Test
    void aRoleOfAProfileIsAssumedThroughTheTargetsProxyByItsAuthorities() throws Exception {
        Path file = Files.writeString(
                folder.resolve("keys"),
                "[base]\naws_access_key_id = BASE\naws_secret_access_key = a secret\n[here]\nrole_arn = " + ROLE
                        + "\nsource_profile = base\n");
        assertThroughTheProxy(new Credentials.Profile("here", Optional.of(file)));
    }

    @Test
    void theDefaultChainExchangesATokenThroughTheTargetsProxyByItsAuthorities() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "jwt");
        System.setProperty("aws.webIdentityTokenFile", token.toString());
        System.setProperty("aws.roleArn", ROLE);
        try {
            assertThroughTheProxy(new Credentials.Chain());
        } finally {
            System.clearProperty("aws.webIdentityTokenFile");
            System.clearProperty("aws.roleArn");
        }
    }

    @Test
    void theProxysUrlMayEndWithASlash() throws Exception {
        URI slash = URI.create(proxy.uri() + "/");
        PutOutcome outcome = put(role(OWN), network(Optional.of(sts.uri()), certificate, "hush", slash, List.of()));
        assertInstanceOf(PutOutcome.Answered.class, outcome, outcome::toString);
        assertEquals(2, proxy.heads.size());
    }

    /** At DEBUG these loggers write headers and bodies, including secrets. */
    @Test
    void theClientThatAsksStsLogsWarningsOnly() {
        for (String logger : List.of("org.apache.hc.client5.http.headers", "org.apache.hc.client5.http.wire")) {
            assertEquals(Level.WARN, LogManager.getLogger(logger).getLevel());
        }
    }

    @Test
    void hostsThatNeedNoProxyAreReachedWithoutItHoweverTheirLettersAreWritten() throws Exception {
        try (FakeSts plain = new FakeSts()) {
            URI near = URI.create("http://LocalHost:" + plain.uri().getPort());
            Network network = network(Optional.of(near), certificate, "hush", proxy.uri(), List.of("LOCAL*T"));
            URI far = URI.create("http://localHOST:" + kinesis.uri().getPort());
            PutOutcome outcome = put(TargetSettings.url(far, "eu-west-1")
                    .withCredentials(role(OWN))
                    .withNetwork(network));
            assertInstanceOf(PutOutcome.Answered.class, outcome, outcome::toString);
            assertEquals(1, plain.asked.size());
            assertEquals(List.of(), proxy.heads);
        }
    }

    @Test
    void anStsThatTheAuthoritiesDoNotVouchForIsNotAsked() throws Exception {
        PutOutcome.Failed failed = assertInstanceOf(
                PutOutcome.Failed.class, put(role(OWN), network(Optional.of(sts.uri()), other, "hush")));
        assertTrue(failed.fault().why().name() == ConditionName.TLS_UNTRUSTED, failed::toString);
        assertEquals(List.of(), sts.asked);
    }

    @Test
    void aProxyThatRefusesTheLoginIsToldByName() throws Exception {
        PutOutcome.Failed failed = assertInstanceOf(
                PutOutcome.Failed.class, put(role(OWN), network(Optional.of(sts.uri()), certificate, "wrong")));
        assertTrue(failed.fault().detail().endsWith("HTTP 407: the proxy refuses the login"), failed::toString);
    }

    /** The proxy of this test admits no client, so nothing leaves the machine. */
    @Test
    void theRegionsOwnStsFollowsFromRegionFipsAndDualStack() throws Exception {
        assertEquals("sts.eu-west-1.amazonaws.com:443", asked("eu-west-1", false, false));
        assertEquals("sts-fips.us-east-1.amazonaws.com:443", asked("us-east-1", true, false));
        assertEquals("sts.eu-west-1.api.aws:443", asked("eu-west-1", false, true));
        assertEquals("sts.cn-north-1.amazonaws.com.cn:443", asked("cn-north-1", false, false));
        System.setProperty("aws.endpointUrlSts", "http://127.0.0.1:1");
        try {
            assertEquals("sts.us-east-1.amazonaws.com:443", asked("us-east-1", false, false));
        } finally {
            System.clearProperty("aws.endpointUrlSts");
        }
    }

    private String asked(String region, boolean fips, boolean dualStack) throws Exception {
        try (ConnectProxy closed = new ConnectProxy("nobody")) {
            Network network = new Network(
                    fips,
                    dualStack,
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Network.Proxy(closed.uri(), Optional.empty(), List.of())));
            TargetSettings settings =
                    TargetSettings.aws(region).withCredentials(role(OWN)).withNetwork(network);
            assertInstanceOf(PutOutcome.Failed.class, put(settings));
            return closed.heads.get(0).split(" ", 3)[1];
        }
    }
}
