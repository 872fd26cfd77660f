package io.penstock.agent.config;

/** Whether the records of one partition key keep their order. */
public enum Ordering implements Keyword {
    /** They do, also under throttling, retries and a reshard. */
    PER_KEY("per-key"),
    /** They may change places when part of a call fails; for the highest throughput. */
    NONE("none");

    private final String keyword;

    Ordering(String keyword) {
        this.keyword = keyword;
    }

    @Override
    public String keyword() {
        return keyword;
    }
}
