package io.penstock.forward.client;

/** What a client counts. Guarded by the buffer's lock. */
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
