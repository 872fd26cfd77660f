package io.penstock.agent.target;

import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpResponse;

/** A whole HTTP answer. */
record HttpAnswer(SdkHttpResponse head, byte[] body) {
    int status() {
        return head.statusCode();
    }

    Optional<String> header(String name) {
        return head.firstMatchingHeader(name);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
