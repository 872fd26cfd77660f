package io.penstock.base.settings;

/** A section whose keys depend on each other. */
public interface Completed<T> {
    /**
     * Checks what concerns several keys, and gives the settings with the values that follow from others. Called once
     * after each reading, also when single keys were wrong and have their defaults instead.
     */
    T completed(Written written);
}
