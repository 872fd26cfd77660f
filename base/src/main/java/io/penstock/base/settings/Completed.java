package io.penstock.base.settings;

/** A section whose keys depend on each other. */
public interface Completed<T> {
    /**
     * Checks the rules for several keys, and returns the settings with the values that follow from others. Called once
     * after each reading, even if single keys were wrong and have their defaults.
     */
    T completed(Written written);
}
