package io.penstock.base.text;

/**
 * What went wrong with a connection, in words for a log. The words never hold what a client sent: messages of
 * exceptions often do, such as that of Netty for bytes that are no TLS.
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

    /** What kind of failure it is and where it began, without its message. */
    public static String ofFault(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
