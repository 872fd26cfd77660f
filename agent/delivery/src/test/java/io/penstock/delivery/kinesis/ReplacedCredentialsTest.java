package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.credentials.CredentialGenerations;
import io.penstock.delivery.kinesis.credentials.CredentialProviders;
import io.penstock.delivery.kinesis.credentials.CredentialSource;
import io.penstock.delivery.kinesis.credentials.ProfileCredentials;
import io.penstock.delivery.kinesis.credentials.StsProviders;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.fixtures.FakeSts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.utils.StringInputStream;

/** Credentials that are replaced while STS is asked for a session, or does not answer. */
class ReplacedCredentialsTest {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final String ROLE = "arn:aws:iam::123456789012:role/penstock";
    private static final Credentials.AssumeRole ASSUMED = new Credentials.AssumeRole(
            ROLE,
            Optional.empty(),
            "agent-7",
            Duration.ofMinutes(15),
            new Credentials.Fixed("OWN", new Secret("own-secret"), Optional.empty()));

    private FakeSts sts;

    @BeforeEach
    void start() throws IOException {
        sts = new FakeSts();
    }

    @AfterEach
    void stop() {
        sts.close();
    }

    private TargetSettings settings() {
        return TargetSettings.url(URI.create("http://127.0.0.1:1"), "eu-west-1")
                .withNetwork(Network.DIRECT.withSts(sts.uri()));
    }

    private CredentialSource source(Duration call) {
        return new CredentialSource(
                ASSUMED, new CredentialProviders(settings(), AHEAD, call), new CredentialGenerations(System::nanoTime));
    }

    private static ProfileFile profile(String session) {
        String text = "[base]\naws_access_key_id = BASE\naws_secret_access_key = a secret\n[here]\nrole_arn = " + ROLE
                + "\nsource_profile = base\nrole_session_name = " + session + "\n";
        return ProfileFile.builder()
                .content(new StringInputStream(text))
                .type(ProfileFile.Type.CREDENTIALS)
                .build();
    }

    @Test
    void anStsThatHangsIsNothingForSomebodyToMend() {
        CountDownLatch over = new CountDownLatch(1);
        sts.before = () -> {
            try {
                over.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        };
        try (CredentialSource source = source(Duration.ofMillis(200))) {
            RuntimeException none = assertThrows(RuntimeException.class, source::resolve);
            assertInstanceOf(Fault.Unavailable.class, FaultRules.ofCredentials(none, source.describe()));
        } finally {
            over.countDown();
        }
    }

    @Test
    void whoAskedThoseThatWereRefusedMeanwhileGetsTheNewOnes() {
        try (CredentialSource source = source(CALL)) {
            AtomicBoolean first = new AtomicBoolean(true);
            sts.before = () -> {
                boolean refused = first.getAndSet(false);
                sts.error = refused ? "AccessDenied" : "";
                if (refused) {
                    assertTrue(source.generations().refused(source.generations().present()));
                }
            };
            assertEquals("KEY1", source.resolve().credentials().accessKeyId());
        }
        assertEquals(2, sts.asked.size());
    }

    @Test
    void aProfileThatFailsLateLeavesTheOneThatWasMadeMeanwhile() {
        try (StsProviders sessions = new StsProviders(settings(), AHEAD, CALL)) {
            AtomicReference<ProfileFile> file = new AtomicReference<>(profile("before"));
            ProfileCredentials credentials = new ProfileCredentials(
                    new Credentials.Profile("here", Optional.empty()), sessions, () -> file::get);
            AtomicBoolean first = new AtomicBoolean(true);
            sts.before = () -> {
                if (first.getAndSet(false)) {
                    file.set(profile("after"));
                    assertEquals("KEY1", credentials.resolveCredentials().accessKeyId());
                    sts.error = "AccessDenied";
                }
            };
            assertThrows(StsException.class, credentials::resolveCredentials);
            sts.error = "";
            assertEquals("KEY1", credentials.resolveCredentials().accessKeyId(), "the session is kept");
            credentials.close();
            assertThrows(CancellationException.class, credentials::resolveCredentials);
        }
        assertEquals(
                List.of("before", "after"),
                sts.asked.stream().map(asked -> asked.of("RoleSessionName")).toList());
    }
}
