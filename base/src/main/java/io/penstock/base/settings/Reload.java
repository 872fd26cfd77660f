package io.penstock.base.settings;

/** When a change of a key takes effect. */
public enum Reload {
    /** At the next start. */
    RESTART,
    /** When the running agent reloads its configuration. */
    HOT
}
