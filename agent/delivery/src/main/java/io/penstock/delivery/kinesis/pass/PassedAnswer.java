package io.penstock.delivery.kinesis.pass;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The answer to a passed call. The body is read from the connection as its subscriber asks for it. It must be subscribed
 * to or {@linkplain #release released}, or the connection stays open until it times out.
 */
public record PassedAnswer(SdkHttpResponse head, Publisher<ByteBuffer> body) {
    public int status() {
        return head.statusCode();
    }

    public Optional<String> header(String name) {
        return head.firstMatchingHeader(name);
    }

    /** The body will not be read. */
    public void release() {
        Unread.release(body);
    }
}
