package io.penstock.tools.demo.worker;

import io.penstock.tools.demo.table.Event;
import io.penstock.tools.tail.TailClient;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * A worker without the Kinesis Client Library: it reads the shards that it has leases for, each in a thread, with
 * GetRecords twice a second, and counts what it reads before it reads on. A process of its own, which can be killed.
 */
public final class PlainWorker {
    private static final Logger LOG = LoggerFactory.getLogger(PlainWorker.class);
    private static final long PAUSE_MILLIS = 450;
    private static final long RENEW_MILLIS = 500;

    private final KinesisAsyncClient kinesis;
    private final String stream;
    private final Reports reports;
    private final Map<String, Thread> reading = new ConcurrentHashMap<>();

    private PlainWorker(KinesisAsyncClient kinesis, String stream, Reports reports) {
        this.kinesis = kinesis;
        this.stream = stream;
        this.reports = reports;
    }

    /** @param arguments the table's address, application, worker's name, the engine's address, stream */
    public static void main(String[] arguments) throws InterruptedException {
        Reports reports = new Reports(URI.create(arguments[0]), arguments[1], arguments[2]);
        KinesisAsyncClient kinesis =
                TailClient.create(Optional.of(URI.create(arguments[3])), "us-east-1", System.getenv());
        new PlainWorker(kinesis, arguments[4], reports).run();
    }

    private void run() throws InterruptedException {
        while (true) {
            try {
                List<Lease> leases = reports.renew();
                reading.forEach((shard, thread) -> {
                    if (leases.stream().noneMatch(lease -> lease.shard().equals(shard))) {
                        thread.interrupt();
                    }
                });
                reading.values().removeIf(thread -> !thread.isAlive());
                leases.forEach(lease -> reading.computeIfAbsent(lease.shard(), shard -> reader(lease)));
            } catch (IOException away) {
                LOG.info("The table is away: {}", away.getMessage());
            }
            Thread.sleep(RENEW_MILLIS);
        }
    }

    private Thread reader(Lease lease) {
        Thread thread = new Thread(() -> read(lease), "reader-" + lease.shard());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void read(Lease lease) {
        String after = lease.after();
        String iterator = "";
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    if (iterator.isEmpty()) {
                        iterator = iterator(lease.shard(), after);
                    }
                    String at = iterator;
                    GetRecordsResponse answer = kinesis.getRecords(request -> request.shardIterator(at))
                            .join();
                    boolean atEnd = answer.nextShardIterator() == null;
                    List<Event> events = answer.records().stream()
                            .flatMap(record -> EventReader.read(record.data().asByteArray()).stream())
                            .toList();
                    if (!answer.records().isEmpty()) {
                        after = answer.records()
                                .get(answer.records().size() - 1)
                                .sequenceNumber();
                    }
                    if (!answer.records().isEmpty() || atEnd) {
                        reports.count(lease.shard(), events, after, atEnd);
                    }
                    if (atEnd) {
                        return;
                    }
                    iterator = answer.nextShardIterator();
                } catch (CompletionException | IOException away) {
                    LOG.info("{} is read again from {}: {}", lease.shard(), after, away.getMessage());
                    iterator = "";
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException leaseLost) {
            Thread.currentThread().interrupt();
        }
    }

    private String iterator(String shard, String after) {
        return kinesis.getShardIterator(request -> {
                    request.streamName(stream).shardId(shard);
                    if (after.isEmpty()) {
                        request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
                    } else {
                        request.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                                .startingSequenceNumber(after);
                    }
                })
                .join()
                .shardIterator();
    }
}
