package io.penstock.agent.config;

import java.util.List;

/** Reads where a section listens, and holds it to the rule that only authenticated listeners leave the machine. */
final class Listeners {
    static final String ANONYMOUS = "allow-anonymous";

    private Listeners() {}

    static boolean anonymous(Section section) {
        return section.value(ANONYMOUS, false, Values.flag());
    }

    /** {@link #several(Section, List, boolean, String)} of a listener that cannot know its clients. */
    static List<ListenAddress> several(Section section, List<ListenAddress> fallback, boolean anonymous) {
        return several(section, fallback, anonymous, "");
    }

    /** {@code listen:} as a list; empty while the listener's feature is not in this version. See {@link #check}. */
    static List<ListenAddress> several(
            Section section, List<ListenAddress> fallback, boolean open, String authenticate) {
        boolean missing =
                section.reading.missing.filled(section.ruleOf("listen")).isPresent();
        List<ListenAddress> listen =
                section.list("listen", ListenAddress::parse).orElse(missing ? List.of() : fallback);
        listen.forEach(address -> check(section, address, open, authenticate));
        return listen;
    }

    /** {@code listen:} as the one address of a listener that cannot be switched off. */
    static ListenAddress one(Section section, ListenAddress fallback, boolean anonymous) {
        ListenAddress address = section.value("listen", fallback, ListenAddress::parse);
        check(section, address, anonymous, "");
        return address;
    }

    /**
     * Notes an address and holds it to the rule.
     *
     * @param open whether other machines may come in, known to the listener or not
     * @param authenticate what to do so that they are known; empty where that cannot be had
     */
    static void check(Section section, ListenAddress address, boolean open, String authenticate) {
        section.reading.listens(address, section.placeOf("listen"), section.pathOf("listen"));
        if (!open && !address.loopback()) {
            section.wrong(
                    "listen",
                    "\"" + address + "\" lets other machines in without authentication",
                    (authenticate.isEmpty() ? "" : authenticate + ", or ") + "listen on 127.0.0.1, or write "
                            + ANONYMOUS + ": true beside it if that is meant");
        }
    }

    static List<ListenAddress> local(int port) {
        return List.of(new ListenAddress("127.0.0.1", port));
    }
}
