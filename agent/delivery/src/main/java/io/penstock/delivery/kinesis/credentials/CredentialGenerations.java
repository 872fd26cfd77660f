package io.penstock.delivery.kinesis.credentials;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Tracks which credentials of a target are the newest. Credentials belong to the generation in which they were read or
 * fetched. A refusal of the present generation begins the next one, in which they are read or fetched again. Calls that
 * were signed with an older generation give no evidence about the present one.
 *
 * <p>Any thread; never waits.
 */
public final class CredentialGenerations {
    /**
     * The minimum duration of a generation: many streams may be refused at once, and STS must not be asked for each.
     */
    private static final long SOONEST = Duration.ofSeconds(2).toNanos();

    private final LongSupplier nanos;
    private final AtomicReference<State> state;

    /**
     * @param suspect the previous generation was refused, and the endpoint has not accepted this one yet
     * @param refused this one was refused, too early for the next one to begin
     * @param since when it began, in nanoseconds of the clock
     */
    private record State(long generation, boolean suspect, boolean refused, long since) {
        State next(long now) {
            return new State(generation + 1, true, false, now);
        }
    }

    public CredentialGenerations(LongSupplier nanos) {
        this.nanos = nanos;
        this.state = new AtomicReference<>(new State(0, false, false, nanos.getAsLong() - SOONEST));
    }

    private State state() {
        return Objects.requireNonNull(state.get());
    }

    /** The generation with which the next call must be signed. */
    public long present() {
        State now = state();
        if (now.refused) {
            long time = nanos.getAsLong();
            if (time - now.since >= SOONEST) {
                state.compareAndSet(now, now.next(time));
                return state().generation;
            }
        }
        return now.generation;
    }

    /** The endpoint accepted a call that was signed with {@code generation}. */
    public void accepted(long generation) {
        State now = state();
        if (now.suspect && now.generation == generation) {
            state.compareAndSet(now, new State(generation, false, false, now.since));
        }
    }

    /**
     * The endpoint refused a call that was signed with {@code generation}.
     *
     * @return true if another try may succeed: not if these credentials were read after a refusal and are refused too
     */
    public boolean refused(long generation) {
        while (true) {
            State now = state();
            if (generation != now.generation) {
                return true;
            }
            long time = nanos.getAsLong();
            State then =
                    time - now.since >= SOONEST ? now.next(time) : new State(generation, now.suspect, true, now.since);
            if (state.compareAndSet(now, then)) {
                return !now.suspect;
            }
        }
    }
}
