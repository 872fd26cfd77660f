package io.penstock.agent.target;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;

/**
 * A Kinesis endpoint over the SDK's HTTP client. Records go out in bodies of our own, because the SDK's marshalling
 * costs most of what a batch costs; everything else goes through {@link KinesisAsyncClient}, its retries off.
 *
 * <p>Any thread. Encoding, signing and reading credentials run on two threads of its own, which is where answers
 * arrive as well as on the client's loops. Bounded by the calls that senders have out and by the connections.
 */
public final class KinesisEndpoint implements Endpoint {
    private static final String ORDERED_PUT = "x-penstock-ordered-put";
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ACQUIRE = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 256;
    private static final int PENDING_CALLS = 100_000;
    private static final int THREADS = 2;
    private static final int LOOPS = 2;
    private static final Duration LOOPS_QUIET = Duration.ofMillis(200);
    private static final Duration LOOPS_END = Duration.ofSeconds(2);

    private final TargetSettings settings;
    private final CredentialSource credentials;
    private final EventLoopGroup loops;
    private final SdkAsyncHttpClient client;
    private final KinesisAsyncClient kinesis;
    private final SignedHttp http;
    private final ControlCalls control;
    private final PutFormat format;
    private final ExecutorService threads;

    private KinesisEndpoint(TargetSettings settings) {
        this.settings = settings;
        this.credentials = new CredentialSource(settings.credentials());
        this.threads = threads();
        this.loops = loops();
        this.client = NettyNioAsyncHttpClient.builder()
                .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new))
                .protocol(
                        settings.httpVersion() == TargetSettings.HttpVersion.HTTP_2 ? Protocol.HTTP2 : Protocol.HTTP1_1)
                .maxConcurrency(CONNECTIONS)
                .maxPendingConnectionAcquires(PENDING_CALLS)
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(ACQUIRE)
                .readTimeout(settings.callTimeout())
                .writeTimeout(settings.callTimeout())
                .build();
        this.kinesis = kinesis();
        this.control = new ControlCalls(kinesis);
        this.http = new SignedHttp(client, address(settings), settings.region());
        this.format = settings.api() == TargetSettings.Api.PUT_RECORD ? PutFormat.JSON : PutFormat.CBOR;
    }

    /** Connects when it is first used. */
    public static KinesisEndpoint create(TargetSettings settings) {
        return new KinesisEndpoint(settings);
    }

    /** Where a target's calls go. */
    public static URI address(TargetSettings settings) {
        return settings.address() instanceof TargetSettings.Address.Url url
                ? url.url()
                : URI.create("https://kinesis." + settings.region() + "."
                        + Region.of(settings.region()).metadata().partition().dnsSuffix());
    }

    private KinesisAsyncClient kinesis() {
        KinesisAsyncClientBuilder builder = KinesisAsyncClient.builder()
                .httpClient(client)
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .asyncConfiguration(
                        async -> async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, threads))
                .overrideConfiguration(client ->
                        client.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallTimeout(settings.callTimeout()));
        if (settings.address() instanceof TargetSettings.Address.Url url) {
            builder.endpointOverride(url.url());
        }
        return builder.build();
    }

    /** Loops of our own end at once, those that the client makes take seconds; it knows groups by their class only. */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup loops() {
        return new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("penstock-kinesis", true));
    }

    private static ExecutorService threads() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "penstock-endpoint");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(false);
        return pool;
    }

    @Override
    public void put(PutCall call, Consumer<PutOutcome> answer) {
        try {
            threads.execute(() -> send(call, answer));
        } catch (RejectedExecutionException closed) {
            answer.accept(new PutOutcome.Failed(new Fault.Unavailable("the endpoint is closed", false)));
        }
    }

    private void send(PutCall call, Consumer<PutOutcome> answer) {
        CompletableFuture<HttpAnswer> reply;
        try {
            reply = http.post(credentials.resolveCredentials(), body(call), headers(call));
        } catch (SdkException noCredentials) {
            answer.accept(new PutOutcome.Failed(new Fault.Denied("no credentials: " + noCredentials.getMessage())));
            return;
        } catch (IOException | RuntimeException unsendable) {
            answer.accept(
                    new PutOutcome.Failed(new Fault.Unavailable("a call could not be made: " + unsendable, false)));
            return;
        }
        reply.orTimeout(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((received, failure) ->
                        failure == null ? outcome(received) : new PutOutcome.Failed(FaultRules.ofException(failure)))
                .thenAccept(answer);
    }

    private byte[] body(PutCall call) throws IOException {
        return single() ? format.putRecord(call) : format.putRecords(call);
    }

    private boolean single() {
        return settings.api() == TargetSettings.Api.PUT_RECORD;
    }

    private Map<String, String> headers(PutCall call) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", format.contentType());
        headers.put("X-Amz-Target", "Kinesis_20131202." + (single() ? "PutRecord" : "PutRecords"));
        if (call.askOrdered()) {
            headers.put(ORDERED_PUT, "1");
        }
        return headers;
    }

    private PutOutcome outcome(HttpAnswer answer) {
        if (answer.status() != 200) {
            PutFormat.ErrorAnswer error = format.error(answer.body());
            String code = error.code().isEmpty()
                    ? answer.header("x-amzn-ErrorType").orElse("").replaceAll(":.*", "")
                    : error.code();
            Fault fault = FaultRules.ofAnswer(answer.status(), code, error.message());
            if (fault instanceof Fault.Expired) {
                credentials.renew();
            }
            return new PutOutcome.Failed(fault);
        }
        try {
            return new PutOutcome.Answered(
                    single() ? format.putRecordAnswer(answer.body()) : format.putRecordsAnswer(answer.body()),
                    answer.header(ORDERED_PUT).isPresent());
        } catch (IOException garbled) {
            return new PutOutcome.Failed(new Fault.Unavailable("an answer that cannot be read: " + garbled, true));
        }
    }

    @Override
    public void shards(String stream, Consumer<ShardsOutcome> answer) {
        ask(() -> control.shards(stream, answer), answer);
    }

    @Override
    public void create(String stream, int shards, Consumer<ShardsOutcome> answer) {
        ask(() -> control.create(stream, shards, answer), answer);
    }

    /** The SDK may take its time before it returns, for its first call above all. */
    private void ask(Runnable call, Consumer<ShardsOutcome> answer) {
        try {
            threads.execute(() -> {
                try {
                    call.run();
                } catch (RuntimeException unsendable) {
                    answer.accept(new ShardsOutcome.Unknown(FaultRules.ofException(unsendable)));
                }
            });
        } catch (RejectedExecutionException closed) {
            answer.accept(new ShardsOutcome.Unknown(new Fault.Unavailable("the endpoint is closed", false)));
        }
    }

    @Override
    public void close() {
        kinesis.close();
        client.close();
        threads.shutdownNow();
        loops.shutdownGracefully(LOOPS_QUIET.toMillis(), LOOPS_END.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LOOPS_END.toMillis());
    }
}
