package io.penstock.engine.junit.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.engine.StreamEngine;
import io.penstock.engine.junit.EngineStream;
import io.penstock.engine.junit.WithEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** What the container is told, and that its getters are what a client needs. No container runs. */
@WithEngine(streams = @EngineStream(name = "orders"))
class PenstockContainerTest {
    /** Stands where Docker has put the container's port. */
    private static final class Mapped extends PenstockContainer {
        private final int port;

        private Mapped(Path penstock, int port) {
            super(penstock);
            this.port = port;
        }

        @Override
        public String getHost() {
            return "localhost";
        }

        @Override
        public Integer getMappedPort(int original) {
            assertEquals(4567, original);
            return port;
        }
    }

    @Test
    void listensOnTheExposedPortForTheHostThatClientsName(@TempDir Path penstock) {
        try (Mapped container = new Mapped(penstock, 1)) {
            container.withStreams("orders:4", "audit:1:eu-west-1").configure();
            assertEquals(List.of(4567), container.getExposedPorts());
            assertEquals(
                    Map.of(
                            "PENSTOCK_ENGINE_LISTEN", "0.0.0.0:4567",
                            "PENSTOCK_ENGINE_ALLOW_ANONYMOUS", "true",
                            "PENSTOCK_ENGINE_STREAMS", "orders:4,audit:1:eu-west-1",
                            "PENSTOCK_ENGINE_HOSTS", "localhost"),
                    container.getEnvMap());
        }
    }

    @Test
    void itsGettersAreWhatAClientNeeds(@TempDir Path penstock, StreamEngine engine) {
        try (Mapped container = new Mapped(penstock, engine.address().getPort());
                KinesisClient kinesis = KinesisClient.builder()
                        .endpointOverride(container.getEndpoint())
                        .region(Region.of(container.getRegion()))
                        .credentialsProvider(StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(container.getAccessKey(), container.getSecretKey())))
                        .build()) {
            assertEquals(List.of("orders"), kinesis.listStreams().streamNames());
        }
    }
}
