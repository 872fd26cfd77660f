package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.OneOf;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Secret;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code credentials:} The credentials of a target's calls; each source has its own keys. {@link #toString} never shows
 * a secret.
 */
@OneOf(
        value = "source",
        doc = "`chain` (the AWS SDK's default chain), `profile`, `static`, `web-identity`, `container` (ECS, EKS pod"
                + " identity), `instance` (EC2), or `none` (a dummy pair). Left out: `chain` for Amazon's endpoints,"
                + " `none` for others")
public sealed interface Credentials
        permits Credentials.None,
                Credentials.Chain,
                Credentials.Profile,
                Credentials.Fixed,
                Credentials.WebIdentity,
                Credentials.Container,
                Credentials.Instance,
                Credentials.AssumeRole {
    /** The default name of a session at STS. */
    String SESSION = "penstock";

    /** A description for log lines and status. */
    String describe();

    /** A fixed pair for endpoints that do not check credentials. */
    @Word("none")
    record None() implements Credentials {
        public static final Fixed PAIR = new Fixed("penstock", new Secret("penstock"), Optional.empty());

        @Override
        public String describe() {
            return PAIR.describe();
        }
    }

    /** The default chain: environment, system properties, web identity, profile, container, instance. */
    @Word("chain")
    record Chain() implements Credentials {
        @Override
        public String describe() {
            return "the default chain";
        }
    }

    /**
     * A profile of the AWS configuration files, or of another file in the format of {@code ~/.aws/credentials};
     * reloaded when the file changes.
     */
    @Word("profile")
    record Profile(
            @Key(value = "profile", usual = "default", example = "archive")
            @Text(what = "a profile", most = 256, notBlank = true)
            @Doc("its name")
            String name,

            @Key(example = "/etc/penstock/aws-credentials")
            @Doc("a file like `~/.aws/credentials`; left out: the AWS configuration files")
            Optional<Path> file)
            implements Credentials {
        @Override
        public String describe() {
            return "profile " + name + file.map(path -> " of " + path).orElse("");
        }
    }

    /** A fixed key pair; with a session token if it is temporary. */
    @Word("static")
    record Fixed(
            @Key(required = "write it, better as \"${VARIABLE}\"", example = "${PARTNER_KEY_ID:-AKIAIOSFODNN7EXAMPLE}")
            @Text(
                    pattern = "\\w{16,128}",
                    quoted = false,
                    reason = "is no access key id",
                    remedy = "write its 16 to 128 letters and digits")
            @Doc("the pair's id")
            String accessKeyId,

            @Key(
                    required = "write it as \"${VARIABLE}\", so that it is not in the file",
                    example = "${PARTNER_SECRET:-secret}")
            @Text(what = "a secret", most = 8192, notBlank = true)
            @Doc("write `\"${VARIABLE}\"`")
            Secret secretAccessKey,

            @Key(example = "${PARTNER_TOKEN:-token}")
            @Text(what = "a secret", most = 8192, notBlank = true)
            @Doc("if the pair is a temporary one")
            Optional<Secret> sessionToken)
            implements Credentials {
        @Override
        public String describe() {
            return "access key " + accessKeyId;
        }
    }

    /** A token in a file, exchanged at STS for a session of a role; the file is read again for each session. */
    @Word("web-identity")
    record WebIdentity(
            @Key(required = Role.REMEDY, example = "arn:aws:iam::123456789012:role/cluster")
            @Text(pattern = Role.PATTERN, reason = "is no role's ARN", remedy = Role.REMEDY)
            @Doc("the role")
            String roleArn,

            @Key(
                    required = "name the file that the token is in",
                    example = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token")
            @Doc("read anew for each session")
            Path tokenFile,

            @Key(usual = SESSION)
            @Text(pattern = Role.SESSION_PATTERN, reason = "is no session name", remedy = Role.SESSION_REMEDY)
            @Doc("what STS is told that the session is called")
            String sessionName)
            implements Credentials {
        @Override
        public String describe() {
            return "role " + roleArn + " by the token in " + tokenFile;
        }
    }

    /** The credentials endpoint in the environment variables of ECS and of EKS pod identities. */
    @Word("container")
    record Container() implements Credentials {
        @Override
        public String describe() {
            return "the container's endpoint";
        }
    }

    /** The metadata service of the EC2 instance. */
    @Word("instance")
    record Instance() implements Credentials {
        @Override
        public String describe() {
            return "the instance's metadata";
        }
    }

    /**
     * Sessions of a role; the next is fetched from STS before the present one expires.
     *
     * @param duration of each session; 15 minutes to 12 hours (STS API reference, AssumeRole)
     * @param source the credentials of the calls to STS
     */
    record AssumeRole(
            String roleArn, Optional<String> externalId, String sessionName, Duration duration, Credentials source)
            implements Credentials {
        @Override
        public String describe() {
            return "role " + roleArn + " assumed with " + source.describe();
        }
    }

    /** {@code assume-role:} */
    record Role(
            @Key(required = REMEDY, example = "arn:aws:iam::123456789012:role/archive")
            @Text(pattern = PATTERN, reason = "is no role's ARN", remedy = REMEDY)
            @Doc("the role")
            String roleArn,

            @Key(example = "a word of the role's owner")
            @Text(what = "a external id", most = 1224, notBlank = true)
            @Doc("what the role's owner asks for")
            Optional<String> externalId,

            @Key(usual = SESSION)
            @Text(pattern = SESSION_PATTERN, reason = "is no session name", remedy = SESSION_REMEDY)
            @Doc("as the role's owner sees it")
            String sessionName,

            @Key(usual = "1h") @Range(least = "15m", most = "12h") @Doc("of each session, 15m to 12h")
            Duration duration) {
        private static final String PATTERN = "arn:[a-z0-9-]+:iam::\\d{12}:role/[\\w+=,.@/-]{1,512}";
        private static final String REMEDY = "write it as arn:aws:iam::123456789012:role/NAME";
        private static final String SESSION_PATTERN = "[\\w+=,.@-]{2,64}";
        private static final String SESSION_REMEDY = "write 2 to 64 letters, digits and characters of +=,.@_-";

        /** The role, assumed with {@code source}. */
        Credentials assumedWith(Credentials source) {
            return new AssumeRole(roleArn, externalId, sessionName, duration, source);
        }
    }
}
