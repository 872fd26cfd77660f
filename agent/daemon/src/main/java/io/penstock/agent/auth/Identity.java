package io.penstock.agent.auth;

import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The name under which a request was admitted, and the streams that it may write to. The listener's authentication sets
 * it before a service gets the request. Immutable; any thread.
 *
 * @param kind how the client proved the name
 * @param name of the user, the token or the client's certificate; empty for {@link #ANONYMOUS} and {@link #OWNER}
 * @param streams the only streams that it may write to; absent: all
 */
public record Identity(Kind kind, String name, Optional<Set<String>> streams) {
    /** Of a request that was not asked for credentials. */
    public static final Identity ANONYMOUS = new Identity(Kind.ANONYMOUS, "", Optional.empty());

    /** Of a request that proves that it comes from the user that the agent runs as. */
    public static final Identity OWNER = new Identity(Kind.OWNER, "", Optional.empty());

    private static final AttributeKey<Identity> ATTRIBUTE = AttributeKey.valueOf(Identity.class, "identity");

    public Identity {
        streams = streams.map(Set::copyOf);
    }

    /** How a client proved its name. */
    public enum Kind {
        ANONYMOUS("an anonymous client"),
        /** The user that the agent runs as. */
        OWNER("the agent's own user"),
        USER("user"),
        TOKEN("token"),
        CERTIFICATE("the client certificate");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /**
     * Why an identity may not do something.
     *
     * @param error names the identity and what it may not do
     * @param remedy what to do about it
     */
    public record Objection(String error, String remedy) {}

    /** Of the request; {@link #ANONYMOUS} where the listener asks for no credentials. */
    public static Identity of(RequestContext request) {
        @Nullable Identity found = request.attr(ATTRIBUTE);
        return found == null ? ANONYMOUS : found;
    }

    /** Which caller asked for a change, for the log: {@code user 'joe' at 10.0.0.7}, or the address alone. */
    public static String caller(ServiceRequestContext request) {
        Identity identity = of(request);
        String address = Clients.address(request);
        return identity.kind() == Kind.ANONYMOUS ? address : identity + " at " + address;
    }

    /** True if the client has proved who it is. */
    public boolean isKnown() {
        return kind != Kind.ANONYMOUS;
    }

    /** Sets the identity of the request. */
    public void attachTo(RequestContext request) {
        request.setAttr(ATTRIBUTE, this);
    }

    /** Why this identity may not write to {@code stream}, which is the stream that the route leads to. */
    public Optional<Objection> objectionTo(String stream) {
        if (streams.isEmpty() || streams.get().contains(stream)) {
            return Optional.empty();
        }
        String allowed = streams.get().isEmpty()
                ? "let"
                : "write to one of " + String.join(", ", new TreeSet<>(streams.get())) + ", or let";
        return Optional.of(new Objection(
                this + " may not write to the stream '" + stream + "'",
                allowed + " an administrator add '" + stream + "' to the streams of " + this));
    }

    /** As messages name it: {@code user 'web'}. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.words : kind.words + " '" + name + "'";
    }
}
