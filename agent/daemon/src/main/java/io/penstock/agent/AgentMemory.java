package io.penstock.agent;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.engine.api.CallMemory;
import io.penstock.journal.LogTuning;
import java.util.List;

/**
 * Which part may hold how much: shares of one budget, which is a share of the heap. A part has its reserved share in
 * any case, and up to its largest one while others leave it. The engine's three are in {@link CallMemory}: 15 %
 * reserved.
 *
 * @param budget of all
 * @param journal large blocks, what was written last, indexes: taken for as long as the process runs
 */
record AgentMemory(
        MemoryBudget budget,
        LogTuning journal,
        MemoryBudget.Account mqtt,
        MemoryBudget.Account bridge,
        MemoryBudget.Account forward,
        MemoryBudget.Account http,
        MemoryBudget.Account log4j,
        MemoryBudget.Account kinesisApi,
        MemoryBudget.Account admin,
        MemoryBudget.Account sender) {
    private static final double JOURNAL = 0.20;

    /** @param heapShare such as 0.6 */
    static AgentMemory of(double heapShare) {
        MemoryBudget budget = MemoryBudget.ofHeap(heapShare);
        LogTuning journal = journal(budget);
        return new AgentMemory(
                budget,
                journal,
                budget.account("mqtt", 0.10, 0.40),
                budget.account("bridge", 0.05, 0.30),
                budget.account("forward", 0.08, 0.30),
                budget.account("http", 0.06, 0.20),
                budget.account("log4j", 0.01, 0.04),
                budget.account("kinesis-api", 0.06, 0.20),
                budget.account("admin", 0.01, 0.02),
                budget.account("sender", 0.08, 0.15));
    }

    /** The journal's part of a budget, taken from it. */
    static LogTuning journal(MemoryBudget budget) {
        MemoryBudget.Account journal = budget.account("journal", JOURNAL, JOURNAL);
        journal.take(journal.limit());
        return LogTuning.within(journal.limit());
    }

    /** Publishes what each part holds. */
    void publish(MeterRegistry meters) {
        List<MemoryBudget.Account> accounts = budget.accounts();
        for (MemoryBudget.Account account : accounts) {
            Gauge.builder("penstock.memory.used.bytes", account, MemoryBudget.Account::used)
                    .description("Memory that a part of the agent holds for its clients.")
                    .tag("account", account.name())
                    .register(meters);
            Gauge.builder("penstock.memory.limit.bytes", account, MemoryBudget.Account::limit)
                    .description("Memory that a part of the agent may hold for its clients.")
                    .tag("account", account.name())
                    .register(meters);
            Gauge.builder("penstock.memory.peak.bytes", account, MemoryBudget.Account::peak)
                    .description("The most memory that a part of the agent held since the start.")
                    .tag("account", account.name())
                    .register(meters);
            FunctionCounter.builder("penstock.memory.refusals", account, MemoryBudget.Account::refusals)
                    .description("Times that something was refused or had to wait because the memory was used up.")
                    .tag("account", account.name())
                    .register(meters);
        }
    }
}
