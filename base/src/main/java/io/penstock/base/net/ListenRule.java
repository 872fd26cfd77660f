package io.penstock.base.net;

import io.penstock.base.settings.Written;

/** The rule that a listener which other machines can reach must authenticate its clients. */
public final class ListenRule {
    private ListenRule() {}

    /**
     * Checks an address under {@code listen}.
     *
     * @param open true if clients from other machines are admitted on purpose
     * @param authenticate how to configure authentication; empty if this listener has none
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
