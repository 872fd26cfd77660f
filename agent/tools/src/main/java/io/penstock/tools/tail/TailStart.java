package io.penstock.tools.tail;

import java.time.Instant;

/** Where a tail begins. */
public sealed interface TailStart {
    /** With the oldest record that the stream still has. */
    record Oldest() implements TailStart {}

    /** With what comes from now on. */
    record Now() implements TailStart {}

    /** With the first record that arrived at {@code time} or later. */
    record At(Instant time) implements TailStart {}
}
