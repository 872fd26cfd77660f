package io.penstock.delivery.kinesis;

import io.penstock.delivery.kinesis.fault.ProxyRefusedException;
import io.penstock.delivery.kinesis.settings.Network;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out why a proxy opened no tunnel: the SDK drops the proxy's answer. The proxy is asked once more for each failure,
 * for up to {@value #LIMIT_MILLIS} ms. Stateless.
 */
final class ProxyLookup {
    /** What the SDK says of each other answer of a proxy than 200. */
    private static final String NO_TUNNEL = "Could not connect to proxy";

    private static final int LIMIT_MILLIS = 3_000;
    private static final int MOST_BYTES = 200;
    private static final int DEEPEST = 20;
    private static final int OK = 200;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})( [\\x20-\\x7e]*)?");

    private ProxyLookup() {}

    /**
     * @param failure of a call
     * @param target host and port, as in CONNECT
     * @param threads on which the proxy is asked, which blocks
     * @return fails with {@code failure}, or with what the proxy answers
     */
    static <T> CompletableFuture<T> explain(Throwable failure, Network.Proxy proxy, String target, Executor threads) {
        if (!isWithoutTunnel(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        throw new CompletionException(ask(failure, proxy, target));
                    },
                    threads);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private static boolean isWithoutTunnel(Throwable failure) {
        int depth = 0;
        for (Throwable each = failure; each != null && depth < DEEPEST; each = each.getCause(), depth++) {
            if (String.valueOf(each.getMessage()).contains(NO_TUNNEL)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable ask(Throwable failure, Network.Proxy proxy, String target) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.connect(
                    new InetSocketAddress(proxy.url().getHost(), proxy.url().getPort()), LIMIT_MILLIS);
            socket.getOutputStream().write(request(proxy, target).getBytes(StandardCharsets.UTF_8));
            Matcher line = STATUS_LINE.matcher(firstLine(socket.getInputStream()));
            if (!line.matches() || Integer.parseInt(line.group(1)) == OK) {
                return failure;
            }
            int status = Integer.parseInt(line.group(1));
            return new ProxyRefusedException(
                    status,
                    "HTTP " + status + Optional.ofNullable(line.group(2)).orElse(""));
        } catch (IOException silent) {
            return failure;
        }
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\r' && line.length() < MOST_BYTES; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private static String request(Network.Proxy proxy, String target) {
        String login = proxy.login()
                .map(each -> "Proxy-Authorization: Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (each.user() + ":" + each.password().value()).getBytes(StandardCharsets.UTF_8))
                        + "\r\n")
                .orElse("");
        return "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nConnection: close\r\n" + login + "\r\n";
    }
}
