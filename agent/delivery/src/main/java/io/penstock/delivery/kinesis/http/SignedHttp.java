package io.penstock.delivery.kinesis.http;

import io.penstock.delivery.kinesis.pass.PassedAnswer;
import io.penstock.delivery.kinesis.pass.PassedHandler;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Posts a signed body (Signature Version 4) and returns the complete answer. Any thread; the caller's thread signs. */
public final class SignedHttp {
    private static final String SERVICE = "kinesis";

    private final SdkAsyncHttpClient client;
    private final URI address;
    private final String region;
    private final ClockSkew skew;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    public SignedHttp(SdkAsyncHttpClient client, URI address, String region, ClockSkew skew) {
        this.skew = skew;
        this.client = client;
        this.address = address;
        this.region = region;
    }

    public ClockSkew skew() {
        return skew;
    }

    /** @param mostBytes maximum size of the answer's body; a longer one fails */
    public CompletableFuture<HttpAnswer> post(
            AwsCredentialsIdentity credentials, byte[] body, Map<String, String> headers, int mostBytes) {
        ClockSkew.SigningTime time = skew.now();
        AnswerCollector collector = new AnswerCollector(mostBytes, time);
        return collector.answer(execute(client, signed(credentials, body, headers, time), body, collector));
    }

    /**
     * Posts with another client, and returns the answer when its head is there.
     *
     * @param other its connections are not those of {@link #post}
     */
    public CompletableFuture<PassedAnswer> pass(
            SdkAsyncHttpClient other, AwsCredentialsIdentity credentials, byte[] body, Map<String, String> headers) {
        PassedHandler handler = new PassedHandler();
        return handler.answer(execute(other, signed(credentials, body, headers, skew.now()), body, handler));
    }

    private static CompletableFuture<Void> execute(
            SdkAsyncHttpClient client, SignedRequest signed, byte[] body, SdkAsyncHttpResponseHandler handler) {
        return client.execute(AsyncExecuteRequest.builder()
                .request(signed.request())
                .requestContentPublisher(new OneBuffer(body))
                .responseHandler(handler)
                .build());
    }

    private SignedRequest signed(
            AwsCredentialsIdentity credentials, byte[] body, Map<String, String> headers, ClockSkew.SigningTime time) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .uri(address)
                .method(SdkHttpMethod.POST)
                .putHeader("Content-Length", Integer.toString(body.length));
        if (address.getPath().isEmpty()) {
            request.encodedPath("/");
        }
        headers.forEach(request::putHeader);
        return signer.sign(each -> each.identity(credentials)
                .request(request.build())
                .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(HttpSigner.SIGNING_CLOCK, time.clock()));
    }
}
