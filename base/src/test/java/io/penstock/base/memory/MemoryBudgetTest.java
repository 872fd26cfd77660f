package io.penstock.base.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget budget = MemoryBudget.of(100);
    private final MemoryBudget.Account first = budget.account(0.6);
    private final MemoryBudget.Account second = budget.account(0.6);

    @Test
    void anAccountHasItsOwnLimit() {
        assertTrue(first.tryTake(60));
        assertFalse(first.tryTake(1));
        assertTrue(first.isSpent());
        assertEquals(60, budget.used());
    }

    @Test
    void allAccountsTogetherStayWithinTheWhole() {
        assertTrue(first.tryTake(60));
        assertFalse(second.tryTake(41));
        assertTrue(second.tryTake(40));
        assertEquals(0, second.free());
    }

    @Test
    void whatWasRefusedTakesNothing() {
        assertFalse(first.tryTake(61));
        assertEquals(0, first.used());
        assertEquals(0, budget.used());
    }

    @Test
    void aWaiterOfOneAccountIsToldWhenAnotherReleases() {
        AtomicInteger told = new AtomicInteger();
        first.take(100);
        second.whenFree(told::incrementAndGet);
        assertEquals(0, told.get());
        first.release(1);
        assertEquals(1, told.get());
        first.release(1);
        assertEquals(1, told.get());
    }

    @Test
    void aWaiterIsToldAtOnceWhenThereIsRoom() {
        AtomicInteger told = new AtomicInteger();
        first.whenFree(told::incrementAndGet);
        assertEquals(1, told.get());
    }

    @Test
    void aWaiterThatThrowsHarmsNoOther() {
        AtomicInteger told = new AtomicInteger();
        first.take(100);
        first.whenFree(() -> {
            throw new IllegalStateException("a bug");
        });
        second.whenFree(told::incrementAndGet);
        first.release(100);
        assertEquals(1, told.get());
    }

    @Test
    void whatIsReservedIsThereHoweverMuchOthersTake() {
        MemoryBudget shared = MemoryBudget.of(100);
        MemoryBudget.Account greedy = shared.account("greedy", 0.1, 0.9);
        MemoryBudget.Account modest = shared.account("modest", 0.3, 0.5);
        assertTrue(greedy.tryTake(70));
        assertFalse(greedy.tryTake(1));
        assertEquals(30, modest.free());
        assertTrue(modest.tryTake(30));
        assertFalse(modest.tryTake(1));
        greedy.release(20);
        assertTrue(modest.tryTake(20));
        assertFalse(modest.tryTake(1));
        assertEquals(100, shared.used());
        modest.release(50);
        greedy.release(50);
        assertEquals(70, greedy.free());
        assertEquals(50, modest.free());
        assertEquals(0, shared.used());
    }

    @Test
    void bytesTakenInAnyCaseLeaveWhatIsReservedToItsOwner() {
        MemoryBudget shared = MemoryBudget.of(100);
        MemoryBudget.Account forced = shared.account("forced", 0.1, 0.9);
        MemoryBudget.Account modest = shared.account("modest", 0.3, 0.5);
        forced.take(150);
        assertTrue(modest.tryTake(30));
        assertFalse(modest.tryTake(1));
        forced.release(150);
        assertEquals(20, modest.free());
    }

    @Test
    void aWaiterForManyBytesIsToldOnceSoManyAreFree() {
        AtomicInteger told = new AtomicInteger();
        first.take(60);
        first.whenFree(30, told::incrementAndGet);
        first.release(20);
        assertEquals(0, told.get());
        first.release(10);
        assertEquals(1, told.get());
    }

    @Test
    void oneUserGoesOnAlthoughTheAccountIsSpent() {
        assertTrue(first.mayGoOn("early"));
        first.take(60);
        assertTrue(first.mayGoOn("favoured"));
        assertFalse(first.mayGoOn("another"));
        assertTrue(first.mayGoOn("favoured"));
    }

    @Test
    void theNextUserIsFavouredOnceTheFirstHasSettled() {
        AtomicInteger told = new AtomicInteger();
        first.take(60);
        assertTrue(first.mayGoOn("favoured"));
        first.whenFree(told::incrementAndGet);
        first.settled("another");
        assertEquals(0, told.get());
        first.settled("favoured");
        assertEquals(1, told.get());
        assertTrue(first.mayGoOn("another"));
    }

    @Test
    void eachAccountHasAFavouredUserOfItsOwn() {
        first.take(60);
        second.take(60);
        assertTrue(first.mayGoOn("a user"));
        assertTrue(second.mayGoOn("another user"));
    }

    @Test
    void aViewOfAnAccountLeavesTheRestToOthers() {
        MemoryBudget.Account bulk = first.upTo(0.5);
        assertTrue(bulk.tryTake(30));
        assertFalse(bulk.tryTake(1));
        assertTrue(first.tryTake(30));
        assertEquals(60, bulk.used());
    }

    @Test
    void anAccountKnowsItsNameAndItsPeak() {
        MemoryBudget.Account named = budget.account("http", 0.1);
        assertTrue(named.tryTake(10));
        assertFalse(named.tryTake(5));
        named.release(10);
        assertEquals("http", named.name());
        assertEquals(10, named.peak());
        assertEquals(List.of(first, second, named), budget.accounts());
    }

    @Test
    void whatOneUserNeedsToGetOnIsTakenBeyondTheLimit() {
        first.take(50);
        assertTrue(first.tryTake(40, "favoured"));
        assertFalse(first.tryTake(40, "another"));
        assertEquals(90, first.used());
        first.release(40);
        first.settled("favoured");
        assertTrue(first.tryTake(40, "another"));
    }

    @Test
    void refusalsAreCounted() {
        assertFalse(first.tryTake(61));
        first.take(60);
        assertTrue(first.mayGoOn("favoured"));
        assertFalse(first.mayGoOn("another"));
        assertEquals(2, first.refusals());
    }

    @Test
    void aUserThatMayNotGoOnIsToldWhenItMay() {
        AtomicInteger told = new AtomicInteger();
        first.take(60);
        assertTrue(first.mayGoOn("favoured", told::incrementAndGet));
        assertFalse(first.mayGoOn("another", told::incrementAndGet));
        assertEquals(0, told.get());
        first.settled("favoured");
        assertEquals(1, told.get());
        assertTrue(first.mayGoOn("another", told::incrementAndGet));
    }
}
