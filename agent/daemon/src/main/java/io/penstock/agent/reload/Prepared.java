package io.penstock.agent.reload;

import java.util.List;

/**
 * A part's change to another configuration, with everything done that can fail: files are read, addresses are bound.
 * One of the two is called, once, by the thread that prepared it.
 */
public interface Prepared {
    /** The part is as it should be. */
    Prepared NOTHING = of(() -> {});

    /** From now on the other configuration holds. Does not fail. */
    void commit();

    /** The former one stays. */
    default void abandon() {}

    /** What needs no preparation. */
    static Prepared of(Runnable commit) {
        return commit::run;
    }

    /** Several in their order; the last one is abandoned first. */
    static Prepared all(List<Prepared> each) {
        return new Prepared() {
            @Override
            public void commit() {
                each.forEach(Prepared::commit);
            }

            @Override
            public void abandon() {
                for (int i = each.size() - 1; i >= 0; i--) {
                    each.get(i).abandon();
                }
            }
        };
    }
}
