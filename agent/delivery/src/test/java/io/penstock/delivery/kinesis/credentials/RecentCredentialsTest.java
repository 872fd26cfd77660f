package io.penstock.delivery.kinesis.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.credentials.CredentialSource.Resolved;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

class RecentCredentialsTest {
    private final Queue<Runnable> background = new ArrayDeque<>();
    private long now;
    private int resolved;
    private long generation;
    private final RecentCredentials recent = new RecentCredentials(background::add, () -> now);

    private Resolved source() {
        resolved++;
        return new Resolved(AwsBasicCredentials.create("id" + resolved, "secret"), generation);
    }

    private Optional<String> id() {
        return id(recent.recent(this::source, generation));
    }

    private static Optional<String> id(Optional<Resolved> resolved) {
        return resolved.map(known -> known.credentials().accessKeyId());
    }

    private void after(Duration time) {
        now += time.toNanos();
    }

    @Test
    void nothingIsAtHandBeforeTheFirstAreResolved() {
        assertEquals(Optional.empty(), id());
        assertEquals("id1", recent.resolve(this::source).credentials().accessKeyId());
        assertEquals(Optional.of("id1"), id());
        assertEquals(1, resolved);
    }

    @Test
    void afterAFewSecondsTheyAreResolvedAnewInTheBackgroundOnce() {
        Resolved unused = recent.resolve(this::source);
        after(Duration.ofSeconds(6));
        assertEquals(Optional.of("id1"), id());
        assertEquals(Optional.of("id1"), id());
        assertEquals(1, background.size());
        background.remove().run();
        assertEquals(Optional.of("id2"), id());
        assertTrue(background.isEmpty());
    }

    @Test
    void oldOnesAreNotHandedOut() {
        Resolved unused = recent.resolve(this::source);
        after(Duration.ofSeconds(15));
        assertEquals(Optional.empty(), id());
    }

    @Test
    void thoseThatWereRefusedAreForgotten() {
        Resolved unused = recent.resolve(this::source);
        recent.forget();
        assertEquals(Optional.empty(), id());
    }

    @Test
    void thoseOfAnOlderGenerationAreNotHandedOut() {
        Resolved unused = recent.resolve(this::source);
        generation++;
        assertEquals(Optional.empty(), id());
        Resolved newer = recent.resolve(this::source);
        assertEquals(Optional.of("id2"), id());
    }

    @Test
    void aSourceThatFailsLeavesNothingAtHandAndIsAskedAgainByWhoeverMayWait() {
        Resolved unused = recent.resolve(this::source);
        after(Duration.ofSeconds(6));
        assertEquals(
                Optional.of("id1"),
                id(recent.recent(
                        () -> {
                            throw new IllegalStateException("no network");
                        },
                        generation)));
        background.remove().run();
        assertEquals(Optional.empty(), id());
        assertEquals("id2", recent.resolve(this::source).credentials().accessKeyId());
    }
}
