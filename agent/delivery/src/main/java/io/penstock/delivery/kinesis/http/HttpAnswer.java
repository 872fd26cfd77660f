package io.penstock.delivery.kinesis.http;

import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpResponse;

/** A complete HTTP answer. */
public final class HttpAnswer {
    private static final int OK = 200;
    private static final int MOST_CHARS = 80;

    private final SdkHttpResponse head;
    private final byte[] body;
    private final ClockSkew.SigningTime signed;

    HttpAnswer(SdkHttpResponse head, byte[] body, ClockSkew.SigningTime signed) {
        this.head = head;
        this.body = body;
        this.signed = signed;
    }

    public int status() {
        return head.statusCode();
    }

    public boolean ok() {
        return status() == OK;
    }

    public Optional<String> header(String name) {
        return head.firstMatchingHeader(name);
    }

    /** When the answered call was signed. */
    public ClockSkew.SigningTime signed() {
        return signed;
    }

    public byte[] body() {
        return body;
    }

    /** True if the answer is a page for people. */
    public boolean isHtml() {
        return header("Content-Type").orElse("").toLowerCase(Locale.ROOT).contains("html");
    }

    /** The status, and the server and content type from the headers, for messages. */
    public String describe() {
        StringBuilder words = new StringBuilder("HTTP ").append(status());
        header("Server").ifPresent(server -> words.append(" from ").append(printable(server)));
        return words.append(" (")
                .append(header("Content-Type").map(HttpAnswer::printable).orElse("no Content-Type"))
                .append(", ")
                .append(body.length)
                .append(body.length == 1 ? " byte)" : " bytes)")
                .toString();
    }

    private static String printable(String header) {
        String clean = header.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= MOST_CHARS ? clean : clean.substring(0, MOST_CHARS) + "...";
    }
}
