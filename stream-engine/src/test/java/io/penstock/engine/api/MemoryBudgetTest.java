package io.penstock.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(1000);

    @Test
    void whatIsTakenIsMissingUntilItIsGivenBack() {
        assertTrue(budget.tryTake(600));
        assertFalse(budget.tryTake(401));
        assertTrue(budget.tryTake(400));
        budget.giveBack(600);
        assertTrue(budget.tryTake(600));
    }

    @Test
    void aReadGetsAQuarterOfWhatIsFreeButAlwaysALittle() {
        MemoryBudget large = new MemoryBudget(40 << 20);
        assertEquals(10 << 20, large.share(20 << 20));
        large.take(36 << 20);
        assertEquals(1 << 20, large.share(20 << 20));
        large.take(36 << 20);
        assertEquals(1 << 16, large.share(20 << 20));
    }
}
