package io.penstock.agent;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.engine.api.CallMemory;
import io.penstock.log.LogTuning;
import java.util.List;

/**
 * Which part may hold how much: shares of one budget, which is a share of the heap. Together they are all of it. The
 * engine's three are in {@link CallMemory}: 30 %.
 *
 * @param budget of all
 * @param journal large blocks, what was written last, indexes: taken for as long as the process runs
 */
record AgentMemory(
        MemoryBudget budget,
        LogTuning journal,
        MemoryBudget.Account mqtt,
        MemoryBudget.Account forward,
        MemoryBudget.Account http,
        MemoryBudget.Account log4j,
        MemoryBudget.Account admin,
        MemoryBudget.Account sender) {
    private static final double JOURNAL = 0.20;
    private static final double MQTT = 0.10;
    private static final double FORWARD = 0.14;
    private static final double HTTP = 0.10;
    private static final double LOG4J = 0.02;
    private static final double ADMIN = 0.02;
    private static final double SENDER = 0.12;

    /** @param heapShare such as 0.6 */
    static AgentMemory of(double heapShare) {
        MemoryBudget budget = MemoryBudget.ofHeap(heapShare);
        LogTuning journal = journal(budget);
        return new AgentMemory(
                budget,
                journal,
                budget.account("mqtt", MQTT),
                budget.account("forward", FORWARD),
                budget.account("http", HTTP),
                budget.account("log4j", LOG4J),
                budget.account("admin", ADMIN),
                budget.account("sender", SENDER));
    }

    /** The journal's part of a budget, taken from it. */
    static LogTuning journal(MemoryBudget budget) {
        MemoryBudget.Account journal = budget.account("journal", JOURNAL);
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
