package io.penstock.agent.config;

/** When the stream engine answers a put. */
public enum EngineDurability implements Keyword {
    /** Once the records are written and fdatasync'ed. */
    FSYNC("fsync"),
    /** Once the operating system has them: a power cut loses what was answered. */
    OS("os");

    private final String keyword;

    EngineDurability(String keyword) {
        this.keyword = keyword;
    }

    @Override
    public String keyword() {
        return keyword;
    }
}
