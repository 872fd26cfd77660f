package io.penstock.delivery.kinesis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.StubKinesis.Reply;
import io.penstock.delivery.kinesis.credentials.CredentialGenerations;
import io.penstock.delivery.kinesis.credentials.CredentialProviders;
import io.penstock.delivery.kinesis.credentials.CredentialSource;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.fixtures.FakeSts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The credentials of calls to a Kinesis endpoint; the test plays STS and a container's endpoint. */
class TargetCredentialsTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/penstock";
    private static final Credentials.Fixed OWN = fixed("OWN", "own-secret");
    private static final DateTimeFormatter SIGNED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private record Entry(byte[] partitionKey, String explicitHashKey, byte[] data) implements PutEntry {}

    private static final PutCall ONE =
            new PutCall("s", List.of(new Entry("k".getBytes(StandardCharsets.UTF_8), "", new byte[] {1})), false);
    private static final Reply STORED = Reply.ok("{\"Records\": [{\"SequenceNumber\": \"1\", \"ShardId\": \"s-1\"}]}");

    @TempDir
    Path folder;

    private StubKinesis kinesis;
    private FakeSts sts;

    @BeforeEach
    void start() throws IOException {
        kinesis = new StubKinesis();
        kinesis.answer = request -> STORED;
        sts = new FakeSts();
    }

    @AfterEach
    void stop() {
        kinesis.close();
        sts.close();
    }

    private static Credentials.Fixed fixed(String key, String secret) {
        return new Credentials.Fixed(key, new Secret(secret), Optional.empty());
    }

    private KinesisEndpoint endpoint(Credentials credentials) {
        return KinesisEndpoint.create(settings().withCredentials(credentials));
    }

    private TargetSettings settings() {
        return TargetSettings.url(kinesis.uri(), "eu-west-1").withNetwork(Network.DIRECT.withSts(sts.uri()));
    }

    private static PutOutcome put(KinesisEndpoint endpoint) throws Exception {
        CompletableFuture<PutOutcome> outcome = new CompletableFuture<>();
        endpoint.put(ONE, outcome::complete);
        return outcome.get(30, TimeUnit.SECONDS);
    }

    private static void assertStored(PutOutcome outcome) {
        assertInstanceOf(PutOutcome.Answered.class, outcome, outcome::toString);
    }

    private static <F extends Fault> F assertFault(Class<F> kind, PutOutcome outcome) {
        PutOutcome.Failed failed = assertInstanceOf(PutOutcome.Failed.class, outcome, outcome::toString);
        assertFalse(failed.toString().contains("secret"), failed.toString());
        return assertInstanceOf(kind, failed.fault(), failed::toString);
    }

    /** The access key of the last call that arrived. */
    private String caller() {
        String authorization =
                kinesis.received.get(kinesis.received.size() - 1).headers().getFirst("Authorization");
        return authorization.replaceAll(".*Credential=([^/]+)/.*", "$1");
    }

    private Credentials.AssumeRole role(String externalId) {
        return new Credentials.AssumeRole(
                ROLE, Optional.of(externalId).filter(id -> !id.isEmpty()), "agent-7", Duration.ofMinutes(15), OWN);
    }

    @Test
    void aRoleIsAssumedWithTheSourcesCredentialsExternalIdAndSessionName() throws Exception {
        try (KinesisEndpoint endpoint = endpoint(role("of-the-owner"))) {
            assertStored(put(endpoint));
            assertStored(put(endpoint));
        }
        assertEquals(1, sts.asked.size());
        FakeSts.Asked asked = sts.asked.get(0);
        assertEquals("AssumeRole", asked.of("Action"));
        assertEquals(ROLE, asked.of("RoleArn"));
        assertEquals("of-the-owner", asked.of("ExternalId"));
        assertEquals("agent-7", asked.of("RoleSessionName"));
        assertEquals("900", asked.of("DurationSeconds"));
        assertTrue(asked.authorization().contains("Credential=OWN/"), asked.authorization());
        assertEquals("KEY1", caller());
        assertEquals("token-1", kinesis.received.get(0).headers().getFirst("X-Amz-Security-Token"));
    }

    @Test
    void theNextSessionIsFetchedBeforeTheLastOneIsOver() throws Exception {
        sts.lifetime = Duration.ofSeconds(62);
        try (CredentialSource source = new CredentialSource(
                role(""),
                new CredentialProviders(settings(), Duration.ofSeconds(61), Duration.ofSeconds(10)),
                new CredentialGenerations(System::nanoTime))) {
            assertEquals("KEY1", source.resolve().credentials().accessKeyId());
            sts.lifetime = Duration.ofHours(1);
            await().until(() -> source.resolve().credentials().accessKeyId().equals("KEY2"));
        }
        assertEquals(2, sts.asked.size(), "and no more often than that");
    }

    @Test
    void whoIsLateForTheEndAsksNobodyAndMendsNothing() throws Exception {
        CredentialSource source = new CredentialSource(
                role(""), new CredentialProviders(settings()), new CredentialGenerations(System::nanoTime));
        source.close();
        CancellationException late = assertThrows(CancellationException.class, source::resolve);
        assertInstanceOf(Fault.Unavailable.class, FaultRules.ofCredentials(late, source.describe()));
        assertEquals(List.of(), sts.asked);
    }

    @Test
    void aTokenInAFileIsExchangedForASession() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "jwt-of-the-pod");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.WebIdentity(ROLE, token, "pod"))) {
            assertStored(put(endpoint));
        }
        assertEquals("AssumeRoleWithWebIdentity", sts.asked.get(0).of("Action"));
        assertEquals("jwt-of-the-pod", sts.asked.get(0).of("WebIdentityToken"));
        assertEquals("pod", sts.asked.get(0).of("RoleSessionName"));
        assertEquals("", sts.asked.get(0).authorization());
        assertEquals("KEY1", caller());
    }

    @Test
    void aRoleOfAProfileIsAssumedWithItsSourceAndReadAgainWhenTheFileChanges() throws Exception {
        Path file = folder.resolve("keys");
        String base = "[base]\naws_access_key_id = BASE\naws_secret_access_key = a secret\n";
        Files.writeString(file, base + "[here]\nrole_arn = " + ROLE + "\nsource_profile = base\nexternal_id = e\n");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Profile("here", Optional.of(file)))) {
            assertStored(put(endpoint));
            assertEquals("KEY1", caller());
            assertTrue(sts.asked.get(0).authorization().contains("Credential=BASE/"));
            assertEquals("e", sts.asked.get(0).of("ExternalId"));
            assertEquals("penstock", sts.asked.get(0).of("RoleSessionName"));
            Files.writeString(
                    file,
                    base + "[here]\nrole_arn = " + ROLE + "\nsource_profile = here\n"
                            + "role_session_name = other\naws_access_key_id = SELF\naws_secret_access_key = a secret\n");
            kinesis.answer = request -> refusal("ExpiredTokenException", "expired");
            assertFault(Fault.Expired.class, put(endpoint));
            kinesis.answer = request -> STORED;
            assertStored(put(endpoint));
            assertEquals("KEY2", caller());
            assertTrue(sts.asked.get(1).authorization().contains("Credential=SELF/"));
            assertEquals("other", sts.asked.get(1).of("RoleSessionName"));
        }
    }

    @Test
    void profilesThatAreEachOthersSourceAreTold() throws Exception {
        Path file = folder.resolve("keys");
        Files.writeString(
                file,
                "[a]\nrole_arn = " + ROLE + "\nsource_profile = b\n[b]\nrole_arn = " + ROLE + "\nsource_profile = a\n");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Profile("a", Optional.of(file)))) {
            String detail = assertFault(Fault.Denied.class, put(endpoint)).detail();
            assertTrue(detail.contains("are each other's source_profile"), detail);
        }
    }

    @Test
    void theDefaultChainExchangesATokenThatTheEnvironmentNames() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "jwt-of-the-pod");
        System.setProperty("aws.webIdentityTokenFile", token.toString());
        System.setProperty("aws.roleArn", ROLE);
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Chain())) {
            assertStored(put(endpoint));
            assertEquals("KEY1", caller());
            assertEquals("jwt-of-the-pod", sts.asked.get(0).of("WebIdentityToken"));
            assertEquals("penstock", sts.asked.get(0).of("RoleSessionName"));
        } finally {
            System.clearProperty("aws.webIdentityTokenFile");
            System.clearProperty("aws.roleArn");
        }
    }

    @Test
    void aMissingTokenFileIsSomebodysToMendAndThenItGoesOn() throws Exception {
        Path token = folder.resolve("token");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.WebIdentity(ROLE, token, "pod"))) {
            String detail = assertFault(Fault.Denied.class, put(endpoint)).detail();
            assertTrue(detail.startsWith("no credentials from role " + ROLE + " by the token in " + token), detail);
            Files.writeString(token, "jwt");
            assertStored(put(endpoint));
        }
    }

    @Test
    void aContainersEndpointIsAskedWithItsToken() throws Exception {
        System.setProperty("aws.containerCredentialsFullUri", sts.uri() + "/container");
        System.setProperty("aws.containerAuthorizationToken", "of-the-pod");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Container())) {
            assertStored(put(endpoint));
        } finally {
            System.clearProperty("aws.containerCredentialsFullUri");
            System.clearProperty("aws.containerAuthorizationToken");
        }
        assertEquals("of-the-pod", sts.asked.get(0).authorization());
        assertEquals("KEY1", caller());
    }

    @Test
    void theMetadataServiceOfAnInstanceIsAskedForItsRolesSession() throws Exception {
        System.setProperty("aws.ec2MetadataServiceEndpoint", sts.uri().toString());
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Instance())) {
            assertStored(put(endpoint));
            assertStored(put(endpoint));
        } finally {
            System.clearProperty("aws.ec2MetadataServiceEndpoint");
        }
        assertEquals("KEY1", caller());
        assertEquals("token-1", kinesis.received.get(0).headers().getFirst("X-Amz-Security-Token"));
        assertEquals(List.of("PUT /latest/api/token", "role", "session with of-the-instance"), sts.metadata);
    }

    @Test
    void aMetadataServiceThatDoesNotAnswerIsToldByName() throws Exception {
        System.setProperty("aws.ec2MetadataServiceEndpoint", sts.uri().toString());
        sts.error = "InternalFailure";
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Instance())) {
            PutOutcome.Failed failed = assertInstanceOf(PutOutcome.Failed.class, put(endpoint));
            assertTrue(failed.toString().contains("no credentials from"), failed::toString);
            sts.error = "";
            assertStored(put(endpoint));
        } finally {
            System.clearProperty("aws.ec2MetadataServiceEndpoint");
        }
    }

    @Test
    void theDefaultChainTakesTheFirstThatHasAnyAndReadsThemAnewOnceTheyAreRefused() throws Exception {
        System.setProperty("aws.accessKeyId", "FIRST");
        System.setProperty("aws.secretAccessKey", "a secret");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Chain())) {
            assertStored(put(endpoint));
            assertEquals("FIRST", caller());
            System.setProperty("aws.accessKeyId", "SECOND");
            kinesis.answer = request -> refusal("UnrecognizedClientException", "The security token is invalid.");
            assertFault(Fault.Expired.class, put(endpoint));
            kinesis.answer = request -> STORED;
            assertStored(put(endpoint));
            assertEquals("SECOND", caller());
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    @Test
    void aProfileOfAFileOfOnesOwnIsReadAgainWhenItChanges() throws Exception {
        Path file = folder.resolve("keys");
        write(file, "FIRST");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Profile("here", Optional.of(file)))) {
            assertStored(put(endpoint));
            assertEquals("FIRST", caller());
            kinesis.answer = request -> request.headers()
                            .getFirst("Authorization")
                            .contains("SECOND")
                    ? STORED
                    : refusal("UnrecognizedClientException", "The security token included in the request is invalid.");
            String detail = assertFault(Fault.Expired.class, put(endpoint)).detail();
            assertTrue(detail.startsWith("UnrecognizedClientException"), detail);
            write(file, "SECOND");
            assertStored(put(endpoint));
        }
    }

    @Test
    void aProfileThatIsNotThereIsToldWithItsFileAndUsedOnceItIs() throws Exception {
        Path file = folder.resolve("keys");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Profile("here", Optional.of(file)))) {
            assertEquals(
                    "no credentials from profile here of " + file + ": there is no profile here in " + file,
                    assertFault(Fault.Denied.class, put(endpoint)).detail());
            write(file, "LATE");
            assertStored(put(endpoint));
            assertEquals("LATE", caller());
        }
    }

    private static void write(Path file, String key) throws IOException {
        Files.writeString(file, "[here]\naws_access_key_id = " + key + "\naws_secret_access_key = a secret\n");
    }

    private static Reply refusal(String code, String message) {
        return new Reply(400, "{\"__type\": \"" + code + "\", \"message\": \"" + message + "\"}", "");
    }

    @Test
    void anExpiredSessionIsReplacedAtOnce() throws Exception {
        kinesis.answer = request -> request.headers().getFirst("Authorization").contains("KEY1")
                ? refusal("ExpiredTokenException", "The security token included in the request is expired")
                : STORED;
        try (KinesisEndpoint endpoint = endpoint(role(""))) {
            assertFault(Fault.Expired.class, put(endpoint));
            assertStored(put(endpoint));
            assertEquals("KEY2", caller());
        }
    }

    /** Eight calls of a stream are in flight when the old key ends; the new key is in the file by then. */
    @Test
    void whenAKeyEndsWithSeveralCallsOutAllOfThemAreToBeTriedAgainWithTheNewOne() throws Exception {
        Path file = folder.resolve("keys");
        write(file, "OLD");
        int calls = 8;
        CountDownLatch out = new CountDownLatch(calls);
        kinesis.answer = request -> {
            if (!request.headers().getFirst("Authorization").contains("OLD")) {
                return STORED;
            }
            out.countDown();
            try {
                out.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
            return refusal("ExpiredTokenException", "expired");
        };
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Profile("here", Optional.of(file)))) {
            List<CompletableFuture<PutOutcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                CompletableFuture<PutOutcome> outcome = new CompletableFuture<>();
                endpoint.put(ONE, outcome::complete);
                outcomes.add(outcome);
            }
            assertTrue(out.await(30, TimeUnit.SECONDS));
            write(file, "NEW");
            for (CompletableFuture<PutOutcome> outcome : outcomes) {
                assertFault(Fault.Expired.class, outcome.get(30, TimeUnit.SECONDS));
            }
            assertStored(put(endpoint));
            assertEquals("NEW", caller());
        }
    }

    @Test
    void aCallAboutAStreamThatIsRefusedHasTheCredentialsReadAnewToo() throws Exception {
        Path file = folder.resolve("keys");
        write(file, "OLD");
        kinesis.answer = request -> request.headers().getFirst("Authorization").contains("OLD")
                ? refusal("ExpiredTokenException", "expired")
                : Reply.ok("{\"Shards\": []}");
        try (KinesisEndpoint endpoint = endpoint(new Credentials.Profile("here", Optional.of(file)))) {
            ShardsOutcome.Unknown first = assertInstanceOf(ShardsOutcome.Unknown.class, ListedShards.of(endpoint));
            assertInstanceOf(Fault.Expired.class, first.fault());
            write(file, "NEW");
            assertInstanceOf(ShardsOutcome.Known.class, ListedShards.of(endpoint));
        }
    }

    @Test
    void expiredCredentialsThatNobodyReplacesAreSomebodysToMend() throws Exception {
        kinesis.answer = request -> refusal("ExpiredTokenException", "expired");
        try (KinesisEndpoint endpoint = endpoint(OWN)) {
            assertFault(Fault.Expired.class, put(endpoint));
            assertEquals(
                    "ExpiredTokenException: expired; access key OWN has no newer ones",
                    assertFault(Fault.Denied.class, put(endpoint)).detail());
            kinesis.answer = request -> STORED;
            assertStored(put(endpoint));
        }
    }

    @Test
    void credentialsThatWereTakenSinceTheyWereRefusedOnceAreANewCaseWhenRefusedMuchLater() throws Exception {
        kinesis.answer = request -> refusal("ExpiredTokenException", "expired");
        try (KinesisEndpoint endpoint = endpoint(OWN)) {
            assertFault(Fault.Expired.class, put(endpoint));
            kinesis.answer = request -> STORED;
            assertStored(put(endpoint));
            kinesis.answer = request -> refusal("ExpiredTokenException", "expired");
            assertFault(Fault.Expired.class, put(endpoint));
        }
    }

    @Test
    void whatStsRefusesIsToldWithItsReasonAndResumesOnceItIsAllowed() throws Exception {
        sts.error = "AccessDenied";
        try (KinesisEndpoint endpoint = endpoint(role("wrong"))) {
            assertEquals(
                    "no credentials from role " + ROLE + " assumed with access key OWN: AccessDenied: not now",
                    assertFault(Fault.Denied.class, put(endpoint)).detail());
            sts.error = "";
            assertStored(put(endpoint));
        }
    }

    @Test
    void anStsThatDoesNotAnswerIsTriedAgainLikeAnyEndpoint() throws Exception {
        sts.error = "InternalFailure";
        try (KinesisEndpoint endpoint = endpoint(role(""))) {
            assertFault(Fault.Unavailable.class, put(endpoint));
            sts.close();
            assertFault(Fault.Unavailable.class, put(endpoint));
        }
    }

    @Test
    void aClockThatIsAnHourSlowIsCorrectedByTheEndpointsTime() throws Exception {
        kinesis.answer = request -> {
            Instant signed = Instant.from(SIGNED.parse(request.headers().getFirst("X-Amz-Date")));
            return Duration.between(signed, Instant.now()).abs().compareTo(Duration.ofMinutes(5)) < 0
                    ? STORED
                    : refusal("InvalidSignatureException", "Signature expired");
        };
        Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
        TargetSettings settings = TargetSettings.url(kinesis.uri(), "eu-west-1").withCredentials(OWN);
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(settings, slow)) {
            Fault.Unavailable once = assertFault(Fault.Unavailable.class, put(endpoint));
            assertFalse(once.perhapsStored());
            assertStored(put(endpoint));
            kinesis.answer = request -> refusal("InvalidSignatureException", "The signature does not match");
            assertFault(Fault.Denied.class, put(endpoint));
        }
    }
}
