package io.penstock.tools.bench;

import io.penstock.tools.tail.Tail;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Reads a stream until an account is complete, or nothing new comes for some time. Once complete it reads on a little,
 * for copies that follow.
 */
final class Verifier implements Tail.Listener {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration FOR_COPIES = Duration.ofSeconds(1);

    /** How much the stream's clock may be behind this one. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Account account;
    private final Duration patience;
    private volatile String notice = "";

    Verifier(Account account, Duration patience) {
        this.account = account;
        this.patience = patience;
    }

    Verification read(KinesisAsyncClient client, String stream, Instant since, Bench.Watcher watcher)
            throws InterruptedException {
        Tail.Settings settings = Tail.Settings.following(stream, new Tail.Start.At(since.minus(SKEW)));
        try (Tail tail = Tail.start(client, settings, this)) {
            String problem = await(tail, watcher);
            return account.balance(stream, notice, problem);
        } finally {
            watcher.over();
        }
    }

    private String await(Tail tail, Bench.Watcher watcher) throws InterruptedException {
        long progress = -1;
        long progressAt = System.nanoTime();
        while (true) {
            try {
                tail.done().get(TICK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // It goes on.
            } catch (ExecutionException e) {
                return Bench.cause(e);
            }
            long now = System.nanoTime();
            long found = account.found();
            watcher.reading(found, account.sent());
            if (found != progress) {
                progress = found;
                progressAt = now;
            }
            Duration wait = account.complete() ? FOR_COPIES : patience;
            if (now - progressAt > wait.toNanos()) {
                return "";
            }
        }
    }

    @Override
    public boolean record(Tail.Record record) {
        account.record(record.partitionKey(), record.data());
        return true;
    }

    @Override
    public void notice(String text) {
        notice = text;
    }
}
