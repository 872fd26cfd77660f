package io.penstock.agent.target;

import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpResponse;

/** A whole HTTP answer. */
final class HttpAnswer {
    private final SdkHttpResponse head;
    private final byte[] body;

    HttpAnswer(SdkHttpResponse head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    int status() {
        return head.statusCode();
    }

    Optional<String> header(String name) {
        return head.firstMatchingHeader(name);
    }

    byte[] body() {
        return body;
    }
}
