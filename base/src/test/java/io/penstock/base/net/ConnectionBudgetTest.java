package io.penstock.base.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {
    @Test
    void aFewConnectionsBeyondTheBoundAreToldAndFurtherOnesAreNot() {
        ConnectionBudget budget = ConnectionBudget.of(2, "raise it");
        List<EmbeddedChannel> open = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            EmbeddedChannel connection = new EmbeddedChannel();
            assertTrue(budget.admit(connection));
            assertEquals(i >= 2, budget.isOver());
            open.add(connection);
        }
        assertFalse(budget.admit(new EmbeddedChannel()));
        assertEquals(18, budget.open());
        open.subList(1, 18).forEach(EmbeddedChannel::close);
        assertEquals(1, budget.open());
        assertTrue(budget.admit(new EmbeddedChannel()));
        assertFalse(budget.isOver());
    }

    @Test
    void theRefusalNamesTheBoundAndTheRemedy() {
        assertEquals(
                "all sources together have 7 connections, as many as this process has descriptors for; raise it",
                ConnectionBudget.of(7, "raise it").refusal());
        assertThrows(IllegalArgumentException.class, () -> ConnectionBudget.of(0, ""));
    }

    @Test
    void withoutABoundNoneIsOver() {
        ConnectionBudget budget = ConnectionBudget.unlimited();
        assertTrue(budget.admit(new EmbeddedChannel()));
        assertFalse(budget.isOver());
    }
}
