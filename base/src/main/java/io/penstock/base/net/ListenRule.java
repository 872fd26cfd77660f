package io.penstock.base.net;

import io.penstock.base.settings.Written;

/** The rule that only authenticated listeners leave the machine. */
public final class ListenRule {
    private ListenRule() {}

    /**
     * Holds an address under {@code listen} to it.
     *
     * @param open whether other machines may come in, known to the listener or not
     * @param authenticate what to do so that they are known; empty where that cannot be had
     */
    public static void check(Written section, ListenAddress address, boolean open, String authenticate) {
        if (!open && !address.loopback()) {
            section.wrong(
                    "listen",
                    "\"" + address + "\" lets other machines in without authentication",
                    (authenticate.isEmpty() ? "" : authenticate + ", or ") + "listen on 127.0.0.1, or write "
                            + "allow-anonymous: true beside it if that is meant");
        }
    }
}
