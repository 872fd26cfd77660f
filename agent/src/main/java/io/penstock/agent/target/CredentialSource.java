package io.penstock.agent.target;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A target's credentials. {@link #renew} forgets what was read, for when the endpoint calls it expired. Any thread;
 * resolving may block on files or the network.
 */
final class CredentialSource implements AwsCredentialsProvider {
    private final TargetSettings.Credentials settings;
    private volatile AwsCredentialsProvider provider;

    CredentialSource(TargetSettings.Credentials settings) {
        this.settings = settings;
        this.provider = provider();
    }

    private AwsCredentialsProvider provider() {
        if (settings instanceof TargetSettings.Credentials.Fixed fixed) {
            return StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(fixed.accessKeyId(), fixed.secretAccessKey()));
        }
        if (settings instanceof TargetSettings.Credentials.Profile profile) {
            return ProfileCredentialsProvider.create(profile.name());
        }
        return DefaultCredentialsProvider.builder().build();
    }

    void renew() {
        provider = provider();
    }

    @Override
    public AwsCredentials resolveCredentials() {
        return provider.resolveCredentials();
    }
}
