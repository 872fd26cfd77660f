package io.penstock.engine.api;

import io.penstock.base.memory.MemoryBudget;

/**
 * Limits the memory of the engine's calls.
 *
 * @param requests bodies, from their first byte until their answer, and their parsed form
 * @param answers large answers, until the socket has taken them
 * @param subscriptions events of SubscribeToShard, until the socket has taken them
 */
public record CallMemory(
        MemoryBudget.Account requests, MemoryBudget.Account answers, MemoryBudget.Account subscriptions) {
    private static final double REQUESTS = 0.14;
    private static final double ANSWERS = 0.10;
    private static final double SUBSCRIPTIONS = 0.06;

    /**
     * For an engine that shares its process with the agent: at most 14 %, 10 % and 6 % of the budget, half reserved.
     */
    public static CallMemory of(MemoryBudget budget) {
        return of(budget, 1);
    }

    /** For an engine that is alone in its process: at most 35 %, 25 % and 15 % of the budget, half reserved. */
    public static CallMemory whole(MemoryBudget budget) {
        return of(budget, 2.5);
    }

    private static CallMemory of(MemoryBudget budget, double times) {
        return new CallMemory(
                account(budget, "engine-requests", times * REQUESTS),
                account(budget, "engine-answers", times * ANSWERS),
                account(budget, "engine-subscriptions", times * SUBSCRIPTIONS));
    }

    private static MemoryBudget.Account account(MemoryBudget budget, String name, double share) {
        return budget.account(name, share / 2, share);
    }
}
