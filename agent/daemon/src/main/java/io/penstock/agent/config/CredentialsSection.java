package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code credentials:} and {@code assume-role:} of a target, read into the {@link Credentials} that
 * they describe. No mistake quotes a secret.
 */
final class CredentialsSection {
    private static final Pattern ROLE = Pattern.compile("arn:[a-z0-9-]+:iam::\\d{12}:role/[\\w+=,.@/-]{1,512}");
    private static final String ROLE_REMEDY = "write it as arn:aws:iam::123456789012:role/NAME";
    private static final int LONGEST_SECRET = 8192;

    private CredentialsSection() {}

    static Credentials read(Section target, Optional<Endpoint> endpoint) {
        if (endpoint.filter(Endpoint.Embedded.class::isInstance).isPresent()) {
            for (String key : new String[] {"credentials", "assume-role"}) {
                if (target.has(key)) {
                    target.wrong(key, "stands beside endpoint: embedded, which asks for none", "take it out");
                }
            }
        }
        boolean wanted = target.has("assume-role");
        Credentials own = target.section("credentials", section -> {
            Optional<CredentialSourceName> source = source(section, endpoint);
            if (source.filter(CredentialSourceName.NONE::equals).isPresent()) {
                dummy(target, section, endpoint);
            }
            return own(section, source);
        });
        return target.section("assume-role", section -> assumed(section, own, wanted));
    }

    /** Where they come from; empty when that is mistyped, or follows from an endpoint that is. */
    private static Optional<CredentialSourceName> source(Section section, Optional<Endpoint> endpoint) {
        Optional<CredentialSourceName> written =
                section.optional("source", Values.choice(CredentialSourceName.values()));
        return section.has("source")
                ? written
                : endpoint.map(where -> where.isAmazons() ? CredentialSourceName.CHAIN : CredentialSourceName.NONE);
    }

    /**
     * A dummy pair is for those who do not look: Amazon does, at its endpoints and at STS, which is its own by default.
     */
    private static void dummy(Section target, Section section, Optional<Endpoint> endpoint) {
        if (endpoint.filter(Endpoint::isAmazons).isPresent()) {
            section.wrong(
                    "source",
                    "none is a dummy pair, and Amazon's endpoint asks for a real one",
                    "write another source, or leave it out for the default chain");
        } else if (target.has("assume-role") && !target.has("sts-endpoint")) {
            target.wrong(
                    "assume-role",
                    "has nobody to assume it: the source of the credentials is none",
                    "write credentials: {source: chain}, or another source, beside it");
        }
    }

    private static Credentials own(Section section, Optional<CredentialSourceName> source) {
        source.ifPresent(known -> misplaced(section, known));
        String profile = section.value("profile", "default", text -> text(text, "profile", 256));
        Optional<Path> file = section.optional("file", Values.file(section));
        Optional<String> key = section.optional("access-key-id", CredentialsSection::keyId);
        Optional<Secret> secret = section.optional("secret-access-key", CredentialsSection::secret);
        Optional<Secret> token = section.optional("session-token", CredentialsSection::secret);
        Optional<String> role = section.optional("role-arn", CredentialsSection::role);
        Optional<Path> tokenFile = section.optional("token-file", Values.file(section));
        String session = section.value("session-name", Credentials.SESSION, CredentialsSection::session);
        return switch (source.orElse(CredentialSourceName.NONE)) {
            case NONE -> Credentials.Fixed.DUMMY;
            case CHAIN -> new Credentials.Chain();
            case PROFILE -> new Credentials.Profile(profile, file);
            case STATIC -> {
                needs(section, "access-key-id", "write it, better as \"${VARIABLE}\"");
                needs(section, "secret-access-key", "write it as \"${VARIABLE}\", so that it is not in the file");
                yield new Credentials.Fixed(key.orElse(""), secret.orElse(new Secret("")), token);
            }
            case WEB_IDENTITY -> {
                needs(section, "role-arn", ROLE_REMEDY);
                needs(section, "token-file", "name the file that the token is in");
                yield new Credentials.WebIdentity(role.orElse(""), tokenFile.orElse(Path.of("")), session);
            }
            case CONTAINER -> new Credentials.Container();
            case INSTANCE -> new Credentials.Instance();
        };
    }

    /** What belongs to another source would be ignored. */
    private static void misplaced(Section section, CredentialSourceName source) {
        for (CredentialSourceName other : CredentialSourceName.values()) {
            for (String key : other.keys()) {
                if (other != source && section.has(key)) {
                    section.wrong(
                            key,
                            "does not belong to source: " + source.keyword(),
                            "write source: " + other.keyword() + ", or take it out");
                }
            }
        }
    }

    private static void needs(Section section, String key, String remedy) {
        if (!section.has(key)) {
            section.lacks(key, "is missing", remedy);
        }
    }

    private static Credentials assumed(Section section, Credentials own, boolean wanted) {
        Optional<String> role = section.optional("role-arn", CredentialsSection::role);
        Optional<String> externalId = section.optional("external-id", text -> text(text, "external id", 1224));
        String session = section.value("session-name", Credentials.SESSION, CredentialsSection::session);
        Duration duration = section.value(
                "duration", Duration.ofHours(1), Values.duration(Duration.ofMinutes(15), Duration.ofHours(12)));
        if (wanted) {
            needs(section, "role-arn", ROLE_REMEDY);
        }
        return wanted ? new Credentials.AssumeRole(role.orElse(""), externalId, session, duration, own) : own;
    }

    private static Parsed<String> role(String text) {
        return ROLE.matcher(text).matches()
                ? Parsed.right(text)
                : Parsed.wrong("\"" + text + "\" is no role's ARN", ROLE_REMEDY);
    }

    private static Parsed<String> session(String text) {
        return text.matches("[\\w+=,.@-]{2,64}")
                ? Parsed.right(text)
                : Parsed.wrong(
                        "\"" + text + "\" is no session name",
                        "write 2 to 64 letters, digits and characters of +=,.@_-");
    }

    private static Parsed<String> text(String text, String what, int longest) {
        return text.isBlank() || text.length() > longest
                ? Parsed.wrong("a " + what + " of " + text.length() + " characters", "write 1 to " + longest)
                : Parsed.right(text);
    }

    /** Not quoted: where one takes it for the other, this is the secret. */
    private static Parsed<String> keyId(String text) {
        return text.matches("\\w{16,128}")
                ? Parsed.right(text)
                : Parsed.wrong("is no access key id", "write its 16 to 128 letters and digits");
    }

    private static Parsed<Secret> secret(String text) {
        return text.isBlank() || text.length() > LONGEST_SECRET
                ? Parsed.wrong("a secret of " + text.length() + " characters", "write 1 to " + LONGEST_SECRET)
                : Parsed.right(new Secret(text));
    }
}
