package io.penstock.agent;

import io.penstock.agent.config.Configuration;
import io.penstock.delivery.kinesis.settings.TargetAddress;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a started agent is, for the operator.
 *
 * @param version of the program
 * @param listeners in the order in which a newcomer needs them
 * @param target where the default target is, in words, and then the further ones
 * @param region of the default target
 * @param data the data folder
 * @param machine what was chosen for the machine: heap, collector, memory for events, processors
 * @param backlog events from an earlier run that are not delivered yet
 * @param startMillis from the start of the process to now
 */
public record StartReport(
        String version,
        List<Listener> listeners,
        String target,
        String region,
        Path data,
        String machine,
        long backlog,
        long startMillis) {
    public StartReport {
        listeners = List.copyOf(listeners);
    }

    /** Where the default target is, in words, and then the further ones. */
    static String targets(Configuration configuration) {
        StringBuilder words = new StringBuilder(describe(configuration.kinesis()));
        configuration
                .targets()
                .forEach((name, target) ->
                        words.append("; ").append(name).append(": ").append(describe(target)));
        return words.toString();
    }

    private static String describe(TargetSettings target) {
        return target.address() instanceof TargetAddress.Embedded
                ? "the embedded stream engine; streams are made on demand"
                : target.address() + ", region " + target.region();
    }

    /** The listener of this name, if it is on. */
    public Optional<Listener> listener(String name) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst();
    }

    /**
     * One protocol's listener.
     *
     * @param name mqtt, http, kinesis, admin
     * @param scheme of an address as a URL; empty where only host and port are customary
     * @param addresses as bound; at least one unless there are sockets
     * @param sockets paths of Unix domain sockets
     * @param note a few words on what is there; may be empty
     * @param open true if every program on this machine may use the first address, without certificate or password
     */
    public record Listener(
            String name,
            Function<InetSocketAddress, String> scheme,
            List<InetSocketAddress> addresses,
            List<Path> sockets,
            String note,
            boolean open) {
        public Listener {
            addresses = List.copyOf(addresses);
            sockets = List.copyOf(sockets);
        }

        Listener(String name, String scheme, List<InetSocketAddress> addresses, String note) {
            this(name, scheme, addresses, note, true);
        }

        Listener(String name, String scheme, List<InetSocketAddress> addresses, String note, boolean open) {
            this(name, each -> scheme, addresses, List.of(), note, open);
        }

        Listener withSockets(List<Path> paths) {
            return new Listener(name, scheme, addresses, paths, note, open);
        }

        public InetSocketAddress first() {
            return addresses.get(0);
        }

        /** HOST:PORT of each, with the scheme before it; then the Unix domain sockets. */
        public List<String> urls() {
            Stream<String> ports = addresses.stream().map(address -> {
                // A socket for all addresses of both families is bound to ::, however it was asked for.
                String host = address.getAddress().isAnyLocalAddress()
                        ? "0.0.0.0"
                        : address.getAddress().getHostAddress();
                return scheme.apply(address) + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
            });
            return Stream.concat(ports, sockets.stream().map(path -> "unix:" + path))
                    .toList();
        }
    }
}
