package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.penstock.delivery.kinesis.StubKinesis.Reply;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The destinations of the calls about streams. */
class ControlCallsTest {
    @Test
    void aUrlHoldsWhateverTheEnvironmentSaysOfFipsAndEndpoints() throws Exception {
        System.setProperty("aws.useFipsEndpoint", "true");
        System.setProperty("aws.useDualstackEndpoint", "true");
        System.setProperty("aws.endpointUrlKinesis", "http://127.0.0.1:1");
        try (StubKinesis kinesis = new StubKinesis();
                KinesisEndpoint endpoint = KinesisEndpoint.create(TargetSettings.url(kinesis.uri(), "us-east-1"))) {
            kinesis.answer = request -> Reply.ok("{\"Shards\": []}");
            ShardsOutcome outcome = ListedShards.of(endpoint);
            assertInstanceOf(ShardsOutcome.Known.class, outcome, outcome::toString);
        } finally {
            System.clearProperty("aws.useFipsEndpoint");
            System.clearProperty("aws.useDualstackEndpoint");
            System.clearProperty("aws.endpointUrlKinesis");
        }
    }

    /** The proxy of this test admits no client, so nothing leaves the machine. */
    @Test
    void amazonIsAmazonWhateverTheEnvironmentSaysOfEndpoints() throws Exception {
        System.setProperty("aws.endpointUrlKinesis", "http://127.0.0.1:1");
        try (ConnectProxy closed = new ConnectProxy("nobody")) {
            Network network = new Network(
                    false,
                    false,
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Network.Proxy(closed.uri(), Optional.empty(), List.of())));
            try (KinesisEndpoint endpoint = KinesisEndpoint.create(TargetSettings.aws("eu-west-1")
                    .withCredentials(new Credentials.None())
                    .withNetwork(network))) {
                assertInstanceOf(ShardsOutcome.Unknown.class, ListedShards.of(endpoint));
            }
            assertEquals(
                    "kinesis.eu-west-1.amazonaws.com:443", closed.heads.get(0).split(" ", 3)[1]);
        } finally {
            System.clearProperty("aws.endpointUrlKinesis");
        }
    }
}
