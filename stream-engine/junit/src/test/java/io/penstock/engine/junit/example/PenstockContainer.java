package io.penstock.engine.junit.example;

import java.net.URI;
import java.nio.file.Path;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** The class in docs/engine-tests.md for users of Testcontainers. */
class PenstockContainer extends GenericContainer<PenstockContainer> {
    private static final int PORT = 4567;

    /** @param penstock the folder of an installed Penstock, with its bin and lib */
    PenstockContainer(Path penstock) {
        super(DockerImageName.parse("eclipse-temurin:17-jre"));
        withCopyFileToContainer(MountableFile.forHostPath(penstock), "/usr/lib/penstock");
        withCommand("/usr/lib/penstock/bin/penstock", "engine", "--ephemeral");
        withEnv("PENSTOCK_ENGINE_LISTEN", "0.0.0.0:" + PORT);
        withEnv("PENSTOCK_ENGINE_ALLOW_ANONYMOUS", "true");
        withExposedPorts(PORT);
        waitingFor(Wait.forHttp("/health").forPort(PORT));
    }

    /** Streams that it has at the start, each as in orders:4 or orders:4:eu-west-1. */
    PenstockContainer withStreams(String... streams) {
        return withEnv("PENSTOCK_ENGINE_STREAMS", String.join(",", streams));
    }

    @Override
    protected void configure() {
        withEnv("PENSTOCK_ENGINE_HOSTS", getHost());
    }

    URI getEndpoint() {
        return URI.create("http://" + getHost() + ":" + getMappedPort(PORT));
    }

    String getRegion() {
        return "us-east-1";
    }

    String getAccessKey() {
        return "test";
    }

    String getSecretKey() {
        return "test";
    }
}
