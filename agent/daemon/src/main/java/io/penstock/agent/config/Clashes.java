package io.penstock.agent.config;

import io.penstock.agent.http.HttpAddress;
import io.penstock.agent.mqtt.MqttAddress;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.settings.Written;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.List;

/** Two listeners cannot have one address; the one that stands in the file is told of the other. */
@OwnedBy(ThreadRole.HOLDER)
final class Clashes {
    private static final String LISTEN = "listen";

    /** A listener of the configuration, with the section that it stands in. */
    private record Listener(ListenAddress address, Written section, String path) {}

    private final List<Listener> listeners = new ArrayList<>();

    Clashes(Written root, Configuration all) {
        add(root, "mqtt", all.mqtt().listen().stream().map(MqttAddress::address).toList());
        add(root, "forward", all.forward().tcp());
        add(root, "http", all.http().listen().stream().map(HttpAddress::address).toList());
        add(root, "log4j", all.log4j().listen());
        add(root, "kinesis-api", all.kinesisApi().listen());
        if (all.embedded().isPresent()) {
            add(root, "engine", List.of(all.engine().listen()));
        }
        add(root, "admin", List.of(all.admin().listen()));
    }

    private void add(Written root, String section, List<ListenAddress> addresses) {
        addresses.forEach(
                address -> listeners.add(new Listener(address, root.section(section), section + "." + LISTEN)));
    }

    void check() {
        for (int i = 0; i < listeners.size(); i++) {
            for (int j = i + 1; j < listeners.size(); j++) {
                if (listeners.get(i).address().clashesWith(listeners.get(j).address())) {
                    tell(listeners.get(i), listeners.get(j));
                }
            }
        }
    }

    private static void tell(Listener one, Listener other) {
        boolean otherStands = other.section().has(LISTEN);
        Listener told = otherStands ? other : one;
        Listener kept = otherStands ? one : other;
        String where = kept.section().has(LISTEN) ? " in line " + kept.section().line(LISTEN) : " by default";
        told.section()
                .wrong(
                        LISTEN,
                        "\"" + told.address() + "\" is taken by " + kept.path() + where,
                        "give one of them another port");
    }
}
