package io.penstock.base.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The check of an object's owner")
class OwnerCheckTest {
    private final OwnerCheck check = new OwnerCheck();

    @Test
    void theFirstThreadIsTheOwnerAndMayCallAgain() {
        assertTrue(check.isHere());
        assertTrue(check.isHere());
    }

    @Test
    void aForeignThreadFailsAndIsNamedTogetherWithTheOwner() {
        check.isHere();

        Throwable failure = assertThrows(ExecutionException.class, () -> onThread("the stranger", check::isHere))
                .getCause();

        assertEquals(
                "This object belongs to the thread " + Thread.currentThread().getName()
                        + ", but the thread the stranger uses it",
                failure.getMessage());
        assertTrue(check.isHere(), "the owner is still the owner");
    }

    @Test
    void whatIsHandedOnBelongsToTheNextThread() throws Exception {
        check.handOn();

        assertTrue(onThread("the next owner", check::isHere));
        assertThrows(AssertionError.class, check::isHere);
    }

    @Test
    void aThreadMayTakeOverFromOneThatHasEnded() throws Exception {
        assertTrue(onThread("the former owner", check::isHere));

        assertTrue(check.takeOver());
        assertTrue(check.isHere());
    }

    @Test
    void onlyTheOwnerHandsOn() {
        check.isHere();

        assertThrows(ExecutionException.class, () -> onThread("the stranger", check::handOn));
        assertTrue(check.isHere());
    }

    @Test
    void whatBelongsToALoopMayBeUsedOnTheLoopOnly() throws Exception {
        EventExecutor loop = new DefaultEventExecutor();
        try {
            assertTrue(loop.submit(() -> OwnerCheck.isOn(loop)).get());
            assertThrows(AssertionError.class, () -> OwnerCheck.isOn(loop));
        } finally {
            loop.shutdownGracefully();
        }
    }

    @Test
    void testsRunWithAssertions() {
        assertThrows(AssertionError.class, () -> {
            assert check.handOn() && !check.isHere();
        });
    }

    private static boolean onThread(String name, Callable<Boolean> work)
            throws ExecutionException, InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(work);
        new Thread(task, name).start();
        return task.get();
    }
}
