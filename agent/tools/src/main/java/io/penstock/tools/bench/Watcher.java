package io.penstock.tools.bench;

/** Is told, several times a second and on the caller's thread, how far a run is. */
public interface Watcher {
    /** The load goes on. */
    void load(Counters counters, long nanos);

    /** The stream is read back. */
    void reading(long found, long sent);

    /** Nothing more comes. */
    void over();
}
