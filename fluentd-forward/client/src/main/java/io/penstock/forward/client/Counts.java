package io.penstock.forward.client;

/** The counters behind {@link ClientStatus}. Guarded by the buffer's lock. */
final class Counts {
    long accepted;
    long acknowledged;
    long full;
    long tooLarge;
    long resent;
    long restored;
    long damaged;
    long spillErrors;
}
