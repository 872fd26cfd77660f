package io.penstock.tools.demo.page;

import java.util.Locale;
import java.util.Optional;

/** What a visitor of the page may make happen. */
public enum Action {
    /** The busiest shard is split into two. */
    SPLIT,
    /** A second application joins the stream. */
    JOIN,
    /** One more worker of the first application. */
    ADD_WORKER,
    /** kill -9 of the worker with the most leases. */
    KILL_WORKER,
    /** kill -9 of the agent, and of the engine inside it; it is started again. */
    KILL_AGENT;

    /** As a path names it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The action that a path names. */
    public static Optional<Action> of(String word) {
        for (Action action : values()) {
            if (action.word().equals(word)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}
