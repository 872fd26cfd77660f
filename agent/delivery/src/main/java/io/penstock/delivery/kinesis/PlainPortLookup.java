package io.penstock.delivery.kinesis;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.NetworkFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Finds out whether a server that ends connections speaks TLS at all: the SDK drops what a plain port answers to the first
 * message of TLS. The server is asked once more for each lost connection, for up to {@value #LIMIT_MILLIS} ms. Stateless.
 */
final class PlainPortLookup {
    private static final int LIMIT_MILLIS = 3_000;
    /** What the JDK says when the answer is no TLS; which certificate a server has does not matter here. */
    private static final String NOT_TLS = "Unsupported or unrecognized SSL message";

    private PlainPortLookup() {}

    /**
     * @param failure of a call over TLS
     * @param threads on which the server is asked, which blocks
     * @return fails with {@code failure}, or with the fact that the port is a plain one
     */
    static <T> CompletableFuture<T> explain(Throwable failure, String host, int port, Executor threads) {
        if (NetworkFailure.of(failure, host, "").name() != ConditionName.CONNECTION_LOST) {
            return CompletableFuture.failedFuture(failure);
        }
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        throw new CompletionException(ask(failure, host, port));
                    },
                    threads);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private static Throwable ask(Throwable failure, String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), LIMIT_MILLIS);
            socket.setSoTimeout(LIMIT_MILLIS);
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            try (SSLSocket encrypted = (SSLSocket) factory.createSocket(socket, host, port, true)) {
                encrypted.startHandshake();
            }
            return failure;
        } catch (SSLException answered) {
            return String.valueOf(answered.getMessage()).contains(NOT_TLS)
                    ? new SSLException("not an SSL/TLS record")
                    : failure;
        } catch (IOException ended) {
            return failure;
        }
    }
}
