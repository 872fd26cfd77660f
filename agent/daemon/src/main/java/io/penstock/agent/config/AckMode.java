package io.penstock.agent.config;

/** When a source acknowledges an event. */
public enum AckMode implements Keyword {
    /** Once it is written and fdatasync'ed. */
    DURABLE("durable"),
    /** As soon as it is in memory: a crash loses what was acknowledged and not yet written. */
    MEMORY("memory"),
    /** Once its stream has it. */
    DELIVERED("delivered");

    private final String keyword;

    AckMode(String keyword) {
        this.keyword = keyword;
    }

    @Override
    public String keyword() {
        return keyword;
    }
}
