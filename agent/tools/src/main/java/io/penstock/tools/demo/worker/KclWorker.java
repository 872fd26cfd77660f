package io.penstock.tools.demo.worker;

import io.penstock.tools.demo.table.Event;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * A worker of the Kinesis Client Library 3, as Amazon ships it: checkpoints and leases are in DynamoDB. It counts what it
 * was given before it sets a checkpoint. A process of its own, which can be killed.
 */
public final class KclWorker {
    private static final StaticCredentialsProvider ANY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
    private static final long IDLE_MILLIS = 450;
    private static final long SAY_MILLIS = 500;
    private static final long PAUSE_MILLIS = 200;

    private final Set<String> holds = new ConcurrentSkipListSet<>();
    private final Reports reports;

    private KclWorker(Reports reports) {
        this.reports = reports;
    }

    /** @param arguments the table's address, application, worker's name, the engine's address, stream, DynamoDB's */
    public static void main(String[] arguments) {
        KclWorker worker = new KclWorker(new Reports(URI.create(arguments[0]), arguments[1], arguments[2]));
        Thread saying = new Thread(worker::sayWhatItHolds, "holds");
        saying.setDaemon(true);
        saying.start();
        worker.scheduler(arguments[1], arguments[2], URI.create(arguments[3]), arguments[4], URI.create(arguments[5]))
                .run();
    }

    private Scheduler scheduler(String application, String name, URI engine, String stream, URI dynamo) {
        KinesisAsyncClient kinesis = KinesisClientUtil.createKinesisAsyncClient(KinesisAsyncClient.builder()
                .endpointOverride(engine)
                .region(Region.US_EAST_1)
                .credentialsProvider(ANY));
        ConfigsBuilder configs = new ConfigsBuilder(
                new SingleStreamTracker(
                        stream,
                        InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
                application,
                kinesis,
                DynamoDbAsyncClient.builder()
                        .endpointOverride(dynamo)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(ANY)
                        .build(),
                CloudWatchAsyncClient.builder()
                        .region(Region.US_EAST_1)
                        .credentialsProvider(ANY)
                        .build(),
                name,
                Counting::new);
        LeaseManagementConfig leases = configs.leaseManagementConfig()
                .failoverTimeMillis(3000)
                // The leases of a dead worker are given to others by a leader; the leader itself may be the dead one.
                .dynamoDbLockBasedLeaderLeaseDurationInMillis(5000)
                .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(1000)
                .leaseAssignmentIntervalMillis(1000L)
                .shardSyncIntervalMillis(2000)
                .leasesRecoveryAuditorExecutionFrequencyMillis(2000);
        leases.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
        return new Scheduler(
                configs.checkpointConfig(),
                configs.coordinatorConfig().parentShardPollIntervalMillis(500),
                leases,
                configs.lifecycleConfig(),
                configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
                configs.processorConfig(),
                configs.retrievalConfig()
                        .retrievalSpecificConfig(
                                new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(IDLE_MILLIS)));
    }

    private void sayWhatItHolds() {
        try {
            while (true) {
                try {
                    reports.hold(holds);
                } catch (IOException away) {
                    // It is said again soon.
                    Thread.sleep(PAUSE_MILLIS);
                }
                Thread.sleep(SAY_MILLIS);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts the records of one shard. */
    private final class Counting implements ShardRecordProcessor {
        private String shard = "";

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
            holds.add(shard);
        }

        @Override
        public void processRecords(ProcessRecordsInput input) {
            if (input.records().isEmpty()) {
                return;
            }
            List<Event> events = new ArrayList<>();
            for (KinesisClientRecord record : input.records()) {
                byte[] data = new byte[record.data().remaining()];
                record.data().get(data);
                EventReader.read(data).ifPresent(events::add);
            }
            count(events);
            checkpoint(input.checkpointer());
        }

        /** Until they are counted; what is not counted gets no checkpoint. */
        private void count(List<Event> events) {
            try {
                while (true) {
                    try {
                        reports.count(shard, events, "", false);
                        return;
                    } catch (IOException away) {
                        Thread.sleep(PAUSE_MILLIS);
                    }
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(ended);
            }
        }

        private void checkpoint(RecordProcessorCheckpointer checkpointer) {
            try {
                checkpointer.checkpoint();
            } catch (ShutdownException | InvalidStateException leaseLost) {
                // Another worker has the lease, and reads these records again.
                holds.remove(shard);
            }
        }

        @Override
        public void leaseLost(LeaseLostInput input) {
            holds.remove(shard);
        }

        @Override
        public void shardEnded(ShardEndedInput input) {
            checkpoint(input.checkpointer());
            holds.remove(shard);
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {
            checkpoint(input.checkpointer());
        }
    }
}
