package io.penstock.delivery.spool;

/**
 * What a source wants to know again after a restart: the marks that it stored with its records ({@link
 * SpooledRecord#mark}). Each spool keeps its newest ones, also of records that are delivered and gone.
 */
public interface Marks {
    /** A spool keeps no marks, and tells of none. */
    Marks NONE = new Marks() {
        @Override
        public int most() {
            return 0;
        }

        @Override
        public void recovered(Spool spool, byte[] mark, long offset) {}
    };

    /** How many marks of a spool are kept at least, if there are so many; 0: none. Twice as many may be told of. */
    int most();

    /**
     * Tells of a mark when a spool is opened, before it takes anything in; the oldest mark comes first. Called on the
     * spools' threads.
     *
     * @param offset of the record that has the mark
     */
    void recovered(Spool spool, byte[] mark, long offset);
}
