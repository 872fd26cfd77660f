package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.forward.server.Credentials.HostKey;
import io.penstock.forward.server.Network;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code forward:} asks clients to know: {@code shared-key}, {@code host-keys} and {@code users}.
 *
 * @param sharedKey the key of all others; empty: who has no key of his own is not let in, or there is no handshake at
 *     all
 * @param hostKeys keys of single networks, the first that a client belongs to holding
 * @param users who may log in; empty: whoever knows the key
 */
public record ForwardLogin(Optional<String> sharedKey, List<HostKey> hostKeys, List<ForwardUser> users) {
    static final ForwardLogin NONE = new ForwardLogin(Optional.empty(), List.of(), List.of());
    private static final int LONGEST = 1024;
    private static final List<Network> EVERYWHERE = Stream.of("0.0.0.0/0", "::/0")
            .map(network -> Network.parse(network).orElseThrow())
            .toList();

    public ForwardLogin {
        hostKeys = List.copyOf(hostKeys);
        users = List.copyOf(users);
    }

    /** All keys in the order in which they hold; empty when there is no handshake. */
    public List<HostKey> keys() {
        List<HostKey> keys = new ArrayList<>(hostKeys);
        sharedKey.ifPresent(key -> EVERYWHERE.forEach(network -> keys.add(new HostKey(network, key))));
        return keys;
    }

    static ForwardLogin read(Section forward) {
        ForwardLogin login = new ForwardLogin(
                forward.optional("shared-key", ForwardLogin::key),
                forward.sections("host-keys", ForwardLogin::hostKey),
                forward.sections("users", ForwardUser::read));
        if (!login.users.isEmpty() && !forward.has("shared-key") && !forward.has("host-keys")) {
            forward.wrong(
                    "users", "there is no shared key", "write shared-key: beside them; the handshake begins with it");
        }
        Set<String> names = new HashSet<>();
        for (ForwardUser user : login.users) {
            if (!names.add(user.name())) {
                forward.wrong("users", "\"" + user.name() + "\" stands here twice", "take one of them out");
            }
        }
        return login;
    }

    private static Optional<HostKey> hostKey(Section section) {
        Optional<Network> network =
                section.required("network", "write an address or a range such as 10.1.0.0/16", ForwardLogin::network);
        Optional<String> key = section.required(
                "shared-key", "write it as ${VARIABLE}, so that it is not in the file", ForwardLogin::key);
        return network.flatMap(where -> key.map(secret -> new HostKey(where, secret)));
    }

    private static Parsed<Network> network(String text) {
        return Network.parse(text)
                .map(Parsed::right)
                .orElseGet(() -> Parsed.wrong("\"" + text + "\" is no network", "write one such as 10.1.0.0/16"));
    }

    private static Parsed<String> key(String text) {
        return text.isEmpty() || text.length() > LONGEST
                ? Parsed.wrong("a key of " + text.length() + " characters", "write 1 to " + LONGEST)
                : Parsed.right(text);
    }

    @Override
    public String toString() {
        return hostKeys.size() + " host keys, users " + users;
    }
}
