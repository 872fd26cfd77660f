package io.penstock.base.net;

import io.netty.util.NetUtil;
import io.penstock.base.settings.Parsed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address to listen on.
 *
 * @param host an IPv4 or IPv6 literal (the latter without brackets) or a host name, which is not resolved here
 * @param port 0 to 65535; 0 lets the system choose
 */
public record ListenAddress(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:\\[\\]]*)):(\\d{1,9})");
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?"
            + "(?:\\.[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?)*");
    private static final String REMEDY = "write HOST:PORT, such as 127.0.0.1:1883 or [::1]:1883";

    /** Parses {@code 127.0.0.1:1883}, {@code [::1]:1883} or {@code name:1883}. */
    public static Parsed<ListenAddress> parse(String text) {
        String quoted = "\"" + text + "\"";
        if (text.matches("(?:\\*?:)?\\d{1,5}")) {
            String port = text.replaceAll("[:*]", "");
            return Parsed.wrong(
                    quoted + " names no host",
                    "write 127.0.0.1:" + port + ", or 0.0.0.0:" + port + " for every interface");
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Parsed.wrong(
                    quoted + " is no listen address",
                    NetUtil.isValidIpV6Address(text) ? "write [ADDRESS]:PORT for IPv6" : REMEDY);
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port > 65_535) {
            return Parsed.wrong(quoted + " has a port above 65535", "choose one from 0 (any free one) to 65535");
        }
        String bracketed = matcher.group(1);
        String host = bracketed == null ? matcher.group(2) : bracketed;
        boolean valid = bracketed != null
                ? NetUtil.isValidIpV6Address(host)
                : NetUtil.isValidIpV4Address(host) || (NAME.matcher(host).matches() && !host.matches("[0-9.]+"));
        return valid
                ? Parsed.right(new ListenAddress(host, port))
                : Parsed.wrong(quoted + " has no valid host", REMEDY);
    }

    /** True if only this machine can reach it; of host names, only {@code localhost} counts as such. */
    public boolean loopback() {
        return isLocalhost() || literal().map(InetAddress::isLoopbackAddress).orElse(false);
    }

    /** True if the two cannot be bound at the same time. */
    public boolean clashesWith(ListenAddress other) {
        if (port == 0 || port != other.port) {
            return false;
        }
        return wildcard()
                || other.wildcard()
                || (isLocalhost() && other.loopback())
                || (other.isLocalhost() && loopback())
                || host.equalsIgnoreCase(other.host)
                || (literal().isPresent() && literal().equals(other.literal()));
    }

    /** The address for binding. Resolves a host name, which may block. */
    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(host, port);
    }

    private boolean wildcard() {
        return literal().map(InetAddress::isAnyLocalAddress).orElse(false);
    }

    private boolean isLocalhost() {
        return host.equalsIgnoreCase("localhost");
    }

    private Optional<InetAddress> literal() {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
