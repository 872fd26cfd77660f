package io.penstock.delivery.kinesis.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.penstock.delivery.kinesis.KinesisEndpoint;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.Tag;

/** Streams that a target creates at the stream engine, inspected with the AWS SDK. */
class AutoCreateTest {
    private StreamEngine engine;
    private KinesisAsyncClient client;
    private URI uri;

    @BeforeEach
    void start() throws Exception {
        engine = StreamEngine.start(EngineSettings.ephemeral());
        uri = URI.create("http://127.0.0.1:" + engine.address().getPort());
        client = KinesisAsyncClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(uri)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        engine.close();
    }

    private ShardsOutcome create(AutoCreate how) throws Exception {
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(TargetSettings.url(uri, "us-east-1"))) {
            CompletableFuture<ShardsOutcome> outcome = new CompletableFuture<>();
            endpoint.create("made", how, outcome::complete);
            return outcome.get(30, TimeUnit.SECONDS);
        }
    }

    private StreamSummary said(String stream) throws Exception {
        try (KinesisEndpoint endpoint = KinesisEndpoint.create(TargetSettings.url(uri, "us-east-1"))) {
            CompletableFuture<StreamSummary> said = new CompletableFuture<>();
            endpoint.summary(stream, said::complete);
            return said.get(30, TimeUnit.SECONDS);
        }
    }

    private StreamDescriptionSummary summary() {
        return client.describeStreamSummary(request -> request.streamName("made"))
                .join()
                .streamDescriptionSummary();
    }

    @Test
    void aProvisionedStreamHasItsShardsRetentionAndTags() throws Exception {
        ShardsOutcome.Known known = assertInstanceOf(
                ShardsOutcome.Known.class,
                create(new AutoCreate(true, false, 3, Duration.ofHours(36), Map.of("team", "plant", "stage", "1"))));
        assertEquals(3, known.map().shards().size());
        assertEquals(new StreamSummary(1 << 20, StreamSummary.Mode.PROVISIONED), said("made"));
        assertEquals(StreamSummary.UNKNOWN, said("of-nobody"));
        assertEquals(StreamMode.PROVISIONED, summary().streamModeDetails().streamMode());
        assertEquals(36, summary().retentionPeriodHours());
        assertEquals(
                Map.of("team", "plant", "stage", "1"),
                client.listTagsForStream(request -> request.streamName("made")).join().tags().stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value)));
    }

    @Test
    void anOnDemandStreamHasTheShardsThatTheServiceGivesIt() throws Exception {
        assertInstanceOf(
                ShardsOutcome.Known.class,
                create(new AutoCreate(true, true, 3, AutoCreate.DEFAULT_RETENTION, Map.of())));
        assertEquals(StreamMode.ON_DEMAND, summary().streamModeDetails().streamMode());
        assertEquals(StreamSummary.Mode.ON_DEMAND, said("made").mode());
        assertEquals(24, summary().retentionPeriodHours());
    }

    @Test
    void oneThatIsThereAlreadyIsTakenAsItIs() throws Exception {
        create(new AutoCreate(true, 2));
        ShardsOutcome.Known known = assertInstanceOf(
                ShardsOutcome.Known.class, create(new AutoCreate(true, false, 5, Duration.ofHours(48), Map.of())));
        assertEquals(2, known.map().shards().size());
        assertEquals(24, summary().retentionPeriodHours());
    }
}
