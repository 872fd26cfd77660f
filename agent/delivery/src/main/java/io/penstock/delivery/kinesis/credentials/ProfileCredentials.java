package io.penstock.delivery.kinesis.credentials;

import io.penstock.delivery.kinesis.settings.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.IoUtils;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A profile of the AWS configuration files, reloaded when they change. Roles in the profile are resolved here, because
 * the SDK would call STS with its own client, without the target's proxy and authorities. The SDK does everything else.
 * Any thread.
 */
public final class ProfileCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
    private static final Duration SESSION = Duration.ofHours(1);

    private final Credentials.Profile profile;
    private final StsProviders sts;
    private final Supplier<Supplier<ProfileFile>> reading;
    private @Nullable Supplier<ProfileFile> files;
    private @Nullable ProfileFile read;
    private @Nullable AwsCredentialsProvider provider;
    private boolean closed;

    public ProfileCredentials(Credentials.Profile profile, StsProviders sts) {
        this(profile, sts, () -> reading(profile));
    }

    /** @param reading creates a supplier of the files' present, or very recent, content */
    public ProfileCredentials(Credentials.Profile profile, StsProviders sts, Supplier<Supplier<ProfileFile>> reading) {
        this.profile = profile;
        this.sts = sts;
        this.reading = reading;
    }

    private static Supplier<ProfileFile> reading(Credentials.Profile profile) {
        return profile.file()
                .<Supplier<ProfileFile>>map(
                        file -> ProfileFileSupplier.reloadWhenModified(file, ProfileFile.Type.CREDENTIALS))
                .orElseGet(ProfileFileSupplier::defaultSupplier);
    }

    @Override
    public AwsCredentials resolveCredentials() {
        AwsCredentialsProvider asked = provider();
        try {
            return asked.resolveCredentials();
        } catch (RuntimeException none) {
            forget(asked);
            throw none;
        }
    }

    private synchronized AwsCredentialsProvider provider() {
        if (closed) {
            throw new CancellationException("other credentials are in their place");
        }
        try {
            return ofFiles();
        } catch (RuntimeException unfit) {
            forget(provider);
            throw unfit;
        }
    }

    /**
     * Drops a failed provider, so that the next call reads the files again without waiting for the SDK's reload
     * interval. A newer provider of another thread stays.
     */
    private synchronized void forget(@Nullable AwsCredentialsProvider failed) {
        if (provider == failed) {
            IoUtils.closeIfCloseable(provider, null);
            provider = null;
            files = null;
        }
    }

    private AwsCredentialsProvider ofFiles() {
        Supplier<ProfileFile> source = files == null ? reading.get() : files;
        files = source;
        ProfileFile now = source.get();
        AwsCredentialsProvider made = provider;
        if (made == null || !now.equals(read)) {
            IoUtils.closeIfCloseable(made, null);
            provider = null;
            made = of(now, profile.name(), new HashSet<>());
            provider = made;
            read = now;
        }
        return made;
    }

    private AwsCredentialsProvider of(ProfileFile file, String name, Set<String> above) {
        Profile found = file.profile(name)
                .orElseThrow(() -> new IllegalStateException("there is no profile " + name + " in "
                        + profile.file().map(Path::toString).orElse("the AWS configuration files")));
        return found.property(ProfileProperty.ROLE_ARN)
                .flatMap(role -> ofRole(file, found, role, above))
                .orElseGet(() -> ProfileCredentialsProvider.builder()
                        .profileFile(file)
                        .profileName(name)
                        .build());
    }

    /** Empty if the profile does not name the source of the role's credentials; the SDK then reports what is wrong. */
    private Optional<AwsCredentialsProvider> ofRole(ProfileFile file, Profile profile, String role, Set<String> above) {
        String session = profile.property(ProfileProperty.ROLE_SESSION_NAME).orElse(Credentials.SESSION);
        Optional<String> token = profile.property(ProfileProperty.WEB_IDENTITY_TOKEN_FILE);
        if (token.isPresent()) {
            return token.map(path -> sts.webIdentity(role, Path.of(path), session));
        }
        Optional<String> externalId = profile.property(ProfileProperty.EXTERNAL_ID);
        return source(file, profile, above).map(caller -> sts.assumed(role, externalId, session, SESSION, caller));
    }

    private Optional<AwsCredentialsProvider> source(ProfileFile file, Profile profile, Set<String> above) {
        if (!above.add(profile.name())) {
            throw new IllegalStateException("the profiles " + above + " are each other's source_profile");
        }
        Optional<String> parent = profile.property(ProfileProperty.SOURCE_PROFILE);
        return parent.isPresent()
                ? parent.map(named -> named.equals(profile.name()) ? own(profile) : of(file, named, above))
                : profile.property(ProfileProperty.CREDENTIAL_SOURCE).map(ProfileCredentials::elsewhere);
    }

    private static AwsCredentialsProvider elsewhere(String source) {
        return switch (source) {
            case "Environment" ->
                AwsCredentialsProviderChain.of(
                        SystemPropertyCredentialsProvider.create(), EnvironmentVariableCredentialsProvider.create());
            case "EcsContainer" -> ContainerCredentialsProvider.create();
            case "Ec2InstanceMetadata" -> InstanceProfileCredentialsProvider.create();
            default ->
                throw new IllegalStateException(
                        "credential_source = " + source + " is none of Environment, EcsContainer, Ec2InstanceMetadata");
        };
    }

    /** The profile's own key, if the profile names itself as the source. */
    private static AwsCredentialsProvider own(Profile profile) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                profile.property(ProfileProperty.AWS_ACCESS_KEY_ID).orElse(""),
                profile.property(ProfileProperty.AWS_SECRET_ACCESS_KEY).orElse("")));
    }

    @Override
    public synchronized void close() {
        closed = true;
        forget(provider);
    }

    /** The SDK quotes this text when a chain finds no credentials. */
    @Override
    public String toString() {
        return "profile " + profile.name();
    }
}
