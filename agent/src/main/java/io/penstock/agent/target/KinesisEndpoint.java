package io.penstock.agent.target;

import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * A Kinesis endpoint over the SDK's HTTP client. Records go out in bodies of our own, because the SDK's marshalling
 * costs most of what a batch costs; everything else goes through the SDK's Kinesis client, its retries off.
 *
 * <p>Any thread. Encoding and signing run on the caller's thread, as long as credentials are at hand; making the clients
 * and resolving credentials on two threads of its own, which is where answers arrive as well as on the client's loops.
 * Bounded by the calls that senders have out and by the connections.
 */
public final class KinesisEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(KinesisEndpoint.class);
    private static final String ORDERED_PUT = "x-penstock-ordered-put";
    private static final int THREADS = 2;

    private final TargetSettings settings;
    private final PutFormat format;
    private final Clock clock;
    private final ExecutorService threads;
    private final RecentCredentials recent;
    private volatile @Nullable KinesisClients clients;

    private KinesisEndpoint(TargetSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.format = PutFormat.of(settings.api());
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "penstock-endpoint");
            thread.setDaemon(true);
            return thread;
        });
        this.recent = new RecentCredentials(threads, System::nanoTime);
    }

    /** Returns at once: the clients are made in the background, and connect when they are first used. */
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
            made = new KinesisClients(settings, threads, clock);
            clients = made;
        }
        return made;
    }

    /** On the caller's thread where nothing is to be waited for: another's caches do not have the records. */
    @Override
    public void put(PutCall call, Consumer<PutOutcome> answer) {
        KinesisClients made = clients;
        AwsCredentials atHand =
                made == null ? null : recent.recent(made.credentials()).orElse(null);
        if (made != null && atHand != null) {
            send(made, atHand, call, answer);
            return;
        }
        try {
            threads.execute(() -> send(call, answer));
        } catch (RejectedExecutionException closed) {
            answer.accept(new PutOutcome.Failed(new Fault.Unavailable("the endpoint is closed", false)));
        }
    }

    private void send(PutCall call, Consumer<PutOutcome> answer) {
        KinesisClients made;
        AwsCredentials credentials;
        try {
            made = clients();
            credentials = recent.resolve(made.credentials());
        } catch (RuntimeException none) {
            answer.accept(new PutOutcome.Failed(withoutCredentials(none)));
            return;
        }
        send(made, credentials, call, answer);
    }

    private static PutOutcome couldNotBeMade(Exception why) {
        return new PutOutcome.Failed(new Fault.Unavailable("a call could not be made: " + why, false));
    }

    private void send(KinesisClients made, AwsCredentials credentials, PutCall call, Consumer<PutOutcome> answer) {
        CompletableFuture<HttpAnswer> reply;
        try {
            reply = made.http().post(credentials, format.body(call), headers(call));
        } catch (IOException | RuntimeException unsendable) {
            answer.accept(couldNotBeMade(unsendable));
            return;
        }
        CompletableFuture<Void> unused = reply.orTimeout(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((received, failure) -> failure == null
                        ? outcome(call, received, credentials)
                        : new PutOutcome.Failed(FaultRules.ofException(failure)))
                .thenAccept(answer);
    }

    private Map<String, String> headers(PutCall call) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", format.contentType());
        headers.put("X-Amz-Target", "Kinesis_20131202." + format.operation());
        if (call.askOrdered()) {
            headers.put(ORDERED_PUT, "1");
        }
        return headers;
    }

    private AwsCredentials credentials() {
        return clients().credentials().resolveCredentials();
    }

    private Fault withoutCredentials(RuntimeException none) {
        if (none instanceof UnreadableAuthorities unreadable) {
            return new Fault.Denied(String.valueOf(unreadable.getMessage()));
        }
        return FaultRules.ofCredentials(none, settings.credentials().describe());
    }

    private PutOutcome outcome(PutCall call, HttpAnswer answer, AwsCredentials used) {
        if (answer.status() != 200) {
            PutFormat.ErrorAnswer error = format.error(answer.body());
            String code = error.code().isEmpty()
                    ? answer.header("x-amzn-ErrorType").orElse("").replaceAll(":.*", "")
                    : error.code();
            if (clients().http().skew().correct(code, answer.header("Date"))) {
                return new PutOutcome.Failed(FaultRules.wrongClock());
            }
            return new PutOutcome.Failed(judged(FaultRules.ofAnswer(answer.status(), code, error.message()), used));
        }
        clients().credentials().accepted();
        try {
            return new PutOutcome.Answered(
                    format.results(call, answer.body()),
                    answer.header(ORDERED_PUT).isPresent());
        } catch (IOException garbled) {
            return new PutOutcome.Failed(new Fault.Unavailable("an answer that cannot be read: " + garbled, true));
        }
    }

    /** Credentials that were refused are had anew; only when those are the same is somebody to act. */
    private Fault judged(Fault fault, AwsCredentials used) {
        CredentialSource source = clients().credentials();
        if (fault instanceof Fault.Expired || fault instanceof Fault.Denied) {
            recent.forget();
        }
        if (fault instanceof Fault.Expired expired && !source.refused(used)) {
            return new Fault.Denied(expired.detail() + "; " + source.describe() + " has no newer ones");
        }
        if (fault instanceof Fault.Denied) {
            source.refused(used);
        }
        return fault;
    }

    @Override
    public void shards(String stream, Consumer<ShardsOutcome> answer) {
        ask(() -> clients().control().shards(stream, answer), fault -> answer.accept(new ShardsOutcome.Unknown(fault)));
    }

    @Override
    public void summary(String stream, Consumer<StreamSummary> answer) {
        ask(() -> clients().control().summary(stream, answer), fault -> answer.accept(StreamSummary.UNKNOWN));
    }

    @Override
    public void create(String stream, AutoCreate how, Consumer<ShardsOutcome> answer) {
        ask(
                () -> clients().control().create(stream, how, answer),
                fault -> answer.accept(new ShardsOutcome.Unknown(fault)));
    }

    /** The SDK may take its time before it returns, for its first call above all. */
    private void ask(Runnable call, Consumer<Fault> unsent) {
        try {
            threads.execute(() -> {
                try {
                    AwsCredentials unused = credentials();
                } catch (RuntimeException none) {
                    unsent.accept(withoutCredentials(none));
                    return;
                }
                try {
                    call.run();
                } catch (RuntimeException unsendable) {
                    unsent.accept(FaultRules.ofException(unsendable));
                }
            });
        } catch (RejectedExecutionException closed) {
            unsent.accept(new Fault.Unavailable("the endpoint is closed", false));
        }
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
