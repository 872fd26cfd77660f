package io.penstock.delivery.kinesis.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Whose calls a target's are. None of them shows a secret in {@link #toString}. */
public sealed interface Credentials {
    /** What STS is told that a session is called, where nobody says another name. */
    String SESSION = "penstock";

    /** In words, for people. */
    String describe();

    /** The default chain: environment, system properties, web identity, profile, container, instance. */
    record Chain() implements Credentials {
        @Override
        public String describe() {
            return "the default chain";
        }
    }

    /**
     * A profile of the AWS configuration files, or of a file of one's own in the format of {@code ~/.aws/credentials};
     * read again when it changes.
     */
    record Profile(String name, Optional<Path> file) implements Credentials {
        @Override
        public String describe() {
            return "profile " + name + file.map(path -> " of " + path).orElse("");
        }
    }

    /** A fixed pair, with a session token if it is a temporary one. */
    record Fixed(String accessKeyId, Secret secretAccessKey, Optional<Secret> sessionToken) implements Credentials {
        /** For endpoints that do not look. */
        public static final Fixed DUMMY = new Fixed("penstock", new Secret("penstock"), Optional.empty());

        @Override
        public String describe() {
            return "access key " + accessKeyId;
        }
    }

    /** A token in a file, exchanged at STS for a session of a role; the file is read anew for each. */
    record WebIdentity(String roleArn, Path tokenFile, String sessionName) implements Credentials {
        @Override
        public String describe() {
            return "role " + roleArn + " by the token in " + tokenFile;
        }
    }

    /** What the environment variables of ECS and of EKS pod identities point to. */
    record Container() implements Credentials {
        @Override
        public String describe() {
            return "the container's endpoint";
        }
    }

    /** The metadata service of the EC2 instance. */
    record Instance() implements Credentials {
        @Override
        public String describe() {
            return "the instance's metadata";
        }
    }

    /**
     * Sessions of a role, fetched from STS before the last one is over.
     *
     * @param duration of each session; 15 minutes to 12 hours (STS API reference, AssumeRole)
     * @param source whose calls to STS are
     */
    record AssumeRole(
            String roleArn, Optional<String> externalId, String sessionName, Duration duration, Credentials source)
            implements Credentials {
        @Override
        public String describe() {
            return "role " + roleArn + " assumed with " + source.describe();
        }
    }
}
