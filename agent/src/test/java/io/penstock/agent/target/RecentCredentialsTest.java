package io.penstock.agent.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

class RecentCredentialsTest {
    private final Queue<Runnable> background = new ArrayDeque<>();
    private long now;
    private int resolved;
    private final RecentCredentials recent = new RecentCredentials(background::add, () -> now);

    private AwsCredentials source() {
        resolved++;
        return AwsBasicCredentials.create("id" + resolved, "secret");
    }

    private Optional<String> id() {
        return recent.recent(this::source).map(AwsCredentials::accessKeyId);
    }

    private void after(Duration time) {
        now += time.toNanos();
    }

    @Test
    void nothingIsAtHandBeforeTheFirstAreResolved() {
        assertEquals(Optional.empty(), id());
        assertEquals("id1", recent.resolve(this::source).accessKeyId());
        assertEquals(Optional.of("id1"), id());
        assertEquals(1, resolved);
    }

    @Test
    void afterAFewSecondsTheyAreResolvedAnewInTheBackgroundOnce() {
        AwsCredentials unused = recent.resolve(this::source);
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
        AwsCredentials unused = recent.resolve(this::source);
        after(Duration.ofSeconds(15));
        assertEquals(Optional.empty(), id());
    }

    @Test
    void thoseThatWereRefusedAreForgotten() {
        AwsCredentials unused = recent.resolve(this::source);
        recent.forget();
        assertEquals(Optional.empty(), id());
    }

    @Test
    void aSourceThatFailsLeavesNothingAtHandAndIsAskedAgainByWhoeverMayWait() {
        AwsCredentials unused = recent.resolve(this::source);
        after(Duration.ofSeconds(6));
        assertEquals(
                Optional.of("id1"),
                recent.recent(() -> {
                            throw new IllegalStateException("no network");
                        })
                        .map(AwsCredentials::accessKeyId));
        background.remove().run();
        assertEquals(Optional.empty(), id());
        assertEquals("id2", recent.resolve(this::source).accessKeyId());
    }
}
