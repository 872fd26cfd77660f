package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.tools.tail.TailClient;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** The options that name a Kinesis endpoint, and the client for it. */
final class EndpointOptions {
    private static final String AMAZON = "aws";
    private static final String CBOR = SdkSystemSetting.CBOR_ENABLED.property();
    private static final String REGION_VARIABLE = "AWS_REGION";

    @Option(
            names = "--endpoint-url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:4567",
            description = "The Kinesis endpoint; 'aws' for Amazon's. Default: ${DEFAULT-VALUE}, the stream engine.")
    private String endpoint = "";

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Default: " + REGION_VARIABLE + ", else us-east-1.")
    private @Nullable String region;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    /**
     * A client that the caller closes. It speaks JSON, which every endpoint, proxy and stub understands; CBOR, the
     * SDK's choice, some store wrongly. The SDK knows one switch for the whole process, which here is this command.
     */
    KinesisAsyncClient connect() {
        System.setProperty(CBOR, "false");
        endpoint = given("--endpoint-url").orElse(endpoint);
        region = given("--region").orElse(region);
        Map<String, String> environment = System.getenv();
        return TailClient.create(
                url(), region == null ? environment.getOrDefault(REGION_VARIABLE, "us-east-1") : region, environment);
    }

    /** As it stands behind this command or before it, behind one above. */
    private Optional<String> given(String option) {
        for (CommandSpec at = command; at != null; at = at.parent()) {
            ParseResult parsed = at.commandLine().getParseResult();
            if (parsed != null && parsed.hasMatchedOption(option)) {
                return Optional.of(parsed.matchedOptionValue(option, ""));
            }
        }
        return Optional.empty();
    }

    private Optional<URI> url() {
        if (endpoint.equals(AMAZON)) {
            return Optional.empty();
        }
        if (!endpoint.matches("https?://[^/]+/?")) {
            throw CommandFailure.wrongUsage(
                    "--endpoint-url " + endpoint + " is no URL of an endpoint; write http://HOST:PORT, or aws");
        }
        try {
            return Optional.of(URI.create(endpoint));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("--endpoint-url " + endpoint + ": " + e.getMessage());
        }
    }

    /** The answer of a call; a refusal becomes a failure that says what the service said. */
    <T> T answer(CompletableFuture<T> call) {
        try {
            return call.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof AwsServiceException refused) {
                throw CommandFailure.failed(refusal(refused));
            }
            if (cause instanceof IllegalStateException unfit) {
                throw CommandFailure.failed(endpoint + " answers what is no answer: " + unfit.getMessage());
            }
            throw CommandFailure.failed("no answer from " + endpoint + ": " + root(e)
                    + "; is it running? Another endpoint is named by --endpoint-url");
        }
    }

    /** An answer without an error code of the service came from something between. */
    private String refusal(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        return details == null || details.errorCode() == null
                ? endpoint + " answers HTTP " + refused.statusCode()
                        + ", which is not an answer of Kinesis; look at what stands between"
                : details.errorCode() + ": " + details.errorMessage();
    }

    /** A member of an answer that has to be there. */
    <T> T present(@Nullable T member, String name) {
        if (member == null) {
            throw CommandFailure.failed(
                    "the answer of " + endpoint + " has no " + name + ": is it a Kinesis endpoint?");
        }
        return member;
    }

    private static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
