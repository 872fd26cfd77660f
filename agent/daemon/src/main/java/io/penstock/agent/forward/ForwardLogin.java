package io.penstock.agent.forward;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Secret;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import io.penstock.forward.server.Credentials;
import io.penstock.forward.server.Network;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code forward:} asks clients to know.
 *
 * @param sharedKey the key of all others; empty: a client without a key of its own is not let in, or there is no
 *     handshake at all
 * @param hostKeys keys of single networks, the first that a client belongs to holding
 * @param users the users that may log in; empty: every client that knows the key
 */
public record ForwardLogin(
        @Key(example = "a long random text")
        @Text(what = "a key", most = 1024)
        @Doc("what every client has to know, proved in the [handshake](forward.md#the-handshake), better as"
                + " `\"${VARIABLE}\"`; without it and `host-keys` there is none")
        Optional<Secret> sharedKey,

        @Key @Doc("keys of single networks, before `shared-key`; the first that a client's address belongs to holds")
        List<HostKey> hostKeys,

        @Key @Doc("who may log in; only beside a key. Without any, every client that knows the key")
        List<ForwardUser> users)
        implements Completed<ForwardLogin> {
    static final ForwardLogin NONE = new ForwardLogin(Optional.empty(), List.of(), List.of());
    private static final List<Network> EVERYWHERE = Stream.of("0.0.0.0/0", "::/0")
            .map(network -> Network.parse(network).orElseThrow())
            .toList();

    public ForwardLogin {
        hostKeys = List.copyOf(hostKeys);
        users = List.copyOf(users);
    }

    /** An element of {@code host-keys}. */
    public record HostKey(
            @Key(required = "write an address or a range such as 10.1.0.0/16", example = "10.1.0.0/16")
            @As(Range.class)
            @Doc("an address, or a range such as `10.1.0.0/16`")
            Network network,

            @Key(required = "write it as ${VARIABLE}, so that it is not in the file", example = "another")
            @Text(what = "a key", most = 1024)
            @Doc("its key")
            Secret sharedKey) {}

    /** Of a network. */
    static final class Range implements Notation<Network> {
        @Override
        public Parsed<Network> parse(String text) {
            return Network.parse(text)
                    .map(Parsed::right)
                    .orElseGet(() -> Parsed.wrong("\"" + text + "\" is no network", "write one such as 10.1.0.0/16"));
        }
    }

    /** All keys in the order in which they hold; empty when there is no handshake. */
    public List<Credentials.HostKey> keys() {
        List<Credentials.HostKey> keys = new ArrayList<>();
        hostKeys.forEach(host -> keys.add(
                new Credentials.HostKey(host.network(), host.sharedKey().value())));
        sharedKey.ifPresent(
                key -> EVERYWHERE.forEach(network -> keys.add(new Credentials.HostKey(network, key.value()))));
        return keys;
    }

    @Override
    public ForwardLogin completed(Written forward) {
        if (!users.isEmpty() && !forward.has("shared-key") && !forward.has("host-keys")) {
            forward.wrong(
                    "users", "there is no shared key", "write shared-key: beside them; the handshake begins with it");
        }
        Set<String> names = new HashSet<>();
        for (ForwardUser user : users) {
            if (!names.add(user.name())) {
                forward.wrong("users", "\"" + user.name() + "\" stands here twice", "take one of them out");
            }
        }
        return this;
    }
}
