package io.penstock.base.text;

/**
 * Describes the failure of a connection for a log. The text never holds bytes from a client; an exception's message
 * often does, such as Netty's for bytes that are not TLS.
 */
public final class FailureText {
    private static final String NOT_TLS = "io.netty.handler.ssl.NotSslRecordException";

    private FailureText() {}

    /** Why a TLS connection failed. */
    public static String ofTls(Throwable failure) {
        Throwable root = failure;
        for (Throwable next = root.getCause(); next != null; next = next.getCause()) {
            root = next;
        }
        return root.getClass().getName().equals(NOT_TLS)
                ? "what came is not TLS: the client speaks plain text"
                : OneLine.of(String.valueOf(root.getMessage()));
    }

    /** The kind of failure and the place in the code where it began, without the exception's message. */
    public static String ofFault(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
