package io.penstock.delivery.kinesis.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CredentialGenerationsTest {
    private long now = 1_000;
    private final CredentialGenerations generations = new CredentialGenerations(() -> now);

    private void after(Duration time) {
        now += time.toNanos();
    }

    @Test
    void theFirstRefusalBeginsTheNextGenerationAndOlderOnesSayNothingAboutIt() {
        long old = generations.present();
        assertTrue(generations.refused(old));
        long next = generations.present();
        assertTrue(generations.refused(old));
        assertTrue(generations.refused(old));
        assertEquals(next, generations.present());
    }

    @Test
    void credentialsReadAfterARefusalAndRefusedTooAreForSomeoneToMend() {
        assertTrue(generations.refused(generations.present()));
        after(Duration.ofSeconds(30));
        assertFalse(generations.refused(generations.present()));
        after(Duration.ofSeconds(30));
        assertFalse(generations.refused(generations.present()));
    }

    @Test
    void credentialsThatWereTakenSinceAreANewCase() {
        assertTrue(generations.refused(generations.present()));
        generations.accepted(generations.present());
        after(Duration.ofHours(1));
        assertTrue(generations.refused(generations.present()));
    }

    @Test
    void aLateAcceptanceOfOlderOnesChangesNothing() {
        long old = generations.present();
        assertTrue(generations.refused(old));
        generations.accepted(old);
        assertFalse(generations.refused(generations.present()));
    }

    @Test
    void manyRefusalsWithinAMomentFetchOnce() {
        assertTrue(generations.refused(generations.present()));
        long next = generations.present();
        for (int i = 0; i < 100; i++) {
            assertFalse(generations.refused(generations.present()));
        }
        assertEquals(next, generations.present());
        after(Duration.ofSeconds(2));
        assertEquals(next + 1, generations.present(), "what was refused is not used again");
    }
}
