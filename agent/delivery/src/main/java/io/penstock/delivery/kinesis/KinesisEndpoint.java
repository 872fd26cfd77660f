package io.penstock.delivery.kinesis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.NetworkFailure;
import io.penstock.base.fault.Guard;
import io.penstock.delivery.kinesis.credentials.CredentialSource;
import io.penstock.delivery.kinesis.credentials.CredentialSource.Resolved;
import io.penstock.delivery.kinesis.credentials.RecentCredentials;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultException;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.http.HttpAnswer;
import io.penstock.delivery.kinesis.http.UnreadableAuthorities;
import io.penstock.delivery.kinesis.pass.PassedAnswer;
import io.penstock.delivery.kinesis.pass.PassedCall;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutFormat;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.shards.ControlCalls;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kinesis endpoint over the SDK's HTTP client. Request bodies are written and answers are read here: the SDK's
 * marshalling would be the largest cost of a batch, and its reading of answers is not bounded.
 *
 * <p>Any thread. The caller's thread encodes and signs while credentials are at hand. Two threads of the endpoint
 * create the clients, resolve credentials, and read answers about streams. Answers to puts arrive on the client's event
 * loop, where nothing blocks. Bounded by the senders' calls in flight and by the connections.
 */
public final class KinesisEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(KinesisEndpoint.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORDERED_PUT = "x-penstock-ordered-put";
    private static final String CONTROL_FORMAT = "application/x-amz-json-1.1";
    private static final int THREADS = 2;
    private static final int ANSWER_BYTES = 64 << 10;

    /** The size per record of an answer to a put: an id and a number, or an error with its message. */
    private static final int ANSWER_BYTES_PER_RECORD = 1 << 10;

    private final Guard guard = new Guard(LOG);
    private final TargetSettings settings;
    private final PutFormat format;
    private final Clock clock;
    private final ExecutorService threads;
    private final RecentCredentials recent;
    private final ControlCalls control;
    private final AddressCheck addresses = new AddressCheck();
    private volatile @Nullable KinesisClients clients;

    private KinesisEndpoint(TargetSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.format = PutFormat.of(settings.sending().api());
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "penstock-endpoint");
            thread.setDaemon(true);
            return thread;
        });
        this.recent = new RecentCredentials(threads, System::nanoTime);
        this.control = new ControlCalls(this::call, settings.bounds().callTimeout(), System::nanoTime);
    }

    /** Returns at once: the clients are created in the background, and connect at the first call. */
    public static KinesisEndpoint create(TargetSettings settings) {
        return create(settings, Clock.systemUTC());
    }

    /** @param clock this machine's, for signatures */
    static KinesisEndpoint create(TargetSettings settings, Clock clock) {
        KinesisEndpoint endpoint = new KinesisEndpoint(settings, clock);
        endpoint.threads.execute(endpoint::prepare);
        return endpoint;
    }

    private void prepare() {
        try {
            clients();
        } catch (UnreadableAuthorities unusable) {
            LOG.error("A target cannot be used yet, and is tried again with each call: {}", unusable.getMessage());
        }
    }

    private synchronized KinesisClients clients() {
        KinesisClients made = clients;
        if (made == null) {
            made = new KinesisClients(settings, clock);
            clients = made;
        }
        return made;
    }

    /**
     * Encodes and signs on the caller's thread if nothing must be waited for: the records are in that core's caches.
     */
    @Override
    public void put(PutCall call, Consumer<PutOutcome> answer) {
        KinesisClients made = clients;
        Resolved atHand = made == null ? null : recent(made.credentials());
        if (made != null && atHand != null && addresses.isReached()) {
            send(made, atHand, call, answer);
            return;
        }
        try {
            threads.execute(() -> send(call, answer));
        } catch (RejectedExecutionException closed) {
            answer.accept(new PutOutcome.Failed(isClosed()));
        }
    }

    private @Nullable Resolved recent(CredentialSource source) {
        return recent.recent(source::resolve, source.generations().present()).orElse(null);
    }

    private static Fault isClosed() {
        return new Fault.Unavailable("the endpoint is closed", false);
    }

    private void send(PutCall call, Consumer<PutOutcome> answer) {
        KinesisClients made;
        Resolved credentials;
        try {
            made = clients();
            credentials = recent.resolve(made.credentials()::resolve);
        } catch (RuntimeException none) {
            answer.accept(new PutOutcome.Failed(withoutCredentials(none)));
            return;
        }
        Optional<Fault> nameless = withoutAddress(made);
        if (nameless.isPresent()) {
            answer.accept(new PutOutcome.Failed(nameless.get()));
            return;
        }
        send(made, credentials, call, answer);
    }

    private PutOutcome couldNotBeMade(Exception why) {
        return new PutOutcome.Failed(
                new Fault.Unavailable(NetworkFailure.of(why, server(), "").after("a call could not be made: "), false));
    }

    /** Host and port of what is called, for messages. */
    private String server() {
        KinesisClients made = clients;
        return made == null ? settings.address().toString() : made.server();
    }

    /** Why calls are signed by the endpoint's time; empty while both clocks agree. */
    public Optional<Explanation> clockSkew() {
        KinesisClients made = clients;
        return made == null
                ? Optional.empty()
                : made.http().skew().significant().map(FaultRules::clockSkew);
    }

    private void send(KinesisClients made, Resolved credentials, PutCall call, Consumer<PutOutcome> answer) {
        CompletableFuture<HttpAnswer> reply;
        try {
            int mostBytes = ANSWER_BYTES + call.entries().size() * ANSWER_BYTES_PER_RECORD;
            reply = post(made, credentials, format.body(call), headers(call), mostBytes);
        } catch (IOException | RuntimeException unsendable) {
            answer.accept(couldNotBeMade(unsendable));
            return;
        }
        guard.watch(
                "The receiver of an answer",
                reply.thenApply(received -> outcome(call, received, credentials, judge(made)))
                        .exceptionally(failure -> new PutOutcome.Failed(FaultRules.ofException(failure, server())))
                        .thenAccept(answer));
    }

    private CompletableFuture<HttpAnswer> post(
            KinesisClients made, Resolved credentials, byte[] body, Map<String, String> headers, int mostBytes) {
        CompletableFuture<HttpAnswer> answer = made.http()
                .post(credentials.credentials(), body, headers, mostBytes)
                .orTimeout(settings.bounds().callTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return answer.whenComplete((answered, failure) -> addresses.note(failure))
                .exceptionallyCompose(failure -> explain(made, failure));
    }

    /** A proxy asks the name service itself. */
    private Optional<Fault> withoutAddress(KinesisClients made) {
        return settings.network().proxy().isPresent()
                ? Optional.empty()
                : addresses.failure(made.host()).map(why -> FaultRules.ofException(why, server()));
    }

    /** The SDK leaves out what would explain some failures. */
    private CompletableFuture<HttpAnswer> explain(KinesisClients made, Throwable failure) {
        Optional<Network.Proxy> proxy = settings.network().proxy();
        if (proxy.isPresent()) {
            return ProxyLookup.explain(failure, proxy.get(), made.tunnel(), threads);
        }
        CompletableFuture<HttpAnswer> looked = HostLookup.explain(failure, made.host(), threads);
        URI address = made.address();
        return address.getScheme().equals("https")
                ? looked.exceptionallyCompose(
                        still -> PlainPortLookup.explain(still, address.getHost(), made.port(), threads))
                : looked;
    }

    private Map<String, String> headers(PutCall call) {
        Map<String, String> headers = headers(format.contentType(), format.operation());
        if (call.askOrdered()) {
            headers.put(ORDERED_PUT, "1");
        }
        return headers;
    }

    private static Map<String, String> headers(String contentType, String operation) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", contentType);
        headers.put("X-Amz-Target", "Kinesis_20131202." + operation);
        return headers;
    }

    private Fault withoutCredentials(RuntimeException none) {
        if (none instanceof UnreadableAuthorities unreadable) {
            return new Fault.Denied(new Explanation(
                    ConditionName.TLS_UNTRUSTED,
                    String.valueOf(unreadable.getMessage()),
                    "correct the file that tls.ca of the target names"));
        }
        return FaultRules.ofCredentials(none, settings.credentials().describe());
    }

    private AnswerJudge judge(KinesisClients made) {
        return new AnswerJudge(made.http().skew(), made.credentials(), recent);
    }

    private PutOutcome outcome(PutCall call, HttpAnswer answer, Resolved used, AnswerJudge judge) {
        if (!answer.ok()) {
            return new PutOutcome.Failed(judge.faultOf(answer, used, format.operation()));
        }
        try {
            PutOutcome answered = new PutOutcome.Answered(
                    format.results(call, answer.body()),
                    answer.header(ORDERED_PUT).isPresent());
            judge.accepted(used);
            return answered;
        } catch (IOException garbled) {
            return new PutOutcome.Failed(FaultRules.unreadable(answer, garbled));
        }
    }

    @Override
    public void shards(String stream, Consumer<ShardsOutcome> answer) {
        ask(
                "ListShards of " + stream,
                control.longestListing(),
                () -> control.shards(stream),
                answer,
                ShardsOutcome.Unknown::new);
    }

    @Override
    public void summary(String stream, Consumer<StreamSummary> answer) {
        ask(
                "DescribeStreamSummary of " + stream,
                control.longestListing(),
                () -> control.summary(stream),
                answer,
                fault -> StreamSummary.UNKNOWN);
    }

    @Override
    public void create(String stream, AutoCreate how, Consumer<ShardsOutcome> answer) {
        ask(
                "CreateStream of " + stream,
                control.longestCreation(),
                () -> control.create(stream, how),
                answer,
                ShardsOutcome.Unknown::new);
    }

    private <T> void ask(
            String what,
            Duration limit,
            Supplier<CompletableFuture<T>> call,
            Consumer<T> answer,
            Function<Fault, T> failed) {
        OneAnswer<T> once = new OneAnswer<>(what, limit, threads::isShutdown, answer, failed);
        guard.watch(
                what,
                call.get()
                        .exceptionally(failure -> failed.apply(ControlCalls.faultOf(failure, server())))
                        .thenAccept(once));
    }

    /** One call about a stream. It is signed, and its answer is processed, on a thread of the endpoint. */
    private CompletableFuture<HttpAnswer> call(String operation, Map<String, ?> request, int mostBytes) {
        try {
            byte[] body = JSON.writeValueAsBytes(request);
            return CompletableFuture.supplyAsync(this::resolved, threads)
                    .thenCompose(used -> post(clients(), used, body, headers(CONTROL_FORMAT, operation), mostBytes)
                            .thenApplyAsync(answer -> judged(answer, used, operation), threads));
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(new FaultException(isClosed()));
        } catch (JsonProcessingException impossible) {
            return CompletableFuture.failedFuture(impossible);
        }
    }

    /**
     * Passes a client's call on, signed with the target's credentials. Signed on a thread of the endpoint.
     *
     * @return the answer when its head is there; fails with a {@link FaultException}
     */
    public CompletableFuture<PassedAnswer> pass(PassedCall call) {
        try {
            return CompletableFuture.supplyAsync(this::resolved, threads)
                    .thenCompose(used -> clients()
                            .http()
                            .pass(
                                    clients().passing(),
                                    used.credentials(),
                                    call.body(),
                                    headers(call.contentType(), call.operation()))
                            .orTimeout(settings.bounds().callTimeout().toMillis(), TimeUnit.MILLISECONDS))
                    .exceptionally(failure -> {
                        throw new FaultException(ControlCalls.faultOf(failure, server()));
                    });
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(new FaultException(isClosed()));
        }
    }

    private Resolved resolved() {
        try {
            KinesisClients made = clients();
            Optional<Fault> nameless = withoutAddress(made);
            if (nameless.isPresent()) {
                throw new FaultException(nameless.get());
            }
            CredentialSource source = made.credentials();
            Resolved atHand = recent(source);
            return atHand == null ? recent.resolve(source::resolve) : atHand;
        } catch (FaultException known) {
            throw known;
        } catch (RuntimeException none) {
            throw new FaultException(withoutCredentials(none));
        }
    }

    private HttpAnswer judged(HttpAnswer answer, Resolved used, String operation) {
        AnswerJudge judge = judge(clients());
        if (!answer.ok()) {
            throw new FaultException(judge.faultOf(answer, used, operation));
        }
        judge.accepted(used);
        return answer;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        KinesisClients made;
        synchronized (this) {
            made = clients;
        }
        if (made != null) {
            made.close();
        }
    }
}
