package io.penstock.base.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.base.auth.LoginChecks.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Checks of logins")
class LoginChecksTest {
    private final LoginChecks checks = new LoginChecks("test", 3, 2);

    @AfterEach
    void close() {
        checks.close();
    }

    private Outcome outcome(boolean right) {
        return checks.check("10.0.0.1", () -> false, () -> right)
                .toCompletableFuture()
                .join();
    }

    @Test
    void tellRightFromWrong() {
        assertEquals(Outcome.RIGHT, outcome(true));
        assertEquals(Outcome.WRONG, outcome(false));
        assertEquals(
                Outcome.WRONG, checks.wrong("10.0.0.1").toCompletableFuture().join());
    }

    @Test
    void areLeftOutForAClientThatIsGone() {
        AtomicBoolean checked = new AtomicBoolean();
        assertEquals(
                Outcome.GONE,
                checks.check("10.0.0.1", () -> true, () -> checked.getAndSet(true))
                        .toCompletableFuture()
                        .join());
        assertFalse(checked.get());
    }

    @Test
    void thatThrowAreNoLoginAndTheNextOneIsChecked() {
        CompletableFuture<Outcome> thrown = checks.check("10.0.0.1", () -> false, () -> {
                    throw new IllegalStateException("a defect");
                })
                .toCompletableFuture();
        assertEquals(Outcome.FAILED, thrown.join());
        assertEquals(Outcome.RIGHT, outcome(true));
    }

    @Test
    void waitInABoundedNumberOfEachAddressAndOfAll() {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Outcome> first = waiting("10.0.0.1", release);
        CompletableFuture<Outcome> second = waiting("10.0.0.1", release);
        assertEquals(
                Outcome.BUSY, checks.wrong("10.0.0.1").toCompletableFuture().join());
        assertEquals(
                Outcome.BUSY,
                checks.check("10.0.0.1", () -> false, () -> true)
                        .toCompletableFuture()
                        .join());
        assertEquals(
                Outcome.WRONG, checks.wrong("10.0.0.2").toCompletableFuture().join());
        CompletableFuture<Outcome> third = waiting("10.0.0.2", release);
        assertEquals(
                Outcome.BUSY, checks.wrong("10.0.0.3").toCompletableFuture().join());
        release.countDown();
        assertEquals(Outcome.RIGHT, first.join());
        assertEquals(Outcome.RIGHT, second.join());
        assertEquals(Outcome.RIGHT, third.join());
        assertEquals(Outcome.RIGHT, outcome(true));
    }

    private CompletableFuture<Outcome> waiting(String address, CountDownLatch release) {
        return checks.check(address, () -> false, () -> {
                    try {
                        release.await();
                        return true;
                    } catch (InterruptedException closed) {
                        return false;
                    }
                })
                .toCompletableFuture();
    }
}
