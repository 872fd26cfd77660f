package io.penstock.agent.config;

/** What happens to a new event while its spool is full. */
public enum WhenFull implements Keyword {
    /** Its source is held back. */
    BLOCK("block"),
    /** The oldest events make room, counted. */
    DROP_OLDEST("drop-oldest"),
    /** It is taken and dropped, counted. */
    DROP_NEWEST("drop-newest");

    private final String keyword;

    WhenFull(String keyword) {
        this.keyword = keyword;
    }

    @Override
    public String keyword() {
        return keyword;
    }
}
