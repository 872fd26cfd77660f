package io.penstock.tools.tail;

/** Receives what a tail reads, on the tail's one thread: while it is in here, nothing more is read. */
public interface TailListener {
    /**
     * Records of one shard come in their order; those of a child come after all of its parents'. Returns whether more
     * are wanted.
     */
    boolean record(TailRecord record);

    /** Something that the user should know: waiting, a reshard, a call that is tried again. */
    void notice(String text);
}
